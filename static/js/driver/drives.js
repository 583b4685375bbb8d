/** The list of a driver's open orders, kept as the shop and the driver change them. */

import { setText } from "../lib/dom.js";
import { plural } from "../lib/format.js";
import { toast } from "../lib/toasts.js";
import { card } from "./card.js";

export class Drives {
  #list = document.getElementById("cards");
  #orders = new Map();
  #gone = new Map();
  #onMove;

  /** `onMove(order, status)` hears what the driver wants. */
  constructor(onMove) {
    this.#onMove = onMove;
  }

  /** Show exactly these, as after a fresh look. */
  replace(orders) {
    this.#orders = new Map(orders.map((order) => [order.id, order]));
    this.#gone.clear();
    this.#list.replaceChildren(...orders.map((order) => this.#card(order)));
    this.#showCount();
  }

  /** Take in what an order has become; an older version than the one shown changes nothing. */
  take(order) {
    const before = this.#orders.get(order.id);
    const known = before?.version ?? this.#gone.get(order.id) ?? 0;
    if (order.version <= known) return;
    const isOpen = order.driver !== null && order.on_the_way;
    if (isOpen) this.#put(order, before);
    else this.#remove(order, before);
    this.#showCount();
  }

  #put(order, before) {
    this.#orders.set(order.id, order);
    this.#gone.delete(order.id);
    const fresh = this.#card(order);
    fresh.classList.add("changed");
    if (before) this.#replaceCard(order.id, fresh);
    else this.#insert(order, fresh);
    if (!before) toast({ title: `New for you: order ${order.number}`, detail: order.customer.name, tone: "good", icon: "truck" });
  }

  /** The focus stays on the card it was on, though all its buttons are new. */
  #replaceCard(id, fresh) {
    const old = this.#cardOf(id);
    const focused = old.contains(document.activeElement);
    old.replaceWith(fresh);
    if (focused) fresh.querySelector("button, a")?.focus();
  }

  /** The cards are the ones that are in order: what is known is in the order in which it came. */
  #insert(order, fresh) {
    const later = [...this.#list.children].find((other) => precedes(order, this.#orders.get(other.dataset.order)));
    this.#list.insertBefore(fresh, later ?? null);
  }

  #remove(order, before) {
    this.#gone.set(order.id, order.version);
    if (!before) return;
    this.#orders.delete(order.id);
    this.#cardOf(order.id).remove();
    toast(reasonGone(order, before));
  }

  #card(order) {
    return card(order, (status) => this.#onMove(order, status));
  }

  #cardOf(id) {
    return this.#list.querySelector(`[data-order="${CSS.escape(id)}"]`);
  }

  #showCount() {
    setText(document.getElementById("count"), this.#orders.size ? plural(this.#orders.size, "order") : "");
    document.getElementById("nothing").hidden = this.#orders.size > 0;
  }
}

/** The order placed first stands first, as in a fresh page. */
function precedes(a, b) {
  return a.created_at === b.created_at ? a.number < b.number : a.created_at < b.created_at;
}

function reasonGone(order, before) {
  const name = `Order ${order.number}`;
  if (order.driver === null) return { title: `${name} is no longer yours`, detail: "The shop gave it to somebody else.", tone: "danger", stays: 20_000 };
  if (!order.called_off) return { title: `${name}: ${order.status_label}`, detail: before.customer.name, tone: "good" };
  return { title: `${name}: ${order.status_label}`, detail: order.cancel_reason ?? "Do not deliver it.", tone: "danger", stays: 20_000 };
}
