/**
 * The parts of the customer's page, each built from the order alone; templates/track/_parts.html
 * builds the same from the same order: what is changed here is changed there.
 */

import { el, icon } from "../lib/dom.js";
import { fullTime, moment, money } from "../lib/format.js";
import { choices, quantity, sums, wanted } from "../lib/order-words.js";

const MAP = "https://www.openstreetmap.org/";

/** What a customer is told of the order's status. */
export function sentenceOf(order, words) {
  return words[order.inbound ? "inbound" : "outbound"][order.status] ?? "";
}

/** Whether there is still a moment to expect it at. */
export function expectedAt(order) {
  return order.on_the_way ? order.tracking.eta : null;
}

/** Part → what builds it; `words` are the page's. */
export const PARTS = {
  status: (order, words) => [
    el("p.status-name", { data: { status: order.status } }, el("span.status-dot"), order.status_label),
    el("p.status-words", {}, sentenceOf(order, words)),
    expected(expectedAt(order)),
  ],
  steps: (order) => [el("ol.steps", {}, order.steps.map(step))],
  notices: (order, words) => [refunded(order), ...order.returns.map((one) => returned(one, words)),
    cancellationRequest(order), cancelReason(order)],
  items: (order) => [items(order), totals(order)],
  delivery: (order, words) => [el("dl.facts", {}, facts(order, words))],
};

/** A moment in the reader's own zone, in full when pointed at. */
export function time(at) {
  return el("time", { datetime: at, title: fullTime(at) }, moment(at));
}

function expected(at) {
  const today = at && new Date(at).toDateString() === new Date().toDateString();
  return at && el("p.expected", {}, icon("clock"), el("span", {}, today ? "Expected today, " : "Expected ", time(at)));
}

function step({ status, label, at, state }) {
  const here = state === "current" || state === "stopped";
  const mark = { done: "check", stopped: "close" }[state];
  return el(`li.step.${state}`, { data: { status }, "aria-current": here && "step" },
    el("span.step-mark", {}, mark && icon(mark)),
    el("span.step-label", {}, label),
    at && time(at),
    state === "upcoming" && el("span.visually-hidden", {}, "still to come"));
}

function refunded({ payment, currency }) {
  return Number(payment.refunded) > 0 && el("div.notice.good", {}, icon("check"),
    el("div", {}, "Refunded ", amount(payment.refunded, currency)));
}

function returned({ state, lines }, words) {
  return el("div.notice", {}, icon("arrow-left"),
    el("div", { dir: "auto" }, `${words.return_states[state]}: `, lines.map(({ quantity, name }) => `${quantity} × ${name}`).join(", ")));
}

function cancellationRequest({ cancellation_request: request }) {
  return request && el("div.notice.warning", {}, icon("clock"), el("div", {},
    el("b", {}, "You asked for this to be cancelled."),
    " The shop will answer; you will see it here. Your reason: ",
    el("q", { dir: "auto" }, request.reason)));
}

function cancelReason({ cancel_reason: reason }) {
  return reason && el("div.notice", {}, icon("note"),
    el("div", {}, "Reason given: ", el("q", { dir: "auto" }, reason)));
}

function items(order) {
  if (order.items.length === 0) return el("p.hint", {}, "No items are listed on this order.");
  return el("ul.items", {}, order.items.map((item) => line(item, order.currency)));
}

function line(item, currency) {
  return el("li", {},
    el("span.item-name", { dir: "auto" }, item.name),
    el("span.item-detail", {}, `${quantity(item)} × `, amount(item.unit_price, currency),
      item.sku && [" · ", el("span", { dir: "auto" }, item.sku)],
      Number(item.discount) > 0 && [" · less ", amount(item.discount, currency)]),
    [...choices(item, currency), item.note && `“${item.note}”`].filter(Boolean)
      .map((said) => el("span.item-detail", { dir: "auto" }, said)),
    amount(item.total, currency));
}

function totals(order) {
  return el("dl.totals", {},
    sums(order).map(([name, value]) => [el("dt", { dir: "auto" }, name), el("dd.money", {}, value)]),
    el("dt.total", {}, "Total"), el("dd.total", {}, amount(order.total, order.currency)));
}

function facts(order, words) {
  const { driver, tracking, address, payment, payments, note, currency, called_off: calledOff } = order;
  const paid = !calledOff && words.payment_states[payment.status];
  return [
    order.fulfilment && fact("Wanted", wanted(order.fulfilment)),
    driver && fact("Driver", person(driver)),
    tracking.partner && fact("Delivered by", person(tracking.partner)),
    tracking.carrier && fact("Carrier", tracking.carrier, { dir: "auto" }),
    (tracking.number || tracking.url) && fact("Tracking", parcel(tracking)),
    tracking.location && fact("Last seen", place(tracking.location)),
    order.shipments.length > 0 && fact("Parcels", order.shipments.map(shipment)),
    address && [el("dt", {}, "Address"), el("dd.address", { dir: "auto" }, addressLines(address))],
    fact("Payment", [words.payments[payment.method] ?? payment.method, paid && `, ${paid}`]),
    payments.length > 0 && Number(payment.due) > 0 && !calledOff && fact("Still due", amount(payment.due, currency)),
    order.display_number && fact("Shop's number", order.display_number, { dir: "auto" }),
    note && [el("dt", {}, "Your note"), el("dd.note", { dir: "auto" }, note)],
  ];
}

function fact(name, value, properties = {}) {
  return [el("dt", {}, name), el("dd", properties, value)];
}

function person({ name, phone }) {
  const call = phone && el("a.button.small", { href: `tel:${phone.replaceAll(" ", "")}` }, icon("phone"), phone);
  return el("span.person", {}, el("span", { dir: "auto" }, name), call);
}

function parcel({ number, url }) {
  return url ? outside(url, number ?? "Follow the parcel") : number;
}

function shipment({ carrier, number, url }) {
  const named = [carrier, number].filter(Boolean).join(" ") || "Parcel";
  return el("span.parcel", { dir: "auto" }, url ? outside(url, named) : named);
}

function place({ lat, lng, at }) {
  return [outside(`${MAP}?mlat=${lat}&mlon=${lng}#map=15/${lat}/${lng}`, "On the map"), " ", time(at)];
}

function outside(address, text) {
  return el("a", { href: address, rel: "noopener noreferrer", target: "_blank" }, text);
}

function addressLines({ name, line1, line2, postal_code: code, city, region, country }) {
  const town = [code, city].filter(Boolean).join(" ");
  return [name, line1, line2, town, region, country].filter(Boolean).map((text) => el("span", {}, text));
}

function amount(text, currency) {
  return el("span.money", {}, money(text, currency));
}
