/**
 * The products that the page shows, in the order of their names.
 *
 * Events: "change" (which are shown), "product" with one whose fields changed in place,
 * "failed" with an ApiError.
 */

import { get } from "../lib/api.js";
import { throttled } from "../lib/dom.js";

const PAGE = 100;

export class Store extends EventTarget {
  #filter = {};
  #next = null;
  #reading = 0;
  #bySku = new Map();
  #readSoon = throttled(() => this.read(this.#filter), 1000);

  constructor(page) {
    super();
    this.#take(page);
  }

  get all() {
    return [...this.#bySku.values()];
  }

  get hasMore() {
    return this.#next !== null;
  }

  find(sku) {
    return this.#bySku.get(sku);
  }

  /** Read what matches, from the beginning; as many as are shown now. */
  async read(filter) {
    const turn = ++this.#reading;
    const wanted = JSON.stringify(filter) === JSON.stringify(this.#filter) ? this.#bySku.size : 0;
    this.#filter = filter;
    try {
      let page = await this.#ask(null);
      const products = [...page.products];
      while (page.next && products.length < wanted) {
        page = await this.#ask(page.next);
        products.push(...page.products);
      }
      if (turn !== this.#reading) return;
      this.#bySku.clear();
      this.#take({ ...page, products });
      this.#tell("change");
    } catch (error) {
      if (turn === this.#reading) this.#tell("failed", error);
    }
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

  /** Take a product as an answer or an event showed it. What was known before is not gone back to. */
  absorb(product) {
    const known = this.#bySku.get(product.sku);
    if (!known) return this.#readSoon();
    if (known.revision >= product.revision) return;
    this.#bySku.set(product.sku, product);
    this.#tell("product", product);
    if (known.name !== product.name || Object.keys(this.#filter).length) this.#readSoon();
  }

  #ask(cursor) {
    const query = new URLSearchParams({ ...this.#filter, limit: PAGE });
    if (cursor) query.set("cursor", cursor);
    return get(`/api/products?${query}`);
  }

  #take({ products, next }) {
    for (const product of products) this.#bySku.set(product.sku, product);
    this.#next = next;
  }

  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}
