/**
 * New orders ring until somebody accepts or declines them: by sound, by notifications of the
 * desktop, and by the count in the page's title. What rings follows from how many orders wait, so
 * it ends on every board with the event of the last one. Each device has switches of its own.
 */

import { openMenu } from "../lib/menu.js";
import { setText } from "../lib/dom.js";
import { plural } from "../lib/format.js";
import { toast } from "../lib/toasts.js";
import { countUnaccepted } from "./accepting.js";
import { Chime } from "./chime.js";
import { Notices } from "./notices.js";
import { Switch } from "./switch.js";

const WORDS = {
  unset: "Ring for new orders?",
  off: "Sound is off on this device",
  quiet: "Rings for new orders",
  ringing: "Ringing",
  blocked: "Silent until you click",
  impossible: "This browser can play no sound",
};

export class Ringing {
  #button;
  #plainTitle = document.title;
  #waiting = 0;
  #chime = new Chime();
  #sound = new Switch("orderboard.sound");
  #notices;

  /** `open` shows the order of an id. */
  constructor(button, open) {
    this.#button = button;
    this.#notices = new Notices(open);
    button.addEventListener("click", () => this.#offer());
    this.#chime.addEventListener("state", () => this.#show());
    this.#sound.addEventListener("change", () => this.#follow());
    this.#follow();
  }

  /** How many orders there are by their status. */
  take({ by_status: byStatus }) {
    this.#waiting = countUnaccepted(byStatus);
    this.#follow();
  }

  /** Tell of events that were news. */
  hear(events) {
    this.#notices.hear(events);
  }

  #follow() {
    document.title = this.#waiting ? `(${this.#waiting}) ${this.#plainTitle}` : this.#plainTitle;
    if (this.#waiting && this.#sound.isOn) this.#chime.ring();
    else this.#chime.hush();
    this.#show();
  }

  get #state() {
    if (!this.#chime.isPossible) return "impossible";
    if (!this.#sound.isOn) return this.#sound.isSet ? "off" : "unset";
    if (!this.#chime.isRinging) return "quiet";
    return this.#chime.isBlocked ? "blocked" : "ringing";
  }

  #show() {
    const state = this.#state;
    this.#button.dataset.state = state;
    setText(this.#button.querySelector(".ring-words"), WORDS[state]);
    this.#button.title = [WORDS[state], this.#waiting ? `${plural(this.#waiting, "order waits", "orders wait")} to be accepted` : ""].filter(Boolean).join(". ");
  }

  #offer() {
    const sound = this.#sound.isOn;
    openMenu(this.#button, {
      heading: "New orders, on this device",
      items: [
        { label: sound ? "Turn the sound off" : "Ring until somebody accepts", icon: sound ? "close" : "sound", run: () => this.#sound.set(!sound) },
        ...(Notices.isPossible ? [{ label: this.#notices.isOn ? "Show no notifications" : "Show notifications", icon: "inbox", run: () => this.#notify() }] : []),
      ],
    });
  }

  async #notify() {
    const is = await this.#notices.turn();
    if (is === "denied") toast({ title: "The browser shows no notifications of this page", detail: "They can be allowed in its settings.", tone: "danger" });
  }
}
