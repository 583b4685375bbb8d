/** Several things of a kind in a form: rows that can be added and taken away. */

import { el, icon } from "../lib/dom.js";
import { cell } from "../lib/form-fields.js";

let made = 0;

/**
 * `path` is what the API calls the list; `columns`: `[part, label, properties]`. What a row has
 * beside its columns stays with it. A row in which nothing is typed counts as none.
 */
export class Rows {
  #path;
  #columns;
  #list = el("div.rows");
  #kept = new WeakMap();

  constructor(path, label, add, columns, rows) {
    this.#path = path;
    this.#columns = columns;
    for (const row of rows) this.#append(row);
    this.element = el("div.several", { data: { path, label } },
      this.#list,
      el("button.button.quiet.small", { type: "button", onclick: () => this.#add() }, icon("plus"), add),
      el("p.error", { id: `rows-${made += 1}`, hidden: true }));
  }

  get value() {
    const all = [...this.#list.children].map((row) => [row, this.#read(row)]);
    const some = all.filter(([, value]) => this.#columns.some(([part]) => value[part]));
    for (const [row] of all) delete row.dataset.path;
    some.forEach(([row], place) => { row.dataset.path = `${this.#path}.${place}`; });
    return some.map(([, value]) => value);
  }

  /** What the rows stand in has another place now. */
  moveTo(path) {
    this.#path = path;
    this.element.dataset.path = path;
  }

  #read(row) {
    const typed = this.#columns.map(([part]) => [part, row.querySelector(`[data-part="${part}"]`).value.trim()]);
    return { ...this.#kept.get(row), ...Object.fromEntries(typed.filter(([part, text]) => text || part in this.#kept.get(row))) };
  }

  #add() {
    this.#append({}).querySelector("input").focus();
  }

  #append(given) {
    const id = `rows-${made += 1}`;
    const row = el("div.several-row", {},
      this.#columns.map(([part, label, properties = {}]) => cell(part, label, { placeholder: label, value: given[part] ?? "", "aria-describedby": id, ...properties })),
      el("button.button.quiet.small.icon-only", { type: "button", "aria-label": "Remove", title: "Remove", onclick: () => this.#remove(row) }, icon("close")),
      el("p.error", { id, hidden: true }));
    this.#kept.set(row, given);
    this.#list.append(row);
    return row;
  }

  #remove(row) {
    const next = row.nextElementSibling ?? row.previousElementSibling;
    row.remove();
    (next?.querySelector("input") ?? this.element.querySelector(":scope > button")).focus();
    this.element.dispatchEvent(new Event("input", { bubbles: true }));
  }
}
