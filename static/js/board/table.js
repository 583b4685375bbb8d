/**
 * The part of a list of any length that is in view, and some rows beyond it. The others take their
 * room as padding, above and below. Everything that arrives between two frames is drawn once; a row
 * stays the same element for as long as it is in the page.
 *
 * While the page is scrolled down, what comes and goes outside the view changes places (numbers)
 * and nothing on the page: the padding is put right later, when nobody scrolls.
 *
 * Events: "drawn" with `{placed}`, ids of the orders placed since the last time; "looked" with
 * `{first, last}`, the places in view.
 */

import { oncePerFrame } from "../lib/dom.js";
import { Anchor } from "./anchor.js";
import { coveredDownTo } from "./arrivals.js";
import { Fresh } from "./fresh.js";
import { Rows } from "./rows.js";
import { inView, spanFor } from "./span.js";

const SEEN = 8;
const SETTLE_MS = 700;
const A_ROW = 45;

export class Table extends EventTarget {
  #body;
  #list;
  #rows;
  #anchor;
  #fresh = new Fresh();
  #span = { first: 0, end: 0 };
  #padding = { above: 0, below: 0 };
  #height = A_ROW;
  #pinned = { row: null, top: 0 };
  #view = { first: 0, last: 0 };
  #hasNews = false;
  #isResized = false;
  #isWhole = false;
  #scrolledAt = -Infinity;
  #settling = null;
  #plan = oncePerFrame(() => this.#render());

  /** `list` has `count()`, `at(place)`, `placeOf(order)`, `find(id)` and `hasMore()`. */
  constructor(body, room, list) {
    super();
    this.#body = body;
    this.#list = list;
    this.#rows = new Rows(body, list, this.#fresh);
    this.#anchor = new Anchor(body, room);
    addEventListener("scroll", () => this.#scrolled(), { passive: true });
    addEventListener("resize", () => this.#resized());
    addEventListener("beforeprint", () => this.#print(true));
    addEventListener("afterprint", () => this.#print(false));
    setInterval(() => this.#rows.tick(Date.now()), 1000);
  }

  /** Draw at the next frame. `placed` are ids of orders that have only just been placed. */
  draw(placed = []) {
    this.#fresh.add(placed);
    this.#hasNews = true;
    this.#plan();
  }

  /** The rows are as high as they are no longer, or the page is shown again. */
  measure() {
    this.#resized();
  }

  /** The row of an order, if it is in the page. */
  row(id) {
    return this.#rows.get(id);
  }

  /** The row that has the focus, or the one open in the panel, if it is in the page. */
  get current() {
    return this.#rows.current;
  }

  /** The order `step` places further, or the first one in view when none is current. */
  neighbour(step) {
    const at = this.#rows.currentPlace;
    const wanted = at < 0 ? this.#view.first : at + step;
    return this.#list.at(Math.max(0, Math.min(this.#list.count() - 1, wanted))) ?? null;
  }

  /** Mark the row that is open in the panel. */
  mark(id) {
    this.#rows.mark(id);
  }

  /** Bring an order's row into hand: focused and in sight. Answers whether it is in the list. */
  focus(id) {
    const place = this.#list.find(id);
    if (place < 0) return false;
    if (!this.#rows.inFlow.some((row) => row.order.id === id)) this.#jump(place);
    this.#rows.focus(id);
    return true;
  }

  /** Go to the first row. */
  goHome() {
    this.#anchor.goHome();
  }

  #jump(place) {
    this.#render({ exact: true });
    const top = scrollY + this.#body.getBoundingClientRect().top + place * this.#height;
    scrollTo({ top: top - innerHeight / 2, behavior: "instant" });
    this.#render();
  }

  #scrolled() {
    this.#scrolledAt = performance.now();
    this.#plan();
  }

  #resized() {
    this.#isResized = true;
    this.#plan();
  }

  /** On paper there are all rows that were loaded. */
  #print(isWhole) {
    this.#isWhole = isWhole;
    this.#render({ exact: true });
  }

  #render({ exact = this.#isResized } = {}) {
    const before = this.#pin();
    const sight = this.#sight(before);
    const count = this.#list.count();
    const shift = before.row ? sight.place - before.row.place : 0;
    const has = { first: Math.max(0, this.#span.first + shift), end: this.#span.end + shift };
    this.#span = this.#isWhole ? { first: 0, end: count } : spanFor(sight, this.#geometry(), has);
    const isOther = this.#rows.show(this.#span, this.#height);
    this.#keepInPlace(before, isOther, exact);
    this.#tell(sight);
  }

  /** The row to be kept where it is, and where that is: `{row, top}`. */
  #pin() {
    const rows = this.#rows.inFlow;
    // After a resize everything is somewhere else already.
    if (this.#isResized && this.#pinned.row?.element.isConnected) return this.#pinned;
    const chosen = this.#anchor.choose(rows);
    const rest = chosen ? rows.slice(rows.indexOf(chosen)) : [];
    const row = rest.find(({ order }) => this.#list.find(order.id) >= 0) ?? null;
    return { row, top: row ? topOf(row) : 0 };
  }

  /** A place, and how far below the window's upper edge its row begins. */
  #sight({ row, top }) {
    if (row) return { place: this.#list.placeOf(row.order), top };
    const start = topOf({ element: this.#body });
    const place = Math.max(0, Math.min(this.#list.count() - 1, Math.floor(-start / this.#height)));
    return { place, top: start + place * this.#height };
  }

  #geometry() {
    return { view: innerHeight, height: this.#height, count: this.#list.count() };
  }

  /** Give the rows that are not in the page their room, without the pinned one moving. */
  #keepInPlace({ row, top }, isOther, exact) {
    const ideal = this.#ideal();
    const { above } = this.#padding;
    this.#pinned = { row, top };
    const isLazy = row && !exact && !this.#isOffBalance(ideal);
    if (!isOther && isLazy) return this.#settleLater(ideal);
    this.#pad(isLazy ? { ...ideal, above } : ideal);
    if (row && isLazy) this.#absorb(row, top);
    else if (row) this.#follow(row, top);
    if (isOther || exact) this.#measure();
    this.#settleLater(this.#ideal());
  }

  /** The room that the rows outside the page would take. */
  #ideal() {
    const { first, end } = this.#span;
    return { above: first * this.#height, below: (this.#list.count() - end) * this.#height };
  }

  /** Whether what is there would be felt at once: the list's beginning or end in the wrong place. */
  #isOffBalance({ above, below }) {
    const has = this.#padding;
    if ((above === 0 && has.above !== 0) || (below === 0 && has.below !== 0)) return true;
    return has.above < above / 2 && has.above < innerHeight;
  }

  #absorb(row, top) {
    const above = this.#padding.above - (topOf(row) - top);
    if (above >= 0) return this.#pad({ ...this.#padding, above });
    this.#pad(this.#ideal());
    this.#follow(row, top);
  }

  #follow(row, top) {
    const shift = Math.round(topOf(row) - top);
    if (shift !== 0) this.#anchor.compensate(shift);
  }

  #pad({ above, below }) {
    const has = this.#padding;
    if (has.above !== above) this.#body.style.paddingTop = `${above}px`;
    if (has.below !== below) this.#body.style.paddingBottom = `${below}px`;
    this.#padding = { above, below };
  }

  #settleLater({ above, below }) {
    const has = this.#padding;
    if (has.above === above && has.below === below) return;
    this.#settling ??= setTimeout(() => {
      this.#settling = null;
      if (performance.now() - this.#scrolledAt < SETTLE_MS / 2) this.#settleLater(this.#ideal());
      else this.#render({ exact: true });
    }, SETTLE_MS);
  }

  /** How high a row is, on average: on a phone they differ. */
  #measure() {
    const rows = this.#rows.inFlow;
    if (!rows.length) return;
    const whole = rows.at(-1).element.getBoundingClientRect().bottom - topOf(rows[0]);
    const height = whole / rows.length;
    if (Math.abs(height - this.#height) < 0.05) return;
    this.#height = height;
    this.#plan();
  }

  #tell(sight) {
    this.#isResized = false;
    this.#view = inView(sight, this.#geometry(), coveredDownTo(this.#body.parentElement.tHead), SEEN);
    if (this.#hasNews) this.#tellNews();
    this.dispatchEvent(new CustomEvent("looked", { detail: this.#view }));
  }

  #tellNews() {
    this.#hasNews = false;
    this.#body.toggleAttribute("data-ready", true);
    const known = this.#list.hasMore() ? -1 : this.#list.count() + 1;
    this.#body.parentElement.setAttribute("aria-rowcount", known);
    this.dispatchEvent(new CustomEvent("drawn", { detail: { placed: this.#fresh.take() } }));
  }
}

function topOf({ element }) {
  return element.getBoundingClientRect().top;
}
