/** Taking changes back: what this page has changed lately, and the way back of each. */

import { ApiError, eventOf, post } from "../lib/api.js";
import { toast } from "../lib/toasts.js";

const STAYS_MS = 12_000;
const MOST = 50;
const KEY = "done";
const MINUTE = 60_000;

let minutes = 0;

/** For how many minutes the shop lets changes be taken back; 0: not at all. */
export function useUndo({ undo_within: within }) {
  minutes = within;
}

export class Undoing {
  #live;
  #past = [];

  constructor(live) {
    this.#live = live;
  }

  /** Say what was done, with the way back. `changed`: the answer that said so. */
  done(order, changed) {
    const event = eventOf(changed);
    if (!event) return;
    const title = sentence(order, changed);
    const { position, undoUntil } = event;
    if (undoUntil) this.offer(title, () => this.one({ id: order.id, number: order.number, position }));
    else toast({ key: KEY, title, tone: "good" });
  }

  /** Say it with a way back of its own: `run` goes it. */
  offer(title, run, { detail, tone = "good" } = {}) {
    const change = { run, until: Date.now() + minutes * MINUTE };
    const back = { label: "Undo", run: () => this.#take(change) };
    if (minutes) this.#past = [...this.#past, change].slice(-MOST);
    toast({ key: KEY, title, detail, tone, action: minutes ? back : undefined, stays: STAYS_MS });
  }

  /** Take back what was done last. Answers whether there was anything. */
  last() {
    this.#past = this.#past.filter(({ until }) => until > Date.now());
    const change = this.#past.at(-1);
    if (change) this.#take(change);
    else toast({ key: KEY, title: "There is nothing to undo", detail: "Older changes can be undone in an order’s timeline." });
    return true;
  }

  /** Take one change of an order back: `{id, number, position}`. Answers whether that succeeded. */
  async one({ id, number, position }) {
    try {
      const order = await post(`/api/orders/${id}/undo`, { position });
      this.#live.absorb(order);
      const again = { id, number, position: eventOf(order)?.position };
      toast({ key: KEY, title: `Taken back: #${number} is ${order.status_label}`, tone: "good", action: { label: "Redo", run: () => this.one(again) }, stays: STAYS_MS });
      return true;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      toast({ key: KEY, title: `#${number} was not taken back`, detail: error.explanation, tone: "danger" });
      return false;
    }
  }

  #take(change) {
    this.#past = this.#past.filter((other) => other !== change);
    change.run();
  }
}

function sentence(before, now) {
  const name = `#${now.number}`;
  if (!before.acceptance && now.acceptance) return `Order ${name} accepted`;
  if (before.status !== now.status) return `${name} is now ${now.status_label}`;
  if (before.driver?.id !== now.driver?.id) return now.driver ? `${name} is with ${now.driver.name} now` : `${name} has no driver now`;
  if (before.cancellation_request && !now.cancellation_request) return `The wish to cancel ${name} was refused`;
  if (JSON.stringify(before.tracking) !== JSON.stringify(now.tracking)) return `Delivery of ${name} saved`;
  return `${name} was changed`;
}
