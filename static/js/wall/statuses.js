/** The switches of a wall: orders of which statuses it shows. At least one stays on. */

import { statusLabel } from "../board/words.js";
import { el } from "../lib/dom.js";

/**
 * Fill `group` with a switch for each of `statuses`; `shown()` are those that are on, `choose(some)`
 * is called with the new ones. Answers a function that shows what is on.
 */
export function statusSwitches(group, statuses, shown, choose) {
  const turn = (status) => {
    const now = shown();
    const next = statuses.filter((one) => now.includes(one) !== (one === status));
    if (next.length) choose(next);
  };
  const buttons = statuses.map((status) => el("button.chip", { type: "button", data: { status }, onclick: () => turn(status) },
    el("span.status-dot"), el("span", {}, statusLabel("purchase", status)), el("b", { data: { count: `status:${status}` } }, "0")));
  group.append(...buttons);
  return () => {
    for (const button of buttons) button.setAttribute("aria-pressed", String(shown().includes(button.dataset.status)));
  };
}
