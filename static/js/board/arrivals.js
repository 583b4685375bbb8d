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
  #find;
  #unseen = new Set();
  #told = 0;

  /** `find` answers the place of an order in the list, -1 if it is not in it. */
  constructor(pill, find) {
    this.#pill = pill;
    this.#find = find;
  }

  /** Orders that have just been placed. */
  add(ids) {
    for (const id of ids) this.#unseen.add(id);
  }

  /** The rows from this place on are, or were, in sight. */
  show(first) {
    for (const id of this.#unseen) {
      const place = this.#find(id);
      if (place < 0 || place >= first) this.#unseen.delete(id);
    }
    const number = this.#unseen.size;
    if (number === this.#told) return;
    this.#told = number;
    this.#pill.hidden = number === 0;
    if (number) this.#pill.replaceChildren(icon("arrow-up"), plural(number, "new order"));
  }
}
