/**
 * The rows on the page. Everything that arrives between two frames is drawn once; a row stays the
 * same element for as long as its order is shown.
 */

import { oncePerFrame } from "../lib/dom.js";
import { Anchor } from "./anchor.js";
import { Row } from "./row.js";

const MOST_FLASHED = 20;

export class Table extends EventTarget {
  #body;
  #anchor;
  #rows = new Map();
  #ask;
  #plan = oncePerFrame(() => this.#drawNow());
  #drawn = false;
  #expected = new Set();

  /** `ask` answers the orders to show, in their order, when it is time to draw. */
  constructor(body, room, ask) {
    super();
    this.#body = body;
    this.#anchor = new Anchor(body, room);
    this.#ask = ask;
    setInterval(() => this.#tick(), 1000);
  }

  /** Draw at the next frame. `fresh` are ids of orders that have only just been placed. */
  draw(fresh = []) {
    for (const id of fresh) this.#expected.add(id);
    this.#plan();
  }

  row(id) {
    return this.#rows.get(id) ?? null;
  }

  /** The row that has the focus, or the one open in the panel. */
  get current() {
    const focused = document.activeElement?.closest?.(".row")?.dataset.id;
    return this.#rows.get(focused) ?? this.#rows.get(this.#body.querySelector(".row[aria-current]")?.dataset.id) ?? null;
  }

  /** The row `step` places further, or the first one when none is current. */
  neighbour(step) {
    const elements = [...this.#body.rows];
    const at = this.current ? elements.indexOf(this.current.element) : -1;
    const wanted = at < 0 ? 0 : Math.min(elements.length - 1, Math.max(0, at + step));
    return this.#rows.get(elements[wanted]?.dataset.id) ?? null;
  }

  /** Mark the row that is open in the panel. */
  mark(id) {
    for (const element of this.#body.querySelectorAll(".row[aria-current]")) element.removeAttribute("aria-current");
    this.#rows.get(id)?.element.setAttribute("aria-current", "true");
  }

  #drawNow() {
    const orders = this.#ask();
    const arrived = [];
    this.#anchor.hold(() => this.#reconcile(orders, arrived));
    this.#body.toggleAttribute("data-ready", true);
    this.#drawn = true;
    this.#expected.clear();
    this.dispatchEvent(new CustomEvent("drawn", { detail: { orders, arrived } }));
  }

  #reconcile(orders, arrived) {
    const wanted = new Set(orders.map((order) => order.id));
    for (const [id, row] of this.#rows) if (!wanted.has(id)) this.#drop(id, row);
    let flashed = 0;
    let place = this.#body.firstElementChild;
    for (const order of orders) {
      const row = this.#rowFor(order, arrived, () => ++flashed <= MOST_FLASHED);
      if (row.element === place) place = place.nextElementSibling;
      else this.#body.insertBefore(row.element, place);
    }
    this.#keepReachable();
  }

  #rowFor(order, arrived, mayFlash) {
    const row = this.#rows.get(order.id);
    if (row) {
      if (row.order !== order) row.update(order, mayFlash());
      return row;
    }
    const made = new Row(order);
    this.#rows.set(order.id, made);
    if (this.#drawn && this.#expected.has(order.id)) {
      if (mayFlash()) made.markFresh();
      arrived.push(made);
    }
    return made;
  }

  /** The focus goes on to the neighbour, so that the keyboard does not lose its place. */
  #drop(id, row) {
    const { element } = row;
    const hadFocus = element.contains(document.activeElement);
    const neighbour = element.nextElementSibling ?? element.previousElementSibling;
    this.#rows.delete(id);
    element.remove();
    if (hadFocus) neighbour?.focus({ preventScroll: true });
  }

  /** One row is always in the order of tabbing, so that the keyboard finds the table. */
  #keepReachable() {
    if (!this.#body.querySelector('.row[tabindex="0"]')) this.#body.firstElementChild?.setAttribute("tabindex", "0");
  }

  /** Bring a row into hand: focused, in sight, and the one that tabbing comes back to. */
  focus(row) {
    for (const element of this.#body.querySelectorAll('.row[tabindex="0"]')) element.tabIndex = -1;
    row.element.tabIndex = 0;
    row.element.focus({ preventScroll: true });
    row.element.scrollIntoView({ block: "nearest" });
  }

  #tick() {
    const now = Date.now();
    for (const row of this.#rows.values()) row.tick(now);
  }
}
