/** One order as a card of the wall, to be read from across a kitchen. */

import { isLate, isUnaccepted } from "../board/accepting.js";
import { capitalised, statusLabel } from "../board/words.js";
import { el, icon, setText } from "../lib/dom.js";
import { age, moment } from "../lib/format.js";
import { quantity, wanted } from "../lib/order-words.js";
import { mayChange } from "../lib/role.js";
import { dueAt, pressure, timeOf } from "../columns/due.js";

const LINES = 25;

export class Ticket {
  #order = null;
  #ages;
  #key = el("kbd.ticket-key", { "aria-hidden": "true" });
  #number = el("a.ticket-number", { tabindex: "-1" });
  #about = el("span.ticket-about", { dir: "auto" });
  #time = el("time.ticket-time");
  #placed = el("span.ticket-placed");
  #name = el("p.ticket-name", { dir: "auto" });
  #notes = el("div.ticket-notes");
  #lines = el("ul.ticket-lines");
  #bump = el("button.ticket-bump", { type: "button", tabindex: "-1", data: { bump: "" } });

  constructor(order, ages) {
    this.#ages = ages;
    this.element = el("li.ticket", { tabindex: "-1", data: { id: order.id } },
      el("header.ticket-head", {}, this.#key, this.#number, this.#about, this.#time),
      el("div.ticket-who", {}, this.#name, this.#placed),
      this.#notes,
      this.#lines,
      el("footer.ticket-foot", {}, this.#bump));
    this.update(order, ages);
  }

  get order() {
    return this.#order;
  }

  /** The button that moves it on; menus open there. */
  get statusButton() {
    return this.#bump;
  }

  get hasFocus() {
    return this.element.contains(document.activeElement);
  }

  set key(digit) {
    setText(this.#key, digit);
    this.#key.hidden = !digit;
  }

  setMarked(isMarked) {
    if (isMarked) this.element.setAttribute("aria-current", "true");
    else this.element.removeAttribute("aria-current");
  }

  setBusy(isBusy) {
    this.element.setAttribute("aria-busy", String(isBusy));
  }

  update(order, ages) {
    const isOther = this.#order !== order;
    this.#order = order;
    this.#ages = ages;
    if (isOther) this.#fill(order);
    this.tick(Date.now());
  }

  tick(now) {
    const order = this.#order;
    const { text, title, at } = timeOf(order, now);
    setText(this.#time, text);
    if (this.#time.title !== title) Object.assign(this.#time, { title, dateTime: at });
    setText(this.#placed, dueAt(order) ? `${age(order.created_at, now)} old` : moment(order.created_at, new Date(now)));
    const pressing = isLate(order, now) ? "late" : pressure(order, now, this.#ages);
    if (this.element.dataset.pressure !== pressing) this.element.dataset.pressure = pressing;
  }

  #fill(order) {
    const { dataset } = this.element;
    dataset.version = order.version;
    dataset.orderStatus = order.status;
    this.#number.href = `#${order.id}`;
    setText(this.#number, order.display_number ?? `#${order.number}`);
    this.#number.setAttribute("aria-label", `Open order ${order.number}`);
    setText(this.#about, about(order));
    setText(this.#name, order.customer.name);
    this.#notes.replaceChildren(...notes(order));
    this.#lines.replaceChildren(...lines(order));
    this.#fillBump(order);
  }

  #fillBump(order) {
    const to = nextOf(order);
    const words = isUnaccepted(order) ? "Accept" : to ? statusLabel(order.type, to) : "";
    this.#bump.hidden = !mayChange || !words;
    this.#bump.dataset.status = to ?? "";
    this.#bump.setAttribute("aria-label", `${words}: order ${order.number}`);
    this.#bump.replaceChildren(icon(isUnaccepted(order) ? "check" : "arrow-right"), el("span", {}, words));
  }
}

/** The status that one touch leads to: the first move that its order offers. */
export function nextOf({ allowed }) {
  return allowed[0] ?? null;
}

function about(order) {
  const { fulfilment, type } = order;
  return [fulfilment?.method ? wanted({ method: fulfilment.method, table: fulfilment.table }) : null,
    type === "purchase" ? null : capitalised(type)].filter(Boolean).join(", ");
}

function notes(order) {
  const wish = order.cancellation_request ? el("p.ticket-note.danger", { dir: "auto" }, icon("alert"), "Asks to cancel") : null;
  const texts = [order.note, order.fulfilment?.instructions].filter(Boolean);
  return [wish, ...texts.map((text) => el("p.ticket-note", { dir: "auto" }, text))].filter(Boolean);
}

function lines({ items }) {
  const shown = items.slice(0, LINES).map((line) => el("li", {},
    el("b.ticket-much", {}, quantity(line)),
    el("div", { dir: "auto" }, line.name,
      (line.options ?? []).map(({ name, value }) => el("span.ticket-option", {}, `${name}: `, el("b", {}, value))),
      line.note ? el("span.ticket-line-note", {}, line.note) : null)));
  const rest = items.length - shown.length;
  return rest > 0 ? [...shown, el("li.ticket-rest", {}, `and ${rest} more: open the order`)] : shown;
}
