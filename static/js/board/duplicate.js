/** An order that is probably one placed twice: its mark, and both orders side by side. */

import { get, put } from "../lib/api.js";
import { el, icon } from "../lib/dom.js";
import { moment, money } from "../lib/format.js";
import { choices, quantity, wanted } from "../lib/order-words.js";
import { mayChange } from "../lib/role.js";

const END = "cancelled";

/** The mark in a row or on a card; null for an order that is taken for no duplicate. */
export function duplicateFlag({ duplicate_of: first }) {
  return first && el("span.flag.warning", { title: `Looks like #${first.number}, placed twice` }, "Duplicate?");
}

/** The same in the panel, with the way to settle it. */
export function duplicate({ duplicate_of: first }, desk) {
  if (!first) return null;
  return el("div.notice.warning.wish", { role: "group", "aria-label": "Probable duplicate" },
    el("div.stack", {},
      el("p", {}, el("b", {}, "Placed twice? "), "The same customer ordered the same in ", el("a", { href: `#${first.id}` }, `#${first.number}`), "."),
      el("div.cluster", {}, el("button.button.small", { type: "button", data: { key: "compare" }, onclick: desk.compare }, "Side by side…"))));
}

/** Show an order beside the one that it probably repeats; `moves` sends what is decided. */
export async function compare(order, moves) {
  const first = await get(`/api/orders/${order.duplicate_of.id}`);
  const dialog = el("dialog.modal.compare", { "aria-labelledby": "compare-title" });
  const settle = (keep) => async () => {
    dialog.close();
    await moves.change(order, () => put(`/api/orders/${order.id}/duplicate`, { keep }), "could not be settled");
  };
  dialog.append(el("div.body", {},
    el("header.spread", {},
      el("h2", { id: "compare-title" }, `#${first.number} and #${order.number}: placed twice?`),
      el("button.button.quiet.small.icon-only", { type: "button", "aria-label": "Close", onclick: () => dialog.close() }, icon("close"))),
    sideBySide(first, order),
    mayChange && decisions(first, order, settle)));
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

function decisions(first, order, settle) {
  const cancel = (other) => `Cancel #${other.number} as a duplicate`;
  return el("div.actions", {},
    el("button.button", { type: "button", onclick: settle("both") }, "Both are wanted"),
    first.allowed.includes(END) && el("button.button", { type: "button", onclick: settle("this") }, cancel(first)),
    order.allowed.includes(END) && el("button.button.primary.danger", { type: "button", onclick: settle("other") }, cancel(order)));
}

function sideBySide(first, second) {
  const rows = FIELDS.map(([label, tell]) => [label, tell(first), tell(second)]).filter(([, a, b]) => a || b);
  return el("div.compare-table", { tabindex: "0", role: "region", "aria-label": "Both orders" }, el("table", {},
    el("thead", {}, el("tr", {}, el("td"), el("th", { scope: "col" }, `#${first.number}`), el("th", { scope: "col" }, `#${second.number}`))),
    el("tbody", {}, rows.map(([label, a, b]) => el("tr", { data: a === b ? {} : { differs: "" } },
      el("th", { scope: "row" }, label, a === b ? null : el("span.visually-hidden", {}, " (differs)")),
      [a, b].map((text) => el("td", { dir: "auto" }, text || "–")))))));
}

const FIELDS = [
  ["Status", (order) => order.status_label],
  ["Placed", (order) => moment(order.created_at)],
  ["Channel", (order) => order.channel],
  ["Customer", ({ customer: { name, company, email, phone } }) => lines([name, company, email, phone])],
  ["Lines", ({ items, currency }) => lines(items.map((item) => [`${quantity(item)} × ${item.name}`, ...choices(item, currency)].join(", ")))],
  ["Total", (order) => money(order.total, order.currency)],
  ["Wanted", ({ fulfilment }) => fulfilment && wanted(fulfilment)],
  ["Address", ({ address }) => address && lines([address.name, address.line1, address.line2, address.postal_code, address.city])],
  ["Payment", ({ payment: { method, status } }) => [method, status].filter((word) => word !== "none").join(", ").replaceAll("_", " ")],
  ["Note", (order) => order.note],
];

function lines(parts) {
  return parts.filter(Boolean).join("\n");
}
