/** The form for internal notes, above an order's timeline. What somebody is typing stays. */

import { ApiError, post } from "../lib/api.js";
import { el } from "../lib/dom.js";
import { toast } from "../lib/toasts.js";
import { Mention } from "./mention.js";

export class Notes {
  #id = null;
  #drafts = new Map();
  #mention;
  #text = el("textarea", { id: "internal-note", name: "text", rows: "2", maxlength: "4000", required: true });
  #add = el("button.button.small", { type: "submit", disabled: true }, "Add note");

  element = el("form.note-form", { data: { changes: "" } },
    el("div.field", {}, el("label", { for: "internal-note" }, "Internal note, seen by staff only"), this.#text, el("p.hint", {}, "@ mentions somebody.")),
    this.#add);

  constructor(team) {
    this.#mention = new Mention(this.#text, team);
    this.#text.addEventListener("input", () => this.#offer());
    this.#text.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) this.element.requestSubmit();
    });
    this.element.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send();
    });
  }

  /** Another order: its own draft comes back. */
  show(id) {
    if (id === this.#id) return;
    this.#drafts.set(this.#id, this.#text.value);
    this.#id = id;
    this.#text.value = this.#drafts.get(id) ?? "";
    this.#offer();
  }

  #offer() {
    this.#add.disabled = !this.#text.value.trim();
  }

  async #send() {
    const id = this.#id;
    const text = this.#text.value.trim();
    const mentions = this.#mention.ids;
    if (!text) return;
    this.#add.disabled = true;
    try {
      await post(`/api/orders/${id}/notes`, { text, mentions });
      this.#drafts.delete(id);
      if (id === this.#id) this.#text.value = "";
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      toast({ title: "The note was not added", detail: error.explanation, tone: "danger" });
    }
    this.#offer();
  }
}
