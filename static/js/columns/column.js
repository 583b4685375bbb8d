/**
 * One column of the board: its heading, how many there are, and the cards that are looked at.
 *
 * A card stays the same element wherever it goes. Of a long column the first hundred cards are in
 * the page, and more as somebody scrolls towards the end.
 */

import { el, icon, setText } from "../lib/dom.js";
import { count } from "../lib/format.js";

const STEP = 100;
const NEAR_PX = 600;

export class Column {
  #cards;
  #orders = [];
  #most = STEP;
  #count = el("span.column-count");
  #list;
  #empty = el("p.column-empty");
  #title;

  /** `cards(order)` answers the card of an order; `more` is called when further ones are wanted. */
  constructor({ key, statuses, title, dot, empty }, cards, more) {
    this.key = key;
    this.statuses = statuses;
    this.label = title;
    this.#cards = cards;
    this.#title = el("h2.column-title", { id: `column-${key}` }, el("span.status-dot", { data: { status: dot } }), el("span", {}, title));
    this.#list = el("ul.column-cards", { role: "list", "aria-labelledby": `column-${key}` });
    this.element = el("section.column", { data: { column: key }, "aria-labelledby": `column-${key}` },
      el("header.column-head", {}, this.#title, this.#count), this.#list, this.#empty);
    setText(this.#empty, empty);
    this.#list.addEventListener("scroll", () => this.#isNearEnd() && this.#grow(more), { passive: true });
  }

  get orders() {
    return this.#orders;
  }

  /** Put a control of its own into the heading. */
  addTool(tool) {
    this.element.querySelector(".column-head").append(tool);
  }

  /** Show these orders; `isMore`: there are further ones that were not read. */
  show(orders, isMore) {
    this.#orders = orders;
    setText(this.#count, `${count(orders.length)}${isMore ? "+" : ""}`);
    this.#empty.hidden = orders.length > 0;
    this.#list.hidden = orders.length === 0;
    this.#arrange(orders.slice(0, this.#most).map((order) => this.#cards(order).element));
  }

  placeOf(id) {
    return this.#orders.findIndex((order) => order.id === id);
  }

  /** The order at a place, or the one nearest to it. */
  at(place) {
    return this.#orders[Math.max(0, Math.min(this.#orders.length - 1, place))] ?? null;
  }

  /** Let the card of an order be in the page; whether it has to be drawn for that. */
  reach(id) {
    const place = this.placeOf(id);
    if (place < this.#most) return false;
    this.#most = STEP * Math.ceil((place + 1) / STEP);
    return true;
  }

  fold(isFolded) {
    this.element.toggleAttribute("data-folded", isFolded);
    this.element.querySelector(".column-fold").setAttribute("aria-expanded", String(!isFolded));
  }

  /** What goes away goes first, so that those that stay are not moved. */
  #arrange(wanted) {
    const all = new Set(wanted);
    for (const child of [...this.#list.children]) if (!all.has(child)) child.remove();
    let next = this.#list.firstElementChild;
    for (const element of wanted) {
      if (element !== next && element === next?.nextElementSibling) {
        next.remove();
        next = element;
      }
      if (element === next) next = next.nextElementSibling;
      else this.#list.insertBefore(element, next);
    }
  }

  #isNearEnd() {
    const { scrollTop, clientHeight, scrollHeight } = this.#list;
    return this.#most < this.#orders.length && scrollTop + clientHeight > scrollHeight - NEAR_PX;
  }

  #grow(more) {
    this.#most += STEP;
    more();
  }
}

/** The button by which a column is folded up and opened. */
export function foldButton(title) {
  return el("button.button.quiet.small.icon-only.column-fold", { type: "button", "aria-label": title }, icon("chevron-down"));
}
