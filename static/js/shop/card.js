/** A product's card, as the server made it, with a button in the place of its quantity. */

import { el, setText } from "../lib/dom.js";
import { count, money } from "../lib/format.js";
import { unitPrice } from "./prices.js";
import { Stepper } from "./stepper.js";

const FEW = 5;

export class Card {
  #element;
  #basket;
  #add;
  #stepper;
  #selects;

  constructor(element, basket) {
    this.#element = element;
    this.#basket = basket;
    this.product = JSON.parse(element.dataset.product);
    this.#selects = [...element.querySelectorAll("[data-option]")];
    const { name } = this.product;
    this.#add = el("button.button", { type: "button", "aria-label": `Add ${name} to the basket`, onclick: () => this.#put(1, true) }, "Add");
    this.#stepper = new Stepper(name, (quantity) => this.#put(quantity));
    const take = element.querySelector("[data-take]");
    if (take) take.replaceChildren(this.#add, this.#stepper.element);
    for (const select of this.#selects) select.addEventListener("change", () => this.draw());
    this.draw();
  }

  /** Take what is left of the product, or its price, as an event told it. */
  show(product) {
    if (product.revision <= this.product.revision) return;
    this.product = product.active === false ? { ...this.product, ...product } : product;
    this.draw();
  }

  draw() {
    const { product } = this;
    const sold = product.active !== false;
    const left = product.available === null ? Infinity : Number(product.available);
    const quantity = this.#basket.quantityOf(product.sku, this.#options());
    this.#element.classList.toggle("is-out", !sold || left < 1);
    this.#element.classList.toggle("in-basket", quantity > 0);
    this.#say(sold, left);
    const price = unitPrice(product, this.#options());
    if (price !== null) setText(this.#element.querySelector("[data-price]"), money(price, product.currency));
    this.#add.hidden = quantity > 0;
    this.#add.disabled = !sold || left < 1 || price === null;
    this.#stepper.element.hidden = quantity === 0;
    this.#stepper.show(quantity, left);
  }

  #say(sold, left) {
    const text = this.#element.querySelector("[data-left]");
    if (!sold) setText(text, "Not sold any more");
    else if (left < 1) setText(text, "Sold out");
    else setText(text, left === Infinity ? "" : `${Number.isInteger(left) ? count(left) : left} left`);
    text.toggleAttribute("data-few", sold && left >= 1 && left <= FEW);
  }

  #put(quantity, byAdding = false) {
    this.#basket.put(this.product, this.#options(), quantity);
    if (byAdding) this.#stepper.focus();
    else if (quantity < 1) this.#add.focus();
  }

  #options() {
    const chosen = this.#selects.map((select) => select.value).filter(Boolean).map((text) => JSON.parse(text));
    return chosen.map(({ name, value }) => ({ name, value }));
  }
}
