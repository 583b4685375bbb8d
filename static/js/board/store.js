/**
 * What the board knows. No page, no network: orders and events go in, the rows to show come out.
 *
 * `known` holds every order heard of, in its newest version, whether shown or not. What is shown
 * follows from it: orders down to the `horizon` (the last one read page by page, null once all
 * were read) that match the filter, sorted as it says, at most `size`. So however events and pages
 * arrive, the rows are those that a fresh reading would give.
 *
 * These orders stand in `rows`, kept sorted: a change costs a search by halves, never a sorting.
 * `beyond` are the ids of those below the horizon, which wait for the page they belong to.
 */

import { fits, NO_FILTER, precedes, rankOf } from "./filter.js";

export const PAGE = 100;
const MANY = 5000;

export { NO_FILTER };

/** A board before anything was read. */
export function createStore(filter = NO_FILTER) {
  return { size: PAGE, position: null, prints: new Map(), ...emptied(filter) };
}

/**
 * Take the newest orders as read from the server: `{orders, next, position}`.
 * Kept is what was heard behind that position while the answer was on its way.
 */
export function replace(store, { orders, next, position }, filter = store.filter) {
  const goesOn = sameEpoch(store.position, position);
  const kept = goesOn ? heardBehind(store, number(position)) : [];
  Object.assign(store, emptied(filter), { position: later(store.position, position) });
  take(store, { orders, next });
  for (const [order, heard] of kept) {
    store.heard.set(order.id, heard);
    keep(store, order);
  }
}

/** Take a further page, read behind the horizon. */
export function take(store, { orders, next }) {
  for (const { id } of orders) store.found?.add(id);
  store.next = next;
  store.horizon = next ? lastOf(orders) ?? store.horizon : null;
  for (const order of orders) if (!keep(store, order)) place(store, store.known.get(order.id));
  for (const id of store.beyond) place(store, store.known.get(id));
}

/**
 * Take an event. Answers "new" for an order not heard of before, "changed" for a newer version
 * of one, "printed" where only its paper is news, "stale" where nothing newer was said.
 */
export function apply(store, event) {
  store.position = later(store.position, event.id);
  if (event.prints) return takePrints(store, event.prints);
  if (!event.order) return "stale";
  const before = store.known.get(event.order.id);
  store.heard.set(event.order.id, number(event.id));
  if (!keep(store, event.order)) return "stale";
  return before || event.order.version > 1 ? "changed" : "new";
}

/** Take one order as an answer showed it; whether that was news. */
export function absorb(store, order) {
  if (!keep(store, order)) return false;
  // An answer carries no position; being news, it lies behind all that was heard so far.
  store.heard.set(order.id, number(store.position) + 1);
  return true;
}

/** How many there are to show. */
export function count(store) {
  return Math.min(store.rows.length, store.size);
}

/** Which place an order has, or would have, among those to show. */
export function placeOf({ rows, filter }, order) {
  let first = 0;
  let end = rows.length;
  while (first < end) {
    const middle = (first + end) >> 1;
    if (precedes(filter, rows[middle], order)) first = middle + 1;
    else end = middle;
  }
  return first;
}

/** The place of the order of an id; -1 where it is not to be shown. */
export function find(store, id) {
  const order = store.known.get(id);
  const at = order ? indexOf(store, order) : -1;
  return at < store.size ? at : -1;
}

/** Whether there are more orders than are shown, here or at the server. */
export function hasMore(store) {
  return Boolean(store.next) || store.rows.length > store.size;
}

/** Whether a further page has to be read to fill what should be shown. */
export function wantsPage(store) {
  return Boolean(store.next) && store.rows.length < store.size;
}

/** Show one page more. */
export function grow(store) {
  store.size += PAGE;
}

/** How many orders to have for somebody who looks as far as this place: half a page beyond it. */
export function sizeFor(place) {
  return PAGE * Math.ceil((place + PAGE / 2) / PAGE || 1);
}

/** Whether an event may have changed what the search finds: then the server is asked again. */
export function searchAffected(store, event) {
  if (!store.found || !event.order) return false;
  if (store.filter.at_risk || !store.found.has(event.order.id)) return true;
  return event.changes.some((name) => ["customer", "address", "items"].includes(name));
}

/** Whether so much was gathered that reading afresh is better than keeping it. */
export function isOvergrown(store) {
  return store.known.size > MANY + store.size;
}

/** The channels or tags that the orders at hand have. */
export function seen(store, name) {
  const has = [...store.known.values()].flatMap((order) => (name === "tag" ? order.tags : [order.channel]));
  return [...new Set(has.filter(Boolean))].sort();
}

/** Whether an order belongs to what the filter shows, as far as can be told here. */
export function matches({ filter, found }, order) {
  if (found && !found.has(order.id)) return false;
  return fits(filter, order);
}

function emptied(filter) {
  const found = filter.q || filter.at_risk ? new Set() : null;
  return { filter, found, known: new Map(), heard: new Map(), rows: [], beyond: new Set(), horizon: null, next: null };
}

function keep(store, order) {
  const before = store.known.get(order.id);
  if (before && before.version >= order.version) return false;
  const newest = withPrints(order, store.prints.get(order.id));
  store.known.set(order.id, newest);
  place(store, newest, before);
  return true;
}

/**
 * What becomes of its paper makes no version of an order, so it comes with events of its own, and
 * is kept beside the orders: one may be read from the past behind it.
 */
function takePrints(store, prints) {
  const { order_id: id } = prints;
  store.prints.delete(id);
  store.prints.set(id, prints);
  if (store.prints.size > MANY) store.prints.delete(store.prints.keys().next().value);
  const before = store.known.get(id);
  const order = before && withPrints(before, prints);
  if (order === before) return "stale";
  store.known.set(id, order);
  place(store, order, before);
  return "printed";
}

/** An order with what was heard of its paper, where that is newer. */
function withPrints(order, heard) {
  if (!heard || lastPrint(heard) <= lastPrint(order)) return order;
  return { ...order, printed: heard.printed, print_failed: heard.print_failed };
}

function lastPrint({ printed, print_failed: failed }) {
  const [done, tried] = [printed?.at ?? "", failed?.at ?? ""];
  return done > tried ? done : tried;
}

/** Put an order where it belongs; `before` is what may stand in its place. */
function place(store, order, before = order) {
  const { rows, beyond, horizon, filter } = store;
  const at = indexOf(store, before);
  const isBeyond = Boolean(horizon) && precedes(filter, horizon, order);
  const belongs = !isBeyond && matches(store, order);
  beyond[isBeyond ? "add" : "delete"](order.id);
  if (belongs && at >= 0 && sameRank(filter, before, order)) rows[at] = order;
  else {
    if (at >= 0) rows.splice(at, 1);
    if (belongs) rows.splice(placeOf(store, order), 0, order);
  }
}

function indexOf(store, order) {
  const at = placeOf(store, order);
  return store.rows[at]?.id === order.id ? at : -1;
}

function sameRank(filter, a, b) {
  return !precedes(filter, a, b) && !precedes(filter, b, a);
}

function heardBehind(store, reached) {
  return [...store.heard].filter(([, heard]) => heard > reached).map(([id, heard]) => [store.known.get(id), heard]);
}

function lastOf(orders) {
  const last = orders.at(-1);
  return last ? rankOf(last) : null;
}

function later(a, b) {
  if (!a || !sameEpoch(a, b)) return b;
  return number(b) > number(a) ? b : a;
}

function sameEpoch(a, b) {
  return Boolean(a) && a.split("-")[0] === b.split("-")[0];
}

/** The counting part of a position such as `9c41-1042`. */
export function number(position) {
  return position ? Number(position.split("-")[1]) : 0;
}
