/** A row of the table: a product, whose price and stock are changed in place. */

import { el, setText } from "../lib/dom.js";
import { mayChange } from "../lib/role.js";
import { KEPT_HERE, left, quantity } from "./words.js";

export class Row {
  #cells;
  #editing = null;

  /** `handlers`: `open(product)`, `save(product, field, text)` (a promise), `pick(event)`. */
  constructor(product, handlers) {
    this.product = product;
    this.handlers = handlers;
    this.#cells = {
      box: el("input", { type: "checkbox", data: { changes: "" }, "aria-label": `Select ${product.name}`, onclick: (event) => handlers.pick(this, event) }),
      picture: el("img.product-thumb", { alt: "", hidden: true, loading: "lazy" }),
      name: el("button.product-name", { type: "button", disabled: !mayChange, dir: "auto", onclick: () => handlers.open(this.product) }),
      sku: el("span.faint", {}),
      category: el("span", { dir: "auto" }),
      price: this.#input("price", "Price", "decimal"),
      stock: this.#input("stock", "Stock", "decimal"),
      left: el("span.left"),
      state: el("span.badge"),
    };
    this.element = this.#build();
    this.draw();
  }

  get isPicked() {
    return this.#cells.box.checked;
  }

  pick(on) {
    this.#cells.box.checked = on;
    this.element.classList.toggle("is-picked", on);
  }

  /** Show another state of the product; what somebody is typing stays. */
  show(product) {
    this.product = product;
    this.draw();
  }

  draw() {
    const { product } = this;
    const { text, tone } = left(product);
    setText(this.#cells.name, product.name);
    this.#showPicture(product.image);
    setText(this.#cells.sku, product.sku);
    setText(this.#cells.category, product.category ?? "");
    setText(this.#cells.left, text);
    this.#cells.left.className = `left ${tone}`;
    this.#cells.left.title = Number(product.reserved) ? `${quantity(product.reserved)} promised to orders` : "";
    setText(this.#cells.state, product.active ? "On sale" : "Not on sale");
    this.#cells.state.dataset.status = product.active ? "completed" : "returned";
    this.element.classList.toggle("is-off", !product.active);
    for (const field of ["price", "stock"]) {
      if (this.#editing !== field) this.#cells[field].value = product[field] ?? "";
    }
  }

  /** Pictures that lie elsewhere are not asked for: whoever has them need not know who works here. */
  #showPicture(address) {
    const { picture } = this.#cells;
    picture.hidden = !address?.startsWith(KEPT_HERE);
    if (!picture.hidden && picture.getAttribute("src") !== address) picture.setAttribute("src", address);
  }

  #build() {
    const { box, picture, name, sku, category, price, stock, left: rest, state } = this.#cells;
    return el("tr", { data: { sku: this.product.sku } },
      el("td.pick", {}, box),
      el("td.what", {}, picture, name, sku),
      el("td.category", {}, category),
      el("td.number", { "data-label": "Price" }, el("span.unit", {}, this.product.currency), price),
      el("td.number", { "data-label": "Stock" }, stock),
      el("td.rest", {}, rest),
      el("td.state", {}, state));
  }

  #input(field, label, mode) {
    const input = el("input.input.in-place", {
      type: "text", inputmode: mode, autocomplete: "off", maxlength: "20",
      "aria-label": `${label} of ${this.product.name}`,
      placeholder: field === "stock" ? "not counted" : "0", readonly: !mayChange,
    });
    input.addEventListener("focus", () => { this.#editing = field; input.select(); });
    input.addEventListener("blur", () => this.#leave(field, input));
    input.addEventListener("keydown", (event) => this.#key(event, field, input));
    return input;
  }

  #key(event, field, input) {
    if (event.key === "Escape") {
      input.value = this.product[field] ?? "";
      input.blur();
      event.stopPropagation();
    } else if (event.key === "Enter") {
      input.blur();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const sibling = event.key === "ArrowDown" ? "nextElementSibling" : "previousElementSibling";
      const next = this.element[sibling]?.querySelector(`td:nth-child(${field === "price" ? 4 : 5}) input`);
      next?.focus();
      event.preventDefault();
    }
  }

  async #leave(field, input) {
    this.#editing = null;
    const text = input.value.trim();
    if (text === String(this.product[field] ?? "")) return this.draw();
    input.setAttribute("aria-busy", "true");
    const error = await this.handlers.save(this.product, field, text);
    input.removeAttribute("aria-busy");
    input.toggleAttribute("aria-invalid", false);
    if (error) {
      input.setAttribute("aria-invalid", "true");
      input.title = error;
      return;
    }
    input.title = "";
    this.draw();
  }
}
