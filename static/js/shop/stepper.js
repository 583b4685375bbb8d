/** A quantity with buttons for one more and one less. */

import { el, setText } from "../lib/dom.js";

export class Stepper {
  #less;
  #more;
  #number = el("output", { "aria-live": "polite" });

  /** `set(quantity)` is called with what the buttons mean; `name` says of what. */
  constructor(name, set) {
    this.quantity = 0;
    this.#less = el("button", { type: "button", "aria-label": `One less of ${name}`, onclick: () => set(this.quantity - 1) }, "−");
    this.#more = el("button", { type: "button", "aria-label": `One more of ${name}`, onclick: () => set(this.quantity + 1) }, "+");
    this.element = el("div.stepper", { role: "group", "aria-label": `How many of ${name}` }, this.#less, this.#number, this.#more);
  }

  show(quantity, most = Infinity) {
    this.quantity = quantity;
    setText(this.#number, String(quantity));
    this.#more.disabled = quantity >= most;
  }

  focus() {
    this.#more.focus();
  }
}
