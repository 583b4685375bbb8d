/** "3 new orders": what arrived above the part of the table that is in sight. */

import { icon } from "../lib/dom.js";
import { plural } from "../lib/format.js";

/** How far down the window is covered by what sticks to its top. */
export function coveredDownTo(tableHead) {
  const header = document.querySelector(".site-header").getBoundingClientRect();
  return Math.max(header.bottom, tableHead.getBoundingClientRect().bottom);
}

export class Arrivals {
  #pill;
  #head;
  #unseen = new Set();

  constructor(pill, table) {
    this.#pill = pill;
    this.#head = table.tHead;
    pill.addEventListener("click", () => scrollTo({ top: 0, behavior: "smooth" }));
    addEventListener("scroll", () => this.#show(), { passive: true });
  }

  /** Rows that were just drawn for the first time. */
  add(rows) {
    for (const row of rows) this.#unseen.add(row.element);
    this.#show();
  }

  #show() {
    const top = coveredDownTo(this.#head);
    for (const element of this.#unseen) {
      const isGone = !element.isConnected;
      if (isGone || element.getBoundingClientRect().bottom > top + 8) this.#unseen.delete(element);
    }
    const number = this.#unseen.size;
    this.#pill.hidden = number === 0;
    if (number) this.#pill.replaceChildren(icon("arrow-up"), plural(number, "new order"));
  }
}
