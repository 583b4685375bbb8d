/**
 * The products that the page shows.
 *
 * Events beside those of the list: "product" with one whose fields changed in place.
 */

import { throttled } from "../lib/dom.js";
import { PagedStore } from "../lib/paged-store.js";

const PAGE = 100;

export class Store extends PagedStore {
  #readSoon = throttled(() => this.read(), 1000);

  constructor(page) {
    super("/api/products", "sku", PAGE, page);
  }

  /** Take a product as an answer or an event showed it. What was known before is not gone back to. */
  absorb(product) {
    const known = this.find(product.sku);
    if (!known) return this.#readSoon();
    if (known.revision >= product.revision) return;
    this.replace(product);
    this.tell("product", product);
    if (known.name !== product.name || this.isFiltered) this.#readSoon();
  }
}
