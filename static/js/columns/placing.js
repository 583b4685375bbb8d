/**
 * Putting an order into another column: shown there at once, and back where it was when the server
 * says no, or when somebody thinks better of it.
 */

import { asksWhy } from "../board/moves.js";
import { statusLabel } from "../board/words.js";
import { openMenu } from "../lib/menu.js";
import { toast } from "../lib/toasts.js";
import { statusesFor, stepFrom } from "./arrange.js";
import { cannot, noStep } from "./refusals.js";

export class Placing {
  #moves;
  #draw;
  #placed = new Map();

  /** `draw` shows anew what is where. */
  constructor(moves, draw) {
    this.#moves = moves;
    this.#draw = draw;
  }

  /** Ids of orders that are on their way to a status → that status. */
  get placed() {
    return this.#placed;
  }

  /** An order was dropped on a column. Where that may mean several things, it is asked. */
  drop(order, column, anchor) {
    if (column.statuses.includes(order.status) && !statusesFor(order, column).length) return;
    const statuses = statusesFor(order, column);
    if (!statuses.length) refuse(cannot(order, column.label));
    else if (statuses.length === 1) this.move(order, statuses[0]);
    else this.#ask(order, statuses, anchor);
  }

  /** One column on (1) or back (-1). */
  step(order, columns, step) {
    const next = stepFrom(order, columns, step, (status) => !asksWhy(status));
    if (next) this.move(order, next.status);
    else refuse(noStep(order, step));
  }

  /** Answers whether it was moved. */
  async move(order, status) {
    if (this.#placed.has(order.id)) return false;
    this.#placed.set(order.id, status);
    this.#draw();
    try {
      return await this.#moves.move(order, status);
    } finally {
      this.#placed.delete(order.id);
      this.#draw();
    }
  }

  #ask(order, statuses, anchor) {
    const items = statuses.map((status) => ({ label: statusLabel(order.type, status), status, run: () => this.move(order, status) }));
    openMenu(anchor, { heading: `#${order.number} becomes`, items });
  }
}

function refuse(words) {
  toast({ key: "refused", tone: "danger", ...words });
}
