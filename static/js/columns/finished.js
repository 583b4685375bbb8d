/**
 * The orders that were finished last. They are read when somebody looks, by their last change; what
 * is finished from then on is in the store already.
 *
 * Events: "change" when they were read, "failed" with an ApiError.
 */

import { ApiError, get } from "../lib/api.js";
import { fits, query } from "../board/filter.js";
import * as stores from "../board/store.js";

const MOST = 50;

export class Finished extends EventTarget {
  #store;
  #statuses;
  #read = [];
  #turn = 0;

  /** `statuses`: those of finished orders. */
  constructor(store, statuses) {
    super();
    this.#store = store;
    this.#statuses = statuses;
  }

  /** Ask for them, as `filter` wants them. */
  async read(filter) {
    const turn = ++this.#turn;
    const wanted = { ...filter, status: this.#wanted(filter) };
    try {
      const page = await get(`/api/orders?${query(wanted, { sort: "-updated", limit: MOST })}`);
      if (turn !== this.#turn) return;
      this.#read = page.orders;
      this.dispatchEvent(new Event("change"));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (turn === this.#turn) this.dispatchEvent(new CustomEvent("failed", { detail: error }));
    }
  }

  /** Forget what was read: nobody looks. */
  clear() {
    this.#turn += 1;
    this.#read = [];
  }

  /** Those to show, the last changed first. */
  orders(filter) {
    const { known, found } = this.#store;
    const statuses = this.#wanted(filter);
    const newest = new Map(this.#read.map((order) => [order.id, order]));
    const hears = { filter: { ...filter, status: statuses }, found };
    for (const order of known.values()) {
      const has = newest.get(order.id);
      if (has && order.version <= has.version) continue;
      // What was read was found by a search that the server made; a change may still leave the filter.
      if (has ? fits(hears.filter, order) : stores.matches(hears, order)) newest.set(order.id, order);
      else newest.delete(order.id);
    }
    return [...newest.values()].filter(({ status }) => statuses.includes(status)).sort(lastChanged).slice(0, MOST);
  }

  #wanted({ status }) {
    const chosen = status.filter((code) => this.#statuses.includes(code));
    return chosen.length ? chosen : this.#statuses;
  }
}

function lastChanged(a, b) {
  if (a.updated_at !== b.updated_at) return a.updated_at > b.updated_at ? -1 : 1;
  return b.number - a.number;
}
