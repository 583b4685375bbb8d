/** The customers that the page shows. */

import { throttled } from "../lib/dom.js";
import { PagedStore } from "../lib/paged-store.js";

const PAGE = 50;
const RECORDS_MS = 1500;  // the records follow the orders by up to a second
const SELDOM_MS = 3000;

export class Store extends PagedStore {
  #readAgain = throttled(() => this.read(), SELDOM_MS);

  constructor(page) {
    super("/api/customers", "id", PAGE, page);
  }

  /** Something has happened that the records will know in a moment. */
  readSoon() {
    setTimeout(this.#readAgain, RECORDS_MS);
  }

  /** Take a customer as an answer showed them. */
  absorb(customer) {
    if (this.replace(customer)) this.tell("change");
  }
}
