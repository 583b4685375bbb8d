/**
 * Toasts for new and cancelled orders, many joined into one.
 *
 * They can be silenced in this browser. Where the panel covers the page (a phone) only what wants
 * an answer is said: the list tells the rest when it is seen again.
 */

import { toast } from "../lib/toasts.js";
import { count, money } from "../lib/format.js";
import { Switch } from "./switch.js";
import { who } from "./words.js";

const GATHER_MS = 400;
const JOINED_MS = 6000;

const KINDS = {
  "order.created": { key: "created", tone: "good", icon: "inbox", one: newOrder, many: "new orders" },
  "order.cancelled": { key: "cancelled", tone: "danger", icon: "cancel", one: cancelledOrder, many: "orders cancelled" },
  "order.woken": { key: "woken", tone: "good", icon: "clock", one: backAgain, many: "orders back from being on hold" },
  "order.cancellation_requested": { key: "requested", tone: "danger", icon: "alert", one: wishToCancel, many: "requests to cancel", isUrgent: true },
};

export class Announcer {
  #open;
  #silence = new Switch("orderboard.silent");
  #groups = new Map();
  #untold = new Set();
  #timer = null;

  /** `open` shows the order of an id. */
  constructor(open) {
    this.#open = open;
  }

  get isSilent() {
    return this.#silence.isOn;
  }

  set isSilent(silent) {
    this.#silence.set(silent);
  }

  /** Tell of events that were news. */
  announce(events) {
    for (const event of events) if (this.#isSaid(KINDS[event.type])) this.#gather(event);
  }

  #isSaid(kind) {
    if (!kind || this.isSilent) return false;
    return Boolean(kind.isUrgent) || !document.body.classList.contains("is-covered");
  }

  /** What comes while the last message of its kind is still in sight is counted together with it. */
  #gather(event) {
    const now = performance.now();
    const { orders, touched } = this.#groups.get(event.type) ?? { orders: new Set(), touched: -Infinity };
    if (now - touched > JOINED_MS) orders.clear();
    // An order counts once: its customer may ask, be refused and ask again.
    orders.add(event.order.id);
    this.#groups.set(event.type, { orders, touched: now, last: event });
    this.#untold.add(event.type);
    this.#timer ??= setTimeout(() => this.#tell(), GATHER_MS);
  }

  #tell() {
    this.#timer = null;
    for (const type of this.#untold) this.#tellOf(KINDS[type], this.#groups.get(type));
    this.#untold.clear();
  }

  #tellOf({ key, tone, icon, one, many }, { orders, last }) {
    const { order } = last;
    const words = orders.size === 1 ? one(last) : { title: `${count(orders.size)} ${many}`, detail: `The latest: #${order.number}, ${order.customer.name}` };
    const action = { label: "Open", run: () => this.#open(order.id) };
    toast({ key, tone, icon, action, stays: JOINED_MS, ...words });
  }
}

function newOrder({ order }) {
  return { title: `New order #${order.number}`, detail: `${order.customer.name} · ${money(order.total, order.currency)}` };
}

function backAgain({ order }) {
  return { title: `#${order.number} is back from being on hold`, detail: `${order.customer.name} · ${order.status_label}` };
}

function cancelledOrder({ order, actor }) {
  const reason = order.cancel_reason ? `: ${order.cancel_reason}` : "";
  return { title: `Order #${order.number} cancelled`, detail: `${who(actor)}${reason}` };
}

function wishToCancel({ order }) {
  const reason = order.cancellation_request?.reason;
  return { title: `#${order.number}: ${order.customer.name} asks to cancel`, detail: reason };
}
