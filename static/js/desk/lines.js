/** The lines of an order in a form: found in the catalogue, or free. */

import { get } from "../lib/api.js";
import { el, icon } from "../lib/dom.js";
import { Finder } from "../lib/finder.js";
import { money } from "../lib/format.js";
import { LineRow } from "./line-row.js";

const MOST_FOUND = 12;

export class Lines {
  #list = el("div.line-rows");
  #rows = new Map();
  #currency;

  constructor(items, currency) {
    this.#currency = currency;
    for (const item of items) this.#append(new LineRow(item));
    const finder = new Finder({
      label: "Add a product",
      placeholder: "Add a product: name or SKU",
      data: { findProduct: "" },
      ask: (text) => findProducts(text, currency),
      show: (product) => shown(product),
      pick: (product) => this.#add(new LineRow({ quantity: "1" }, product)),
    });
    this.element = el("div.lines-editor", { data: { path: "items", label: "Lines" } },
      this.#list,
      el("p.error", { id: "lines-error", hidden: true }),
      el("div.lines-add", {}, finder.element,
        el("button.button.quiet.small", { type: "button", onclick: () => this.#add(new LineRow({ quantity: "1" })) }, icon("plus"), "Free line")));
  }

  get value() {
    const some = this.#all.filter((row) => !row.isEmpty);
    for (const row of this.#all) row.standAt(some.indexOf(row));
    return some.map((row) => row.value);
  }

  /** Say what each line comes to, as the server says. */
  tell(items) {
    this.#all.filter((row) => !row.isEmpty).forEach((row, place) => row.tell(items?.[place] ? money(items[place].total, this.#currency) : ""));
  }

  get #all() {
    return [...this.#list.children].map((element) => this.#rows.get(element));
  }

  #append(row) {
    this.#rows.set(row.element, row);
    row.element.addEventListener("remove", () => this.#remove(row));
    this.#list.append(row.element);
  }

  #add(row) {
    this.#append(row);
    row.focus();
    this.#changed();
  }

  #remove(row) {
    const next = row.element.nextElementSibling ?? row.element.previousElementSibling;
    row.element.remove();
    this.#rows.delete(row.element);
    (next ?? this.element).querySelector("input").focus();
    this.#changed();
  }

  #changed() {
    this.element.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

async function findProducts(text, currency) {
  const query = new URLSearchParams({ q: text, active: "yes", limit: MOST_FOUND });
  const { products } = await get(`/api/products?${query}`);
  return products.filter((product) => product.currency === currency);
}

function shown({ name, sku, price, currency, available }) {
  const left = available === null ? null : Number(available) > 0 ? `${available} left` : "sold out";
  return [
    el("span", { dir: "auto" }, name),
    el("span.faint", {}, [sku, left].filter(Boolean).join(" · ")),
    el("span.money", {}, money(price, currency)),
  ];
}
