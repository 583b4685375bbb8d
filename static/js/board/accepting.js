/** Taking new orders on, with a word of when they will be ready; and which of them still wait. */

import { put } from "../lib/api.js";
import { ask } from "../lib/ask.js";
import { el } from "../lib/dom.js";
import { moment } from "../lib/format.js";
import { openMenu } from "../lib/menu.js";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const OFFERED = [10, 20, 30, 45, 60, 90];

let unaccepted = [];
let lateAfter = 0;

/** What the server says of it: `statuses` of orders that wait, and the shop's minutes for them. */
export function useAccepting({ statuses = unaccepted, accept_within: minutes }) {
  unaccepted = statuses;
  lateAfter = minutes * MINUTE;
}

/** Whether nobody has accepted or declined it yet. */
export function isUnaccepted({ status }) {
  return unaccepted.includes(status);
}

/** Of the counts by status the number of those. */
export function countUnaccepted(byStatus) {
  return unaccepted.reduce((sum, status) => sum + (byStatus[status] ?? 0), 0);
}

/** Whether it waits longer than the shop wants. */
export function isLate(order, now) {
  return lateAfter > 0 && isUnaccepted(order) && now - Date.parse(order.created_at) > lateAfter;
}

export class Accepting {
  #moves;

  constructor(moves) {
    this.#moves = moves;
  }

  /** Ask when it will be ready, in a menu at `anchor`. Answers whether there is anything to accept. */
  offer(order, anchor) {
    if (!isUnaccepted(order) || !anchor) return false;
    const accept = (promise) => this.#accept(order, promise);
    openMenu(anchor, {
      heading: `Accept #${order.number}, ready`,
      items: [
        ...OFFERED.map((minutes) => ({
          label: `in ${minutes} minutes`,
          hint: moment(Date.now() + minutes * MINUTE),
          run: () => accept({ ready_in: minutes }),
        })),
        { label: "at a time…", run: () => askTime(order).then((at) => at && accept({ ready_at: at })) },
        { label: "without a time", run: () => accept({}) },
      ],
    });
    return true;
  }

  async #accept(order, promise) {
    const send = () => put(`/api/orders/${order.id}/acceptance`, promise);
    await this.#moves.change(order, send, "could not be accepted");
  }
}

async function askTime(order) {
  const answer = await ask(`Accept #${order.number}`, "Accept", "Back", false, [
    el("div.field", {},
      el("label", { for: "ready-at" }, "Ready at"),
      el("input", { id: "ready-at", name: "at", type: "time", required: true, "aria-describedby": "ready-hint" }),
      el("p.hint", { id: "ready-hint" }, "The customer is told. An hour that has passed today is tomorrow’s.")),
  ]);
  return answer && next(answer.get("at"));
}

/** The next time that a clock shows "18:40". */
function next(clock) {
  const [hours, minutes] = clock.split(":").map(Number);
  const at = new Date();
  at.setHours(hours, minutes, 0, 0);
  if (at <= Date.now()) at.setTime(at.getTime() + DAY);
  return at.toISOString();
}
