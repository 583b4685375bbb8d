/**
 * The customers that the page shows, in the order of the list.
 *
 * Events: "change", "failed" with an ApiError.
 */

import { get } from "../lib/api.js";
import { throttled } from "../lib/dom.js";

const PAGE = 50;
const RECORDS_MS = 1500;  // the records follow the orders by up to a second
const SELDOM_MS = 3000;

export class Store extends EventTarget {
  #filter = {};
  #next = null;
  #reading = 0;
  #byId = new Map();
  #readAgain = throttled(() => this.read(this.#filter), SELDOM_MS);

  constructor(page) {
    super();
    this.#take(page);
  }

  get all() {
    return [...this.#byId.values()];
  }

  get hasMore() {
    return this.#next !== null;
  }

  /** Read what matches, from the beginning; as many as are shown now. */
  async read(filter) {
    const turn = ++this.#reading;
    const wanted = JSON.stringify(filter) === JSON.stringify(this.#filter) ? this.#byId.size : 0;
    this.#filter = filter;
    try {
      let page = await this.#ask(null);
      const customers = [...page.customers];
      while (page.next && customers.length < wanted) {
        page = await this.#ask(page.next);
        customers.push(...page.customers);
      }
      if (turn !== this.#reading) return;
      this.#byId.clear();
      this.#take({ ...page, customers });
      this.#tell("change");
    } catch (error) {
      if (turn === this.#reading) this.#tell("failed", error);
    }
  }

  /** Something has happened that the records will know in a moment. */
  readSoon() {
    setTimeout(this.#readAgain, RECORDS_MS);
  }

  async more() {
    const turn = this.#reading;
    try {
      const page = await this.#ask(this.#next);
      if (turn !== this.#reading) return;
      this.#take(page);
      this.#tell("change");
    } catch (error) {
      this.#tell("failed", error);
    }
  }

  /** Take a customer as an answer showed them. */
  absorb(customer) {
    if (!this.#byId.has(customer.id)) return;
    this.#byId.set(customer.id, customer);
    this.#tell("change");
  }

  /** Somebody is no customer any more. */
  drop(id) {
    if (this.#byId.delete(id)) this.#tell("change");
  }

  #ask(cursor) {
    const query = new URLSearchParams({ ...this.#filter, limit: PAGE });
    if (cursor) query.set("cursor", cursor);
    return get(`/api/customers?${query}`);
  }

  #take({ customers, next }) {
    for (const customer of customers) this.#byId.set(customer.id, customer);
    this.#next = next;
  }

  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}
