/** An order on paper: what can be printed of it, and what the board shows of that. */

import { el, icon } from "../lib/dom.js";
import { fullTime, moment } from "../lib/format.js";
import { openMenu } from "../lib/menu.js";
import { who } from "./words.js";

const PAPERS = { ticket: "Ticket, 80 mm", slip: "Packing slip, A4", sheet: "Order sheet with prices, A4" };

/** Offer what can be printed of an order, in a menu at `anchor`. */
export function offerPrints(order, anchor) {
  openMenu(anchor, {
    heading: order.printed ? `Print #${order.number} again` : `Print #${order.number}`,
    items: Object.entries(PAPERS).map(([paper, label]) => ({
      label,
      icon: "print",
      run: () => open(`/admin/orders/${order.id}/${paper}?print`, "_blank"),
    })),
  });
}

/** What a row says of the paper: nothing of an order that is not on any. */
export function printFlag({ printed, print_failed: failed }) {
  if (failed) return el("span.flag.danger", { title: `${failed.name}: ${failed.reason}` }, "Not printed");
  if (!printed) return null;
  return el("span.flag-icon", { title: printedWords(printed), role: "img", "aria-label": "Printed" }, icon("print"));
}

/** The same in the panel. */
export function printNotice({ printed, print_failed: failed }) {
  if (!printed && !failed) return null;
  return el("div.prints", {},
    failed ? el("p.notice.danger", { data: { prints: "failed" } }, el("b", {}, "Not printed: "), el("span", { dir: "auto" }, `${failed.name} ${failed.reason}`)) : null,
    printed ? el("p.muted.printed", { title: fullTime(printed.at) }, icon("print"), el("span", { dir: "auto" }, printedWords(printed))) : null);
}

function printedWords({ at, by, times }) {
  return `Printed ${times === 1 ? "" : `${times} times, last `}${moment(at)} by ${who(by)}`;
}
