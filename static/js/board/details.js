/** The parts of the panel: contact, lines and totals, address, payment, returns, note, facts. */

import { el, icon } from "../lib/dom.js";
import { fullTime, money, moment } from "../lib/format.js";
import { choices, quantity, sums as sumsOf, wanted } from "../lib/order-words.js";
import { methodName, partsOf, piecesOf, wayBack } from "./money-words.js";
import { capitalised, who } from "./words.js";

export { printNotice as prints } from "./printing.js";

export { duplicate } from "./duplicate.js";

/** A titled part of the panel. */
export function part(title, ...content) {
  return el("section.part", { "aria-label": title }, el("h3.part-title", {}, title), content);
}

/** The same, with a button to edit what it shows. */
function editable(title, name, desk, ...content) {
  const edit = el("button.button.quiet.small", { type: "button", "aria-label": `Edit ${title.toLowerCase()}`, data: { key: `edit-${name}`, changes: "" }, onclick: () => desk.edit(name) }, "Edit");
  return el("section.part", { "aria-label": title }, el("div.part-head", {}, el("h3.part-title", {}, title), edit), content);
}

/** A button in a part; the focus finds it again by its key when the part is drawn anew. */
function button(key, run, ...content) {
  return el("button.button.small", { type: "button", data: { key, changes: "" }, onclick: run }, content);
}

/** `history`: what is known of them beside this order. */
export function contact({ customer }, desk) {
  return editable("Customer", "customer", desk,
    el("p.strong", { dir: "auto" }, customer.name),
    customer.company ? el("p.muted", { dir: "auto" }, customer.company) : null,
    customer.email ? line("mail", link(`mailto:${customer.email}`, customer.email)) : null,
    customer.phone ? line("phone", link(`tel:${customer.phone.replace(/[^+\d]/g, "")}`, customer.phone)) : null,
    desk.history,
  );
}

export function lines(order, desk) {
  if (!order.items.length) return editable("Lines", "items", desk, el("p.faint", {}, "No lines were given."), totals(order));
  const rows = order.items.map((item) => el("tr", {},
    el("td.number.faint", {}, `${quantity(item)} ×`),
    el("td", {}, el("div", { dir: "auto" }, item.name), lineNote(item, order.currency)),
    el("td.end.money", {}, money(item.total, order.currency))));
  return editable("Lines", "items", desk, el("table.lines", {}, el("tbody", {}, rows)), totals(order));
}

function lineNote(item, currency) {
  const each = Number(item.quantity) === 1 ? null : `${money(item.unit_price, currency)} each`;
  const discount = Number(item.discount) ? `less ${money(item.discount, currency)}` : null;
  const notes = [item.sku, each, discount].filter(Boolean);
  return [
    choices(item, currency).map((choice) => el("div.line-note", { dir: "auto" }, choice)),
    item.note && el("div.line-note.said", { dir: "auto" }, `“${item.note}”`),
    notes.length > 0 && el("div.line-note", { dir: "auto" }, notes.join(" · ")),
  ];
}

function totals(order) {
  return el("dl.totals", {},
    sumsOf(order).map(([label, amount]) => el("div", {}, el("dt", { dir: "auto" }, label), el("dd.money", {}, amount))),
    el("div.grand", {}, el("dt", {}, "Total"), el("dd.money", {}, money(order.total, order.currency), el("span.faint", {}, ` ${order.currency}`))));
}

/** How, when and where to: nothing for an order that says none of it. */
export function address(order, desk) {
  const { fulfilment, address: given, billing_address: billing } = order;
  if (!fulfilment && !given && !billing) return null;
  return editable(fulfilment ? "Fulfilment" : "Address", fulfilment ? "fulfilment" : "address", desk,
    fulfilment && el("p.strong", {}, wanted(fulfilment)),
    fulfilment?.instructions && el("p.note", { dir: "auto" }, fulfilment.instructions),
    given && addressOf(given),
    billing && [el("p.muted", {}, "Bill to"), addressOf(billing)]);
}

function addressOf(given) {
  const town = [given.postal_code, given.city].filter(Boolean).join(" ");
  const rows = [given.name, given.line1, given.line2, town, given.region, given.country].filter(Boolean);
  const phone = given.phone && link(`tel:${given.phone.replace(/[^+\d]/g, "")}`, given.phone);
  return [
    el("address", { dir: "auto" }, rows.map((row) => el("div", {}, row))),
    phone && line("phone", phone),
    given.instructions && el("p.note", { dir: "auto" }, given.instructions),
  ];
}

/** `desk`: what can be done about it. */
export function payment(order, desk) {
  const { method, status } = order.payment;
  const state = status === "none" ? null : el("span.tag", {}, capitalised(status));
  return part("Payment",
    el("p.cluster", {}, agreed(order) && (METHODS[method] ?? capitalised(method)), state),
    sums(order),
    order.payments.length + order.refunds.length > 0 && el("ul.money-list", {},
      order.payments.map((one) => received(one, order.currency, desk)),
      order.refunds.map((one) => refunded(one, order.currency))),
    el("div.cluster.part-actions", {},
      button("pay", desk.pay, icon("plus"), "Record a payment"),
      Number(order.refundable) > 0 && button("refund", desk.refund, "Refund…")));
}

const METHODS = { cod: "Cash on delivery", online: "Online payment", none: "No payment agreed" };

/** Where money came, what was agreed says no more than whether anything was. */
function agreed({ payment, payments }) {
  return payment.method !== "none" || payments.length === 0;
}

/** What came, what went back and what is due, as far as there is any. */
function sums({ payment, owed, currency }) {
  const rows = [["Paid", payment.paid], ["Refunded", payment.refunded], ["Due", payment.due], ["To give back", owed]];
  const shown = rows.filter(([, amount]) => Number(amount) > 0);
  return shown.length > 0 && el("dl.totals", {}, shown.map(([label, amount]) =>
    el("div", {}, el("dt", {}, label), el("dd.money", {}, money(amount, currency)))));
}

function received(payment, currency, desk) {
  const { id, method, title, amount, reference, status, at, allowed } = payment;
  const notes = [status !== "paid" && capitalised(status), reference].filter(Boolean);
  const came = status === "paid" ? money(amount, currency) : el("span.faint", {}, money(amount, currency));
  const settle = allowed?.length > 0 && button(id, (event) => desk.settle(payment, event.currentTarget), "What became of it", icon("chevron-down"));
  return entry(capitalised(title ?? methodName(method)), came, notes, at, settle);
}

function refunded(refund, currency) {
  const notes = [...partsOf(refund), refund.reason, refund.restock && "back in stock", wayBack(refund)].filter(Boolean);
  const name = refund.status === "failed" ? ["Refund ", el("span.tag", {}, "Failed")] : "Refund";
  return entry(name, `−${money(refund.amount, currency)}`, notes, refund.at);
}

function entry(name, amount, notes, at, action = null) {
  return el("li", {},
    el("div", {}, el("span", { dir: "auto" }, name), el("span.money", {}, amount)),
    el("div.line-note", { dir: "auto" }, notes.join(" · "), notes.length > 0 && at && " · ", at && timeOf(at)),
    action);
}

export function returns(order, desk) {
  if (!order.returns.length && !order.returnable) return null;
  return part("Returns", order.returns.length > 0 && el("ul.money-list", {}, order.returns.map((one) => el("li", {},
    el("div", {}, returnLink(one), el("span.tag", {}, capitalised(one.state))),
    el("div", { dir: "auto" }, one.lines.map(piecesOf).join(", ")),
    el("div.line-note", { dir: "auto" }, one.reason, " · ", timeOf(one.at),
      ...(one.replacement ? [" · instead ", orderLink(one.replacement)] : []))))),
    order.returnable && el("div.part-actions", {}, button("return", desk.return, "Return or exchange…")));
}

function returnLink(one) {
  return el("span", {}, `${capitalised(one.kind)} `, orderLink(one));
}

function orderLink({ order, number }) {
  return el("a", { href: `#${order}` }, `#${number}`);
}

export function note(order, desk) {
  return order.note ? editable("Note", "note", desk, el("p.note", { dir: "auto" }, order.note)) : null;
}

export function facts(order) {
  const rows = [
    ["Placed", timeOf(order.created_at)],
    ["Changed", el("span", {}, timeOf(order.updated_at), ` by ${who(order.updated_by ?? {})}`)],
    ["Shop's number", order.display_number],
    ["Tags", order.tags.length > 0 && el("span.cluster", {}, order.tags.map((tag) => el("span.tag", { dir: "auto" }, tag)))],
    ["Channel", order.channel],
    ["Language", order.locale],
    ...Object.entries(order.metadata).map(([name, value]) => [name, value]),
    ["Related order", order.related_order && el("a", { href: `#${order.related_order}` }, "Open it")],
  ];
  const forMachines = [
    ["Source", order.source],
    ["External id", order.external_id],
    ["Id", el("code", {}, order.id)],
    ["Version", String(order.version)],
  ];
  return part("About this order", listed(rows),
    el("details.more-facts", {}, el("summary", { data: { key: "details" } }, "Details"), listed(forMachines)));
}

function listed(rows) {
  return el("dl.facts", {}, rows.filter(([, value]) => value).map(([label, value]) => [el("dt", {}, label), el("dd", {}, value)]));
}

function timeOf(text) {
  return el("time", { datetime: text, title: fullTime(text) }, moment(text));
}

function line(name, content) {
  return el("p.icon-line", {}, icon(name), content);
}

function link(href, text) {
  return el("a", { href }, text);
}
