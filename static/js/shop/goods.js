/**
 * What the shop shows: the server's own page for a search and a category, taken piece by piece.
 *
 * Event: "failed".
 */

import { throttled } from "../lib/dom.js";
import { Card } from "./card.js";

const A_WHILE = 2000;

export class Goods extends EventTarget {
  #found = document.getElementById("found");
  #category = document.querySelector("#shop-form [name=category]");
  #search = document.getElementById("search");
  #basket;
  #cards = new Map();
  #turn = 0;
  #stale = new Set();
  #readSoon;

  constructor(basket) {
    super();
    this.#basket = basket;
    // Not all who look at the shop at once when something is changed in it.
    this.#readSoon = throttled(() => setTimeout(() => this.#renew(), Math.random() * A_WHILE), A_WHILE);
    this.#take(this.#found);
    basket.addEventListener("change", () => this.draw());
    // A picture that cannot be had leaves its place empty rather than broken.
    this.#found.addEventListener("error", ({ target }) => target.remove(), true);
  }

  get skus() {
    return [...this.#cards.keys()];
  }

  draw() {
    for (const card of this.#cards.values()) card.draw();
  }

  /** Show another state of a product. What the server wrote of it is asked for again. */
  show(product) {
    const card = this.#cards.get(product.sku);
    if (!card) return;
    const isOther = product.active !== false && product.version !== card.product.version;
    card.show(product);
    if (!isOther) return;
    this.#stale.add(product.sku);
    this.#readSoon();
  }

  /** Show what is looked for, from the first. */
  async look(category = this.#category.value) {
    const turn = ++this.#turn;
    this.#found.setAttribute("aria-busy", "true");
    const page = await this.#ask({ q: this.#search.value.trim(), category });
    if (turn !== this.#turn) return;
    this.#found.removeAttribute("aria-busy");
    if (!page) return;
    this.#category.value = category;
    this.#cards.clear();
    this.#found.replaceChildren(...page.getElementById("found").children);
    this.#take(this.#found);
    history.replaceState(null, "", this.#address({ q: this.#search.value.trim(), category }));
  }

  async more(button) {
    const turn = this.#turn;
    button.setAttribute("aria-busy", "true");
    const page = await this.#ask({ q: this.#search.value.trim(), category: this.#category.value, after: button.value });
    button.removeAttribute("aria-busy");
    if (turn !== this.#turn || !page) return;
    const cards = [...page.querySelectorAll("#cards > li")];
    document.getElementById("cards").append(...cards);
    const next = page.getElementById("more");
    if (next) button.value = next.value;
    else button.closest("p").remove();
    for (const card of cards) this.#know(card);
    cards[0]?.querySelector("select, button:not([disabled])")?.focus({ preventScroll: true });
  }

  /** Put the server's newest cards in the place of those that were changed. */
  async #renew() {
    for (const sku of this.#stale) {
      this.#stale.delete(sku);
      const page = await this.#ask({ q: sku });
      const fresh = page?.querySelector(`#cards > li[data-sku="${CSS.escape(sku)}"]`);
      const here = document.querySelector(`#cards > li[data-sku="${CSS.escape(sku)}"]`);
      if (!fresh || !here || here.contains(document.activeElement)) continue;
      here.replaceWith(fresh);
      this.#know(fresh);
    }
  }

  #take(root) {
    for (const plain of root.querySelectorAll("[data-plain]")) plain.remove();
    for (const card of root.querySelectorAll("#cards > li")) this.#know(card);
  }

  #know(element) {
    if (element.dataset.product) this.#cards.set(element.dataset.sku, new Card(element, this.#basket));
  }

  #address(query) {
    const filled = Object.entries(query).filter(([, value]) => value);
    return filled.length ? `/?${new URLSearchParams(filled)}` : "/";
  }

  async #ask(query) {
    try {
      const answer = await fetch(this.#address(query), { headers: { Accept: "text/html" }, signal: AbortSignal.timeout(15_000) });
      if (!answer.ok) throw new Error(String(answer.status));
      return new DOMParser().parseFromString(await answer.text(), "text/html");
    } catch {
      this.dispatchEvent(new Event("failed"));
      return null;
    }
  }
}
