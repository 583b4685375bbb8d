/** What stands above the list: its filters, pause and resume, and the command to copy. */

import { copyText, setText } from "../lib/dom.js";
import { count, plural } from "../lib/format.js";
import { toast } from "../lib/toasts.js";
import { curlCommand, typeOptions } from "./frames.js";

export class ListTools {
  #frames;
  #connection;
  #known = 0;
  #type = document.getElementById("filter-type");
  #number = document.getElementById("filter-number");
  #pause = document.getElementById("pause");
  #pauseLabel = document.getElementById("pause-label");
  #count = document.getElementById("frame-count");
  #empty = document.getElementById("no-frames");

  constructor(frames, connection) {
    this.#frames = frames;
    this.#connection = connection;
    frames.addEventListener("change", () => this.#show());
    this.#pause.addEventListener("click", () => this.#toggle());
    this.#type.addEventListener("change", () => this.#filter());
    this.#number.addEventListener("input", () => this.#filter());
    document.getElementById("clear").addEventListener("click", () => frames.clear());
    document.getElementById("copy-curl").addEventListener("click", () => copy(curlCommand(this.#connection.lastId), "The command"));
    this.#show();
  }

  #toggle() {
    this.#frames.pause(!this.#frames.isPaused);
    this.#pause.setAttribute("aria-pressed", String(this.#frames.isPaused));
    this.#show();
  }

  #filter() {
    const number = this.#number.value.replace(/\D/g, "");
    this.#frames.filter({ type: this.#type.value, number });
  }

  #show() {
    const { isPaused, held, shown, total, types } = this.#frames;
    setText(this.#pauseLabel, isPaused ? `Resume${held ? ` · ${count(held)} new` : ""}` : "Pause");
    setText(this.#count, `${count(shown)} shown, ${count(total)} received${isPaused ? `, ${plural(held, "frame")} waiting` : ""}`);
    this.#empty.hidden = shown > 0;
    if (types.size === this.#known) return;
    this.#known = types.size;
    this.#type.replaceChildren(...typeOptions(types, this.#type.value));
  }
}

/** Put a text on the clipboard, and say so. */
export async function copy(text, what) {
  if (await copyText(text)) toast({ key: "copied", title: `${what} was copied`, tone: "good", stays: 2000 });
  else toast({ key: "copied", title: `${what} could not be copied`, tone: "danger" });
}
