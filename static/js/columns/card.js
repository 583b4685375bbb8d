/** One order as a card of the board. */

import { duplicateFlag } from "../board/duplicate.js";
import { FRESH_MS } from "../board/fresh.js";
import { statusUntil } from "../board/holding.js";
import { capitalised } from "../board/words.js";
import { isLate } from "../board/accepting.js";
import { whose } from "../board/assignment.js";
import { el, icon, setText } from "../lib/dom.js";
import { money } from "../lib/format.js";
import { quantity } from "../lib/order-words.js";
import { mayChange } from "../lib/role.js";
import { pressure, timeOf } from "./due.js";

const LINES = 3;
const TAGS = 3;

export class Card {
  /** Whether there is nothing to be in time for any more. */
  isOver = false;
  #order = null;
  #number = el("a.card-number", { tabindex: "-1" });
  #kind = el("span.tag");
  #flags = el("span.row-flags");
  #time = el("time.card-time");
  #name = el("span.card-name", { dir: "auto" });
  #total = el("span.card-total.money");
  #lines = el("ul.card-lines");
  #foot = el("div.card-foot");
  #move = el("button.button.quiet.small.icon-only.card-move", { type: "button", tabindex: "-1", "aria-haspopup": "menu", data: { action: "move" } }, icon("more"));

  constructor(order) {
    this.element = el("li.order-card", { tabindex: "-1", data: { id: order.id } },
      el("div.card-head", {}, this.#number, this.#kind, this.#flags, this.#time, this.#move),
      el("div.card-who", {}, this.#name, this.#total),
      this.#lines,
      this.#foot);
    this.update(order);
  }

  get order() {
    return this.#order;
  }

  /** The control that offers the moves. */
  get statusButton() {
    return this.#move;
  }

  get hasFocus() {
    return this.element.contains(document.activeElement);
  }

  setMarked(isMarked) {
    if (isMarked) this.element.setAttribute("aria-current", "true");
    else this.element.removeAttribute("aria-current");
  }

  setBusy(isBusy) {
    this.element.setAttribute("aria-busy", String(isBusy));
  }

  /** Somebody has put it here, and the server has not said yes so far. */
  setPlaced(isPlaced) {
    this.element.toggleAttribute("data-placed", isPlaced);
  }

  markFresh() {
    this.element.classList.add("fresh");
    setTimeout(() => this.element.classList.remove("fresh"), FRESH_MS);
  }

  update(order) {
    if (this.#order === order) return this.tick(Date.now());
    this.#order = order;
    const { dataset } = this.element;
    dataset.version = order.version;
    dataset.orderStatus = order.status;
    this.#fillHead(order);
    setText(this.#name, order.customer.name);
    setText(this.#total, money(order.total, order.currency));
    this.#fillLines(order);
    this.#fillFoot(order);
    this.tick(Date.now());
  }

  /** Let the time go on. */
  tick(now) {
    const order = this.#order;
    const { text, title, at } = timeOf(order, now);
    setText(this.#time, text);
    if (this.#time.title !== title) Object.assign(this.#time, { title, dateTime: at });
    const pressing = this.isOver ? "" : isLate(order, now) ? "late" : pressure(order, now);
    if (this.element.dataset.pressure !== pressing) this.element.dataset.pressure = pressing;
  }

  #fillHead(order) {
    this.#number.href = `#${order.id}`;
    setText(this.#number, `#${order.number}`);
    this.#number.setAttribute("aria-label", `Open order ${order.number}`);
    setText(this.#kind, capitalised(order.type));
    this.#kind.hidden = order.type === "purchase";
    this.#move.setAttribute("aria-label", `Move order ${order.number}`);
    this.#move.hidden = !mayChange || !order.allowed.length;
    this.#flags.replaceChildren(...(order.assigned_to ? [whose(order)] : []), ...flags(order));
  }

  #fillLines({ items }) {
    const shown = items.slice(0, items.length === LINES + 1 ? LINES + 1 : LINES);
    const lines = shown.map((line) => el("li", { dir: "auto" }, el("b", {}, `${quantity(line)} ×`), ` ${line.name}`));
    const rest = items.length - shown.length;
    if (rest) lines.push(el("li.faint", {}, `and ${rest} more`));
    this.#lines.replaceChildren(...lines);
    this.#lines.hidden = !lines.length;
  }

  #fillFoot(order) {
    const { driver, tags } = order;
    const parts = [
      this.isOver || order.held_until ? el("span.badge", { data: { status: order.status } }, statusUntil(order)) : null,
      driver ? el("span.card-driver", { title: `Driver: ${driver.name}` }, icon("truck"), el("span.truncate", { dir: "auto" }, driver.name)) : null,
      ...tags.slice(0, TAGS).map((tag) => el("span.tag.truncate", { dir: "auto" }, tag)),
      tags.length > TAGS ? el("span.tag", { title: tags.slice(TAGS).join(", ") }, `+${tags.length - TAGS}`) : null,
    ];
    this.#foot.replaceChildren(...parts.filter(Boolean));
  }
}

function flags(order) {
  const all = [];
  if (order.cancellation_request) all.push(el("span.flag.danger", { title: order.cancellation_request.reason ?? "" }, "Asks to cancel"));
  if (order.duplicate_of) all.push(duplicateFlag(order));
  if (order.note) all.push(el("span.flag-icon", { title: order.note, role: "img", "aria-label": "Has a note" }, icon("note")));
  return all;
}
