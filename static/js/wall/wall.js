/**
 * The wall: the orders that are to be worked on, large, for a kitchen or a depot. The most urgent
 * come first, one touch moves an order on, and what was moved by mistake is brought back.
 *
 * It shows the store that the table shows. Event: "drawn".
 */

import { Fresh } from "../board/fresh.js";
import { isUnaccepted } from "../board/accepting.js";
import * as stores from "../board/store.js";
import { byUrgency } from "../columns/due.js";
import { Placing } from "../columns/placing.js";
import { el, oncePerFrame, setText } from "../lib/dom.js";
import { count, plural } from "../lib/format.js";
import { mayChange } from "../lib/role.js";
import { askSettings, readSettings } from "./settings.js";
import { nextOf, Ticket } from "./ticket.js";

const MOST = 200;
const KEYS = 9;
/** Of more orders than a wall has room for, these are read. */
const MOST_URGENT = "due";
/** Another order has come under the finger that has just touched one. */
const REST_MS = 450;
const ARROWS = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] };

export class Wall extends EventTarget {
  #root;
  #list = el("ul.tickets", { role: "list", "aria-label": "Orders to work on" });
  #empty = el("p.wall-empty", { hidden: true });
  #rest = el("p.wall-rest", { hidden: true });
  #store;
  #accepting;
  #placing;
  #recall;
  #screen;
  #statuses;
  #usual;
  #wanted = stores.NO_FILTER;
  #settings = readSettings();
  #tickets = new Map();
  #orders = [];
  #fresh = new Fresh();
  #marked = null;
  #reachable = null;
  #changedAt = -Infinity;
  #isShown = false;
  #plan = oncePerFrame(() => this.#isShown && this.#render());

  /** `statuses`: `{open, wall}`: those that can be shown, and those that are where none is chosen. */
  constructor(root, { store, moves, accepting, recall, screen, statuses }) {
    super();
    this.#root = root;
    this.#store = store;
    this.#accepting = accepting;
    this.#placing = new Placing(moves, () => this.#plan());
    this.#recall = recall;
    this.#screen = screen;
    this.#statuses = statuses.open;
    this.#usual = statuses.wall;
    root.append(this.#list, this.#empty, this.#rest);
    root.addEventListener("click", (event) => this.#touch(event));
    root.addEventListener("focusin", () => this.#focused && this.#makeReachable(this.#focused.order.id));
    addEventListener("keydown", (event) => this.#isShown && this.#press(event));
    setInterval(() => this.#tick(Date.now()), 1000);
  }

  /** What the store has to hold for the wall to show what somebody looks for. */
  filter(wanted) {
    this.#wanted = wanted;
    return { ...wanted, status: this.shownStatuses, sort: MOST_URGENT };
  }

  /** The statuses whose orders are shown. */
  get shownStatuses() {
    const chosen = this.#wanted.status.filter((status) => this.#statuses.includes(status));
    return chosen.length ? chosen : this.#usual;
  }

  /** Come into view, or leave it. */
  show(isShown) {
    this.#isShown = isShown;
    this.#root.hidden = !isShown;
    this.#screen.turn(isShown);
    if (!isShown) this.#clear();
  }

  /** Draw at the next frame. `placed` are ids of orders that have only just been placed. */
  draw(placed = []) {
    this.#fresh.add(placed);
    this.#plan();
  }

  row(id) {
    return this.#tickets.get(id) ?? null;
  }

  /** The one that has the focus, or that is open in the panel. */
  get current() {
    return this.#focused ?? this.row(this.#marked);
  }

  neighbour(step) {
    const at = this.#orders.findIndex(({ id }) => id === (this.current?.order.id ?? this.#reachable));
    return this.#orders[Math.max(0, Math.min(this.#orders.length - 1, at < 0 ? 0 : at + step))] ?? null;
  }

  mark(id) {
    this.row(this.#marked)?.setMarked(false);
    this.#marked = id;
    this.row(id)?.setMarked(true);
  }

  focus(id) {
    const element = this.row(id)?.element;
    element?.focus({ preventScroll: true });
    element?.scrollIntoView({ block: "nearest" });
    return Boolean(element);
  }

  /** Ask how this device shows the wall. */
  async set() {
    const chosen = await askSettings(this.#settings);
    if (!chosen) return;
    this.#settings = chosen;
    this.#plan();
  }

  get #focused() {
    return this.row(document.activeElement?.closest?.(".ticket")?.dataset.id);
  }

  #render() {
    const at = this.#orders.findIndex(({ id }) => id === this.#focused?.order.id);
    const { placed } = this.#placing;
    const statuses = this.shownStatuses;
    const isHere = (order) => statuses.includes(placed.get(order.id) ?? order.status);
    this.#orders = this.#store.rows.filter(isHere).sort(byUrgency);
    const shown = this.#orders.slice(0, MOST);
    this.#root.style.setProperty("--wall-scale", this.#settings.size);
    this.#arrange(shown);
    setText(this.#rest, shown.length < this.#orders.length ? `and ${count(this.#orders.length - shown.length)} more` : "");
    this.#rest.hidden = !this.#rest.textContent;
    this.#empty.hidden = shown.length > 0;
    setText(this.#empty, stores.hasMore(this.#store) ? "" : "Nothing to do");
    this.#list.setAttribute("aria-label", `${plural(this.#orders.length, "order")} to work on`);
    if (at >= 0 && !this.#focused) this.focus(this.#orders[Math.min(at, this.#orders.length - 1)]?.id);
    this.#makeReachable(this.#reachable);
    this.#root.toggleAttribute("data-ready", true);
    this.dispatchEvent(new Event("drawn"));
  }

  /** Those that go away go first, so that the others are not moved. */
  #arrange(orders) {
    const wanted = new Map(orders.map((order) => [order.id, order]));
    for (const [id, { element }] of this.#tickets) if (!wanted.has(id)) this.#remove(id, element);
    orders.forEach((order, place) => {
      const ticket = this.#tickets.get(order.id) ?? this.#make(order);
      ticket.update(order, this.#settings);
      ticket.key = place < KEYS ? String(place + 1) : "";
      if (this.#list.children[place] === ticket.element) return;
      const hadFocus = ticket.hasFocus;
      this.#list.insertBefore(ticket.element, this.#list.children[place] ?? null);
      if (hadFocus) ticket.element.focus({ preventScroll: true });
    });
  }

  #make(order) {
    const ticket = new Ticket(order, this.#settings);
    if (order.id === this.#marked) ticket.setMarked(true);
    if (this.#fresh.has(order.id)) ticket.element.classList.add("fresh");
    this.#tickets.set(order.id, ticket);
    return ticket;
  }

  #remove(id, element) {
    element.remove();
    this.#tickets.delete(id);
  }

  #clear() {
    for (const [id, { element }] of this.#tickets) this.#remove(id, element);
    this.#orders = [];
  }

  #touch(event) {
    const ticket = event.target.closest("[data-bump]") && this.row(event.target.closest(".ticket").dataset.id);
    if (!ticket) return;
    event.stopPropagation();
    if (performance.now() - this.#changedAt > REST_MS) this.#bump(ticket);
  }

  /** Move an order on; a new one is accepted, which asks for a time. */
  async #bump(ticket) {
    const { order } = ticket;
    if (!mayChange) return;
    if (isUnaccepted(order)) return this.#accepting.offer(order, ticket.statusButton);
    const status = nextOf(order);
    if (!status) return;
    this.#changedAt = performance.now();
    if (await this.#placing.move(order, status)) this.#recall.add(order);
  }

  #press(event) {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (document.querySelector("dialog[open], :popover-open") || event.target.closest?.("input, textarea, select, #panel")) return;
    if (this.#pressed(event)) event.preventDefault();
  }

  #pressed({ key, target, repeat }) {
    const onTicket = this.#focused;
    if (key === "Backspace") return this.#recall.offer() ?? true;
    if (/^[1-9]$/.test(key)) return !repeat && this.#bumpAt(Number(key) - 1);
    if (onTicket && (key === "Enter" || key === " ") && !target.closest("a")) return repeat || (this.#bump(onTicket), true);
    if (key in ARROWS && (onTicket || target === document.body)) return this.#walk(...ARROWS[key]);
    return false;
  }

  #bumpAt(place) {
    const ticket = this.row(this.#orders[place]?.id);
    if (ticket) this.#bump(ticket);
    return true;
  }

  #walk(across, down) {
    const { children } = this.#list;
    const top = children[0]?.offsetTop;
    const wide = [...children].findIndex(({ offsetTop }) => offsetTop !== top);
    const next = this.neighbour(across + down * (wide > 0 ? wide : children.length));
    if (next) this.focus(next.id);
    return true;
  }

  /** One card is always in the order of tabbing. */
  #makeReachable(id) {
    const next = this.row(id) ?? this.row(this.#orders[0]?.id);
    for (const other of this.#list.querySelectorAll('[tabindex="0"]')) if (other !== next?.element) other.tabIndex = -1;
    if (next) next.element.tabIndex = 0;
    this.#reachable = next?.order.id ?? null;
  }

  #tick(now) {
    if (this.#isShown) for (const ticket of this.#tickets.values()) ticket.tick(now);
  }
}
