/** An order on paper: what can be printed of it, and what the board shows of that. */

import { ApiError, post } from "../lib/api.js";
import { el, icon } from "../lib/dom.js";
import { fullTime, moment } from "../lib/format.js";
import { openMenu } from "../lib/menu.js";
import { toast } from "../lib/toasts.js";
import { who } from "./words.js";

const PAPERS = { ticket: "Ticket, 80 mm", slip: "Packing slip, A4", sheet: "Order sheet with prices, A4" };
let printers = [];

/** The printers in the network, as the settings have them. */
export function usePrinters(known = []) {
  printers = known;
}

/** Offer what can be printed of an order, in a menu at `anchor`. */
export function offerPrints(order, anchor) {
  openMenu(anchor, {
    heading: order.printed ? `Print #${order.number} again` : `Print #${order.number}`,
    items: [
      ...printers.map((printer) => ({ label: printer.name, hint: "printer", icon: "print", run: () => send(order, printer) })),
      ...Object.entries(PAPERS).map(([paper, label]) => ({
        label,
        icon: "note",
        run: () => open(`/admin/orders/${order.id}/${paper}?print`, "_blank"),
      })),
    ],
  });
}

/** What a row says of the paper: nothing of an order that is not on any. */
export function printFlag({ printed, print_failed: failed }) {
  if (failed) return el("span.flag.danger", { title: `${failed.name} ${failed.reason}` }, "Not printed");
  if (!printed) return null;
  return el("span.flag-icon", { title: printedWords(printed), role: "img", "aria-label": "Printed" }, icon("print"));
}

/** The same in the panel. */
export function printNotice(order) {
  const { printed, print_failed: failed } = order;
  if (!printed && !failed) return null;
  return el("div.prints", {},
    failed ? failure(order, failed) : null,
    printed ? el("p.muted.printed", { title: fullTime(printed.at) }, icon("print"), el("span", { dir: "auto" }, printedWords(printed))) : null);
}

function failure(order, { printer, name, reason }) {
  const again = () => send(order, { id: printer, name });
  return el("div.notice.danger", { data: { prints: "failed" } },
    el("p", {}, el("b", {}, "Not printed: "), el("span", { dir: "auto" }, `${name} ${reason}.`)),
    el("button.button.small", { type: "button", data: { key: "print-again", changes: "" }, onclick: again }, "Print again"));
}

async function send({ id, number }, { id: printer, name }) {
  try {
    await post(`/api/orders/${id}/prints`, { printer });
    toast({ key: "print", title: `#${number} goes to ${name}`, tone: "good", icon: "print", stays: 2500 });
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    toast({ key: "print", title: `#${number} was not sent to ${name}`, detail: error.explanation, tone: "danger" });
  }
}

function printedWords({ at, by, times }) {
  return `Printed ${times === 1 ? "" : `${times} times, last `}${moment(at)} by ${who(by)}`;
}
