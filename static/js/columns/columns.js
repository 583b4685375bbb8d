/**
 * The board: a column for each status of open orders, and one for those that were finished last. It
 * shows the store that the table shows, and learns from the orders themselves where they may go.
 *
 * Event: "drawn".
 */

import { Fresh } from "../board/fresh.js";
import * as stores from "../board/store.js";
import { Switch } from "../board/switch.js";
import { statusLabel } from "../board/words.js";
import { oncePerFrame } from "../lib/dom.js";
import { mayChange } from "../lib/role.js";
import { toast } from "../lib/toasts.js";
import { arrange } from "./arrange.js";
import { Card } from "./card.js";
import { Column, foldButton } from "./column.js";
import { Dragging } from "./dragging.js";
import { Finished } from "./finished.js";
import { Placing } from "./placing.js";
import { walk } from "./walking.js";

const KIND = "purchase";
/** Of more orders than a board has room for, these are read. */
const MOST_URGENT = "due";

export class Columns extends EventTarget {
  #root;
  #store;
  #placing;
  #open;
  #last;
  #finished;
  #isUnfolded = new Switch("orderboard.finished");
  #cards = new Map();
  #fresh = new Fresh();
  #wanted = stores.NO_FILTER;
  #marked = null;
  #reachable = null;
  #isShown = false;
  #plan = oncePerFrame(() => this.#isShown && this.#render());

  /** `statuses`: `{open, finished}`, as the server has them. */
  constructor(root, store, moves, statuses) {
    super();
    this.#root = root;
    this.#store = store;
    this.#placing = new Placing(moves, () => this.#plan());
    this.#finished = new Finished(store, statuses.finished);
    this.#open = statuses.open.map((status) => this.#column(openColumn(status)));
    this.#last = this.#column(finishedColumn(statuses.finished));
    this.#last.addTool(foldButton("Finished orders"));
    root.append(...this.all.map(({ element }) => element));
    this.#listen();
  }

  get all() {
    return [...this.#open, this.#last];
  }

  /** What the store has to hold for the board to show what somebody looks for. */
  filter(wanted) {
    this.#wanted = wanted;
    const open = this.#open.map(({ key }) => key);
    const chosen = wanted.status.filter((status) => open.includes(status));
    return { ...wanted, status: chosen.length ? chosen : open, sort: MOST_URGENT };
  }

  /** Come into view, or leave it. */
  show(isShown) {
    this.#isShown = isShown;
    this.#root.hidden = !isShown;
    if (isShown) return this.#fold(this.#isUnfolded.isOn);
    this.#finished.clear();
    for (const column of this.all) column.show([], false);
    this.#cards.clear();
  }

  /** The store was read afresh. */
  readAgain() {
    if (this.#isShown && this.#isUnfolded.isOn) this.#finished.read(this.#wanted);
  }

  /** Draw at the next frame. `placed` are ids of orders that have only just been placed. */
  draw(placed = []) {
    this.#fresh.add(placed);
    this.#plan();
  }

  row(id) {
    return this.#cards.get(id) ?? null;
  }

  /** The card that has the focus, or the one that is open in the panel. */
  get current() {
    return this.#focused ?? this.row(this.#marked);
  }

  /** The order `step` places further down its column. */
  neighbour(step) {
    const id = this.current?.order.id ?? this.#reachable;
    const column = this.columnOf(id) ?? this.all.find(({ orders }) => orders.length);
    if (!column) return null;
    const at = column.placeOf(id);
    return column.at(at < 0 ? 0 : at + step);
  }

  mark(id) {
    this.row(this.#marked)?.setMarked(false);
    this.#marked = id;
    this.row(id)?.setMarked(true);
  }

  /** Bring a card into hand. Answers whether the order is on the board. */
  focus(id) {
    const column = this.columnOf(id);
    if (!column) return false;
    if (column.reach(id)) this.#render();
    const { element } = this.#cards.get(id);
    element.focus({ preventScroll: true });
    element.scrollIntoView({ block: "nearest", inline: "nearest" });
    return true;
  }

  columnOf(id) {
    return this.all.find((column) => column.placeOf(id) >= 0) ?? null;
  }

  /** One column on (1) or back (-1) with an order. */
  step(order, by) {
    if (mayChange) this.#placing.step(order, this.all, by);
  }

  get #focused() {
    return this.row(document.activeElement?.closest?.(".order-card")?.dataset.id);
  }

  #listen() {
    const columnAt = (element) => this.all.find((column) => column.element === element);
    if (mayChange) new Dragging(this.#root, {
      orderOf: (id) => this.row(id)?.order,
      isLegal: (order, element) => order.allowed.some((status) => columnAt(element).statuses.includes(status)),
      drop: (order, element) => this.#placing.drop(order, columnAt(element), element.querySelector(".column-head")),
    });
    this.#finished.addEventListener("change", () => this.#plan());
    this.#finished.addEventListener("failed", ({ detail }) => {
      toast({ key: "finished", title: "The finished orders could not be read", detail: detail.explanation, tone: "danger" });
    });
    this.#last.element.addEventListener("click", ({ target }) => {
      if (!this.#isUnfolded.isOn || target.closest(".column-fold")) this.#fold(!this.#isUnfolded.isOn);
    });
    this.#root.addEventListener("keydown", (event) => this.#focused && walk(event, this, this.#focused.order));
    this.#root.addEventListener("focusin", () => this.#focused && this.#makeReachable(this.#focused.order.id));
    setInterval(() => this.#tick(Date.now()), 1000);
  }

  #column(about) {
    return new Column(about, (order) => this.#card(order), () => this.#plan());
  }

  #fold(isUnfolded) {
    if (isUnfolded !== this.#isUnfolded.isOn) this.#isUnfolded.set(isUnfolded);
    this.#last.fold(!isUnfolded);
    if (isUnfolded) this.#finished.read(this.#wanted);
    this.#plan();
  }

  #render() {
    const focused = this.#focused;
    const column = focused && this.columnOf(focused.order.id);
    const stood = { column, at: column?.placeOf(focused.order.id) };
    const isMore = stores.hasMore(this.#store);
    const found = arrange(this.#store.rows, this.all, this.#placing.placed);
    const { status } = this.#wanted;
    for (const column of this.#open) {
      column.element.hidden = status.length > 0 && !status.includes(column.key);
      column.show(found.get(column.key), isMore);
    }
    this.#last.element.hidden = status.length > 0 && !status.some((code) => this.#last.statuses.includes(code));
    this.#last.show(this.#isUnfolded.isOn ? [...found.get(this.#last.key), ...this.#finished.orders(this.#wanted)] : [], false);
    this.#letGo();
    if (focused) this.#keepFocus(focused, stood);
    this.#makeReachable(this.#reachable);
    this.#root.toggleAttribute("data-ready", true);
    this.dispatchEvent(new Event("drawn"));
  }

  #card(order) {
    const card = this.#cards.get(order.id) ?? this.#make(order);
    card.isOver = this.#last.statuses.includes(order.status);
    card.update(order);
    card.setPlaced(this.#placing.placed.has(order.id));
    return card;
  }

  #make(order) {
    const card = new Card(order);
    if (order.id === this.#marked) card.setMarked(true);
    if (this.#fresh.has(order.id)) card.markFresh();
    this.#cards.set(order.id, card);
    return card;
  }

  #letGo() {
    for (const [id, { element }] of this.#cards) if (!element.isConnected) this.#cards.delete(id);
  }

  /** A card that was moved keeps the focus; one that went away leaves it to its neighbour. */
  #keepFocus({ element }, { column, at }) {
    if (element.isConnected) {
      if (!element.contains(document.activeElement)) element.focus({ preventScroll: true });
      return;
    }
    const near = column?.at(at);
    if (near) this.#cards.get(near.id)?.element.focus({ preventScroll: true });
  }

  /** One card is always in the order of tabbing, so that the keyboard finds the board. */
  #makeReachable(id) {
    const next = this.row(id) ?? this.row(this.all.find(({ orders }) => orders.length)?.at(0).id);
    for (const other of this.#root.querySelectorAll('.order-card[tabindex="0"]')) if (other !== next?.element) other.tabIndex = -1;
    if (!next) return;
    next.element.tabIndex = 0;
    this.#reachable = next.order.id;
  }

  #tick(now) {
    if (this.#isShown) for (const card of this.#cards.values()) card.tick(now);
  }
}

function openColumn(status) {
  const title = statusLabel(KIND, status);
  return { key: status, statuses: [status], title, dot: status, empty: "No orders" };
}

function finishedColumn(statuses) {
  return { key: "finished", statuses, title: "Finished", dot: statuses[0], empty: "No orders yet" };
}
