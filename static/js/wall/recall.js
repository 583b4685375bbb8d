/** What was moved on from this wall a moment ago, to be brought back: the last ten. */

import { ApiError, get, post } from "../lib/api.js";
import { age } from "../lib/format.js";
import { openMenu } from "../lib/menu.js";
import { toast } from "../lib/toasts.js";

const MOST = 10;
const NAME = "orderboard.bumped";

export class Recall {
  #button;
  #live;
  #bumped = read();
  #names = new Map();

  constructor(button, live) {
    this.#button = button;
    this.#live = live;
    button.addEventListener("click", () => this.offer());
    this.#show();
  }

  /** An order has been moved on. */
  add({ id, number, customer }) {
    this.#keep([{ id, number, at: new Date().toISOString() }, ...this.#bumped.filter((one) => one.id !== id)].slice(0, MOST));
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
    return this.#live.store.known.get(id)?.customer.name ?? this.#names.get(id) ?? "";
  }

  async #bringBack(one) {
    try {
      this.#live.absorb(await this.#undo(one.id));
      this.#keep(this.#bumped.filter(({ id }) => id !== one.id));
      toast({ title: `#${one.number} is back`, tone: "good", stays: 2500 });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      toast({ key: "recall", title: `#${one.number} cannot be brought back`, detail: error.explanation, tone: "danger" });
    }
  }

  /** Take its newest move back, as long as nothing has built on it. */
  async #undo(id) {
    const { events } = await get(`/api/orders/${id}/events`);
    const moved = events.findLast(({ changes }) => changes?.includes("status"));
    return post(`/api/orders/${id}/undo`, { position: moved.position });
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
