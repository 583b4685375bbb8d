/** All that helps to find orders, beside the search and the chips of statuses and types. */

import { seen } from "../board/store.js";
import { MoreFilters } from "./more-filters.js";
import { listenToHeadings } from "./sorting.js";

export class Finding {
  constructor({ data, filters, drivers, store }) {
    const { shop, payments, methods } = data;
    this.more = new MoreFilters(document.getElementById("more-filters"), document.getElementById("filter-chips"), filters, {
      zone: shop.timezone,
      currency: shop.currency,
      payments,
      methods,
      drivers: () => drivers.all,
      seen: (name) => seen(store, name),
    });
    listenToHeadings(document.getElementById("orders").tHead, filters);
  }
}
