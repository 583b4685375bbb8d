/** The table of products. Events: "picked" with the skus that are picked. */

import { Row } from "./row.js";

export class Table extends EventTarget {
  #body;
  #all;
  #handlers;
  #rows = new Map();
  #last = null;

  constructor(body, all, handlers) {
    super();
    this.#body = body;
    this.#all = all;
    this.#handlers = { ...handlers, pick: (row, event) => this.#pick(row, event) };
    all.addEventListener("change", () => this.pickAll(all.checked));
  }

  /** Show these, in this order; rows that stay keep the focus and what is typed in them. */
  draw(products) {
    const gone = new Set(this.#rows.keys());
    let before = null;
    for (const product of products) {
      gone.delete(product.sku);
      const row = this.#rows.get(product.sku) ?? this.#add(product);
      row.show(product);
      const place = before ? before.nextSibling : this.#body.firstChild;
      if (row.element !== place) this.#body.insertBefore(row.element, place);
      before = row.element;
    }
    for (const sku of gone) {
      this.#rows.get(sku).element.remove();
      this.#rows.delete(sku);
    }
    this.#tell();
  }

  show(product) {
    this.#rows.get(product.sku)?.show(product);
  }

  get picked() {
    return [...this.#rows.values()].filter((row) => row.isPicked).map((row) => row.product.sku);
  }

  pickAll(on) {
    for (const row of this.#rows.values()) row.pick(on);
    this.#tell();
  }

  #add(product) {
    const row = new Row(product, this.#handlers);
    this.#rows.set(product.sku, row);
    return row;
  }

  #pick(row, event) {
    const elements = [...this.#body.children];
    const [from, to] = [elements.indexOf(this.#last ?? row.element), elements.indexOf(row.element)].sort((a, b) => a - b);
    const on = row.isPicked;
    const range = event.shiftKey && from >= 0 ? elements.slice(from, to + 1) : [row.element];
    for (const element of range) this.#rows.get(element.dataset.sku).pick(on);
    this.#last = row.element;
    this.#tell();
  }

  #tell() {
    const skus = this.picked;
    this.#all.checked = skus.length > 0 && skus.length === this.#rows.size;
    this.#all.indeterminate = skus.length > 0 && skus.length < this.#rows.size;
    this.dispatchEvent(new CustomEvent("picked", { detail: skus }));
  }
}
