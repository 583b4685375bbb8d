/** Notifications of the desktop for new orders, while nobody looks at the page. */

import { money } from "../lib/format.js";
import { isUnaccepted } from "./accepting.js";
import { Switch } from "./switch.js";

export class Notices {
  #open;
  #wanted = new Switch("orderboard.notifications");
  #shown = new Map();

  /** `open` shows the order of an id. */
  constructor(open) {
    this.#open = open;
  }

  static get isPossible() {
    return "Notification" in globalThis;
  }

  get isOn() {
    return this.#wanted.isOn && Notices.isPossible && Notification.permission === "granted";
  }

  /** Turn them on, which the browser asks about, or off; answers what the browser says. */
  async turn() {
    const want = !this.isOn;
    const said = want ? await Notification.requestPermission() : "default";
    this.#wanted.set(want && said === "granted");
    return said;
  }

  hear(events) {
    for (const { type, order } of events) {
      if (!isUnaccepted(order)) this.#end(order.id);
      else if (type === "order.created" && this.isOn && document.hidden) this.#show(order);
    }
  }

  #show(order) {
    const body = `${order.customer.name} · ${money(order.total, order.currency)}`;
    const notice = new Notification(`New order #${order.number}`, { body, tag: order.id });
    notice.addEventListener("click", () => {
      window.focus();
      this.#open(order.id);
      notice.close();
    });
    this.#shown.set(order.id, notice);
  }

  #end(id) {
    this.#shown.get(id)?.close();
    this.#shown.delete(id);
  }
}
