/** Statuses, types and what happened, in human words. */

import { quantity } from "../lib/order-words.js";
import { paymentStory, refundStory, returnStory, settledStory, transferStory } from "./money-words.js";
import { money, moment } from "../lib/format.js";

let labels = {};

/** The labels the server knows: type → status → label. */
export function useLabels(known) {
  labels = known;
}

export function statusLabel(type, status) {
  return labels[type]?.[status] ?? capitalised(status);
}

export function capitalised(code) {
  const words = code.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** "3 × Chai, 2 × Tofu and 4 more" */
export function itemsSummary(items) {
  if (!items.length) return "";
  const named = items.slice(0, 2).map((item) => (item.quantity === 1 ? item.name : `${quantity(item)} × ${item.name}`));
  const rest = items.length - named.length;
  return rest ? `${named.join(", ")} and ${rest} more` : named.join(", ");
}

/** Who did something: a name, or what kind of doer it was. */
export function who(actor) {
  if (actor.name) return actor.name;
  const kinds = { staff: "Staff", script: "A script", customer: "The customer", driver: "The driver", system: "The system" };
  return kinds[actor.kind] ?? "Somebody";
}

/**
 * An event as sentences, given the order as it was before: `{title, details: [text]}`.
 * The title follows the doer's name: "moved it from Pending to Processing".
 */
export function story(event, before) {
  const order = event.order;
  if (event.note) return { title: "noted", details: [event.note.text] };
  if (event.prints) return printStory(event);
  if (event.type === "order.created") return { title: "placed the order", details: [] };
  if (event.type === "order.accepted") return { title: acceptance(order), details: [] };
  if (event.type === "order.unaccepted") return { title: "noticed that nobody has accepted it in time", details: [] };
  if (event.type === "order.woken") return { title: `brought it back from being on hold: ${statusLabel(order.type, order.status)}`, details: [] };
  if (event.type === "order.cancellation_refused") return { title: "refused to cancel", details: [] };
  if (event.type === "payment.recorded") return paymentStory(order);
  if (event.type === "payment.updated") return settledStory(event);
  if (event.type === "refund.updated") return transferStory(event);
  if (event.type === "refund.made") return refundStory(order);
  if (event.type.startsWith("return.")) return returnStory(event);
  if (event.type === "order.cancellation_requested") {
    return { title: "asked to cancel", details: quoted(order.cancellation_request?.reason) };
  }
  const told = (event.changes ?? []).map((name) => SENTENCES[name]?.(order, before)).filter(Boolean);
  const [title = "updated the order", ...others] = told;
  const reasons = event.changes?.includes("cancel_reason") ? quoted(order.cancel_reason) : [];
  return { title: event.undoes ? `undid a change: ${title}` : title, details: [...others.map(capitalised), ...reasons, ...trackingDetails(event, before)] };
}

function printStory({ type, prints: { printed, print_failed: failed } }) {
  if (type === "order.print_failed") return { title: `did not print it: ${failed?.reason}`, details: [] };
  return { title: printed?.times > 1 ? "printed it again" : "printed it", details: [] };
}

function acceptance(order) {
  const readyAt = order?.acceptance?.ready_at;
  return readyAt ? `accepted it, to be ready by ${moment(readyAt)}` : "accepted it";
}

const SENTENCES = {
  status: (order, before) => statusSentence(order, before),
  driver: (order, before) => (order.driver ? `gave it to ${order.driver.name}` : `took it from ${before?.driver?.name ?? "the driver"}`),
  assigned_to: ({ assigned_to: now }, before) => (now ? `assigned it to ${now.name}` : `took it from ${before?.assigned_to?.name ?? "whoever had it"}`),
  tracking: () => "updated the delivery",
  address: () => "changed the address",
  customer: () => "changed the contact",
  items: () => "changed the lines",
  note: (order) => (order.note ? "changed the note" : "removed the note"),
  total: (order) => `brought the total to ${money(order.total, order.currency)}`,
  payment: paymentSentence,
  duplicate_of: ({ duplicate_of: first, allowed }) => (first || !allowed?.length ? null : "settled that it is no duplicate"),
  held_until: ({ held_until: until, status }) => (until ? `on hold until ${moment(until)}` : status === "on_hold" ? "on hold until somebody brings it back" : null),
  acceptance: ({ acceptance: now }) => (now?.ready_at ? `promised it for ${moment(now.ready_at)}` : null),
};

/** What follows from a new total is no news of its own. */
function paymentSentence({ payment }, before) {
  const was = before?.payment ?? {};
  if (payment.status !== was.status) return `set the payment to ${payment.status.replaceAll("_", " ")}`;
  return payment.method === was.method ? null : "changed the payment";
}

function statusSentence(order, before) {
  const now = statusLabel(order.type, order.status);
  if (order.status === "cancelled") return "cancelled the order";
  if (order.status === "declined") return "declined the order";
  return before ? `moved it from ${statusLabel(before.type, before.status)} to ${now}` : `moved it to ${now}`;
}

function trackingDetails(event, before) {
  if (!event.changes?.includes("tracking")) return [];
  const now = event.order.tracking ?? {};
  const was = before?.tracking ?? {};
  return Object.entries(TRACKING).flatMap(([name, tell]) => {
    if (JSON.stringify(now[name] ?? null) === JSON.stringify(was[name] ?? null)) return [];
    return [now[name] ? tell(now[name]) : `${capitalised(name)} removed`];
  });
}

const TRACKING = {
  carrier: (carrier) => `Carrier: ${carrier}`,
  number: (number) => `Tracking number: ${number}`,
  url: (url) => `Link: ${url}`,
  eta: (eta) => `Expected ${moment(eta)}`,
  partner: (partner) => `Partner: ${[partner.name, partner.phone].filter(Boolean).join(", ")}`,
  location: () => "New position",
};

function quoted(text) {
  return text ? [`“${text}”`] : [];
}
