/** Choosing lines of an order, and how much of each, in a form. */

import { el } from "../lib/dom.js";
import { cell } from "../lib/form-fields.js";

/**
 * A list to choose from: `lines` with `{line, name, most, note}`. Each row tells of itself what the
 * API says of `lines.<place>`, by the places that `chosen` gave.
 */
export class Pieces {
  #rows;

  constructor(lines, legend) {
    this.#rows = lines.map((line) => new Row(line));
    this.element = el("fieldset.pieces", {}, el("legend", {}, legend), this.#rows.map(({ element }) => element));
  }

  /** What was chosen, as the API takes it. */
  chosen() {
    const some = this.#rows.filter((row) => row.quantity);
    for (const row of this.#rows) row.standAt(some.indexOf(row));
    return some.map(({ line, quantity }) => ({ line, quantity }));
  }

  chooseAll() {
    for (const row of this.#rows) row.choose();
  }

  /** Say what each chosen line comes to: line → text. */
  tell(amounts) {
    for (const row of this.#rows) row.tell(amounts.get(row.line) ?? "");
  }
}

class Row {
  #input;
  #amount = el("span.piece-amount.money");
  #most;

  constructor({ line, name, most, note }) {
    this.line = line;
    this.#most = most;
    this.#input = cell("quantity", `How many of ${name}`, { inputmode: "decimal", placeholder: "0", "aria-describedby": `piece-${line}` });
    this.element = el("div.piece", {},
      el("div.piece-name", {}, el("span", { dir: "auto" }, name), note ? el("span.line-note", {}, note) : null),
      el("div.piece-much", {}, this.#input,
        el("button.button.quiet.small", { type: "button", "aria-label": `All ${most} of ${name}`, onclick: () => this.choose() }, `of ${most}`)),
      this.#amount,
      el("p.error", { id: `piece-${line}`, hidden: true }));
  }

  get quantity() {
    const text = this.#input.value.trim().replace(",", ".");
    return Number(text) === 0 ? "" : text;
  }

  choose() {
    this.#input.value = this.#most;
    this.#input.dispatchEvent(new Event("input", { bubbles: true }));
  }

  standAt(place) {
    if (place < 0) delete this.element.dataset.path;
    else this.element.dataset.path = `lines.${place}`;
  }

  tell(text) {
    this.#amount.textContent = text;
  }
}
