/** One order as its driver sees it: where to go, whom to call, what to collect, what comes next. */

import { el, icon } from "../lib/dom.js";
import { money } from "../lib/format.js";
import { choices, quantity, wanted } from "../lib/order-words.js";

const MAP = "https://www.openstreetmap.org/";
const MOVES = {
  outbound: { shipped: "On my way", delivered: "Delivered", failed: "Not delivered" },
  inbound: { shipped: "Collected", delivered: "Handed in", failed: "Not collected" },
};

/** The card of an order; `move(status)` is called when the driver chooses what comes next. */
export function card(order, move) {
  return el("li.card.drive", { data: { order: order.id } },
    el("header", {},
      el("h2", {}, el("span.number", {}, `#${order.number}`),
        order.inbound && el("span.faint", {}, "collection")),
      el("span.badge.large", { data: { status: order.status } }, order.status_label)),
    el("div.body", {},
      el("div", {},
        el("p.who", { dir: "auto" }, order.customer.name),
        order.customer.company && el("p.muted", { dir: "auto" }, order.customer.company)),
      order.fulfilment && el("p.when", {}, icon("clock"), wanted(order.fulfilment)),
      order.address && el("p.where", { dir: "auto" }, addressText(order.address)),
      instructions(order).map((text) => el("p.said", { dir: "auto" }, text)),
      reach(order), collect(order), pieces(order),
      order.note && el("p.said", { dir: "auto" }, order.note)),
    order.allowed.length > 0 && el("footer.moves", {}, order.allowed.map((status) => moveButton(order, status, move))));
}

/** What a move is called on the driver's page. */
export function moveLabel(order, status) {
  return MOVES[order.inbound ? "inbound" : "outbound"][status] ?? status;
}

function addressText({ name, line1, line2, postal_code: code, city, region, country }) {
  const town = [code, city].filter(Boolean).join(" ");
  return [name, line1, line2, town, region, country].filter(Boolean).join("\n");
}

function instructions({ fulfilment, address }) {
  return [fulfilment?.instructions, address?.instructions].filter(Boolean);
}

function reach({ number, customer, address }) {
  const phone = address?.phone ?? customer.phone;
  const call = phone && el("a.button", { href: `tel:${phone.replaceAll(" ", "")}`, "aria-label": `Call ${customer.name}, ${phone}` }, icon("phone"), "Call");
  const map = address && el("a.button", { href: mapAddress(address), rel: "noopener noreferrer", target: "_blank", "aria-label": `Map for order ${number}` }, icon("pin"), "Map");
  return (call || map) && el("div.reach", {}, call, map);
}

function mapAddress(address) {
  const { lat, lng, line1, city, postal_code: code, country } = address;
  if (lat !== null && lng !== null) return `${MAP}?mlat=${lat}&mlon=${lng}#map=17/${lat}/${lng}`;
  const text = [line1, [code, city].filter(Boolean).join(" "), country].filter(Boolean).join(", ");
  return `${MAP}search?query=${encodeURIComponent(text)}`;
}

function collect({ payment, currency }) {
  const due = payment.method === "cod" && payment.status !== "authorized" && Number(payment.due) > 0;
  return due && el("p.collect", {}, "Collect in cash", el("span.money", {}, money(payment.due, currency)));
}

function pieces({ items, currency }) {
  return items.length > 0 && el("ul.pieces", {}, items.map((item) =>
    el("li", {}, el("b", {}, `${quantity(item)} ×`), " ", el("span", { dir: "auto" }, item.name),
      choices(item, currency).map((choice) => el("div.muted", { dir: "auto" }, choice)))));
}

function moveButton(order, status, move) {
  const kind = { failed: "danger", delivered: "primary" }[status] ?? (order.allowed.length === 1 ? "primary" : "plain");
  return el(`button.button.${kind}`, { type: "button", data: { move: status }, onclick: () => move(status) }, moveLabel(order, status));
}
