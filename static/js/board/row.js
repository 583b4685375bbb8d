/** One order as a row of the table (a card on a phone). */

import { el, icon, setText } from "../lib/dom.js";
import { age, fullTime, moment, money } from "../lib/format.js";
import { pressure } from "../columns/due.js";
import { isLate } from "./accepting.js";
import { duplicateFlag } from "./duplicate.js";
import { FRESH_MS } from "./fresh.js";
import { printFlag } from "./printing.js";
import { whose } from "./assignment.js";
import { capitalised, itemsSummary } from "./words.js";

export class Row {
  #order = null;
  #place = -1;
  #number = el("a.row-number", { tabindex: "-1" });
  #name = el("span.row-name", { dir: "auto" });
  #flags = el("span.row-flags");
  #summary = el("span.row-summary", { dir: "auto" });
  #type = el("td.row-type", { role: "cell" });
  #status = el("button.badge.row-status", { type: "button", tabindex: "-1", data: { action: "move" } });
  #driver = el("td.row-driver", { role: "cell", dir: "auto" });
  #total = el("td.row-total.money", { role: "cell" });
  #due = el("td.row-due", { role: "cell" });
  #age = el("time");

  constructor(order) {
    this.element = el("tr.row", { role: "row", tabindex: "-1", data: { id: order.id } },
      el("td.row-number-cell", { role: "cell" },
        el("input.row-check", { type: "checkbox", tabindex: "-1", autocomplete: "off", "aria-label": `Select order ${order.number}` }),
        this.#number),
      el("td.row-customer", { role: "cell" }, el("div.row-line", {}, this.#name, this.#flags, this.#summary)),
      this.#type,
      el("td.row-status-cell", { role: "cell" }, this.#status),
      this.#driver,
      this.#total,
      this.#due,
      el("td.row-age", { role: "cell" }, this.#age),
    );
    this.update(order);
  }

  get order() {
    return this.#order;
  }

  get statusButton() {
    return this.#status;
  }

  /** Where it stands in the list, counted from 0. */
  get place() {
    return this.#place;
  }

  set place(place) {
    if (place === this.#place) return;
    this.#place = place;
    // The row of the headings is the first one.
    this.element.setAttribute("aria-rowindex", place + 2);
  }

  get hasFocus() {
    return this.element.contains(document.activeElement);
  }

  /** Somebody has it in hand: it must not go away. */
  get isInHand() {
    return this.hasFocus || this.element.hasAttribute("data-menu-open");
  }

  /** Leave the others' flow, this far below the list's beginning; null to join it again. */
  standApart(top) {
    const { classList, style } = this.element;
    if (top === null && !classList.contains("apart")) return;
    classList.toggle("apart", top !== null);
    style.top = top === null ? "" : `${top}px`;
  }

  setMarked(isMarked) {
    if (isMarked) this.element.setAttribute("aria-current", "true");
    else this.element.removeAttribute("aria-current");
  }

  /** Show an order; with `flashing`, cells that differ from what stood there light up. */
  update(order, flashing = false) {
    if (this.#order === order) return;
    const before = this.#order;
    this.#order = order;
    this.element.dataset.version = order.version;
    this.element.dataset.orderStatus = order.status;
    this.#fill(order);
    if (flashing) this.#flash(before, order);
  }

  /** Let the age go on. */
  tick(now) {
    setText(this.#age, age(this.#order.created_at, now));
    this.#showLate(isLate(this.#order, now));
    const pressing = isOver(this.#order) ? "" : pressure(this.#order, now);
    if (this.#due.dataset.pressure !== pressing) this.#due.dataset.pressure = pressing;
  }

  #showLate(isNow) {
    if (this.element.hasAttribute("data-late") === isNow && this.#age.title) return;
    this.element.toggleAttribute("data-late", isNow);
    this.#age.title = `${isNow ? "Nobody has accepted it yet. " : ""}${fullTime(this.#order.created_at)}`;
  }

  markFresh() {
    this.element.classList.add("fresh");
    setTimeout(() => this.element.classList.remove("fresh"), FRESH_MS);
  }

  setBusy(busy) {
    this.#status.setAttribute("aria-busy", String(busy));
  }

  #fill(order) {
    this.#number.href = `#${order.id}`;
    setText(this.#number, `#${order.number}`);
    this.#number.setAttribute("aria-label", `Open order ${order.number}`);
    setText(this.#name, order.customer.name);
    this.#name.title = [order.customer.name, order.customer.company].filter(Boolean).join(", ");
    setText(this.#summary, itemsSummary(order.items));
    setText(this.#type, capitalised(order.type));
    setText(this.#driver, order.driver?.name ?? "–");
    this.#driver.classList.toggle("faint", !order.driver);
    setText(this.#total, money(order.total, order.currency));
    setText(this.#due, order.due_at ? moment(order.due_at) : "–");
    this.#due.title = order.due_at ? fullTime(order.due_at) : "";
    this.#age.dateTime = order.created_at;
    this.tick(Date.now());
    this.#fillStatus(order);
    this.#fillFlags(order);
  }

  #fillStatus(order) {
    const button = this.#status;
    const movable = order.allowed.length > 0;
    button.dataset.status = order.status;
    button.disabled = !movable;
    button.title = order.cancel_reason ?? "";
    button.setAttribute("aria-label", movable ? `${order.status_label}: move order ${order.number}` : order.status_label);
    if (movable) button.setAttribute("aria-haspopup", "menu");
    else button.removeAttribute("aria-haspopup");
    button.replaceChildren(el("span.label", {}, order.status_label), ...(movable ? [icon("chevron-down")] : []));
  }

  #fillFlags(order) {
    const flags = order.assigned_to ? [whose(order)] : [];
    if (order.cancellation_request) flags.push(el("span.flag.danger", { title: order.cancellation_request.reason ?? "" }, "Asks to cancel"));
    if (order.held_until) flags.push(el("span.flag.held", { title: fullTime(order.held_until) }, `until ${moment(order.held_until)}`));
    if (order.duplicate_of) flags.push(duplicateFlag(order));
    const printed = printFlag(order);
    if (printed) flags.push(printed);
    if (order.note) flags.push(el("span.flag-icon", { title: order.note, role: "img", "aria-label": "Has a note" }, icon("note")));
    this.#flags.replaceChildren(...flags);
  }

  #flash(before, order) {
    const cells = { status: this.#status.parentElement, driver: this.#driver, total: this.#total };
    for (const [name, cell] of Object.entries(cells)) {
      if (JSON.stringify(before[name]) !== JSON.stringify(order[name])) flash(cell);
    }
  }
}

/** There is nothing to be in time for any more. */
function isOver({ allowed, times }) {
  return !allowed.length || Boolean(times.delivered ?? times.completed);
}

function flash(cell) {
  if (document.hidden || matchMedia("(prefers-reduced-motion: reduce)").matches) return;
  cell.animate([{ backgroundColor: "var(--highlight)" }, { backgroundColor: "transparent" }], { duration: 1800, easing: "ease-in" });
}
