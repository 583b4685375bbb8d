/** What was moved on from this wall a moment ago, to be brought back: the last ten. */

import { ApiError, get } from "../lib/api.js";
import { age } from "../lib/format.js";
import { openMenu } from "../lib/menu.js";
import { toast } from "../lib/toasts.js";

const MOST = 10;
const NAME = "orderboard.bumped";

export class Recall {
  #button;
  #store;
  #undoing;
  #bumped = read();
  #names = new Map();

  constructor(button, store, undoing) {
    this.#button = button;
    this.#store = store;
    this.#undoing = undoing;
    button.addEventListener("click", () => this.offer());
    this.#show();
  }

  /** An order, as it was, has been moved on. */
  add({ id, number, customer, status }) {
    this.#keep([{ id, number, from: status, at: new Date().toISOString() }, ...this.#bumped.filter((one) => one.id !== id)].slice(0, MOST));
    this.#names.set(id, customer.name);
  }

  /** Offer to bring one back. */
  offer() {
    if (!this.#bumped.length) return;
    openMenu(this.#button, {
      heading: "Bring back",
      items: this.#bumped.map((one) => ({
        label: `#${one.number} ${this.#nameOf(one.id)}`.trim(),
        hint: age(one.at),
        icon: "recall",
        run: () => this.#bringBack(one),
      })),
    });
  }

  #nameOf(id) {
    return this.#store.known.get(id)?.customer.name ?? this.#names.get(id) ?? "";
  }

  /** Take that move back; the server says no where something has built on it. */
  async #bringBack(one) {
    try {
      const { events } = await get(`/api/orders/${one.id}/events`);
      const { position } = events.findLast(({ was }) => was?.status === one.from);
      if (await this.#undoing.one({ ...one, position })) this.#keep(this.#bumped.filter(({ id }) => id !== one.id));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      toast({ key: "recall", title: `#${one.number} cannot be brought back`, detail: error.explanation, tone: "danger" });
    }
  }

  /** Names are kept in the page alone: a device may belong to the whole kitchen. */
  #keep(bumped) {
    this.#bumped = bumped;
    try {
      sessionStorage.setItem(NAME, JSON.stringify(bumped));
    } catch {
      // Some browsers keep nothing; then a reload forgets them.
    }
    this.#show();
  }

  #show() {
    this.#button.disabled = !this.#bumped.length;
  }
}

function read() {
  try {
    return JSON.parse(sessionStorage.getItem(NAME) ?? "[]");
  } catch {
    return [];
  }
}
