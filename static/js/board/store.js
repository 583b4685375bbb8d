/**
 * What the board knows. No page, no network: orders and events go in, the rows to show come out.
 *
 * `known` holds every order heard of, in its newest version, whether shown or not. What is shown
 * follows from it: orders down to the `horizon` (the oldest one read page by page, null once all
 * were read) that match the filter, newest first, at most `size`. So however events and pages
 * arrive, the rows are those that a fresh reading would give.
 */

const PAGE = 100;
const MANY = 5000;

export const NO_FILTER = Object.freeze({ q: "", status: Object.freeze([]), type: Object.freeze([]) });

/** A board before anything was read. */
export function createStore(filter = NO_FILTER) {
  return {
    filter,
    known: new Map(),
    heard: new Map(),
    found: null,
    ranked: null,
    horizon: null,
    next: null,
    size: PAGE,
    position: null,
  };
}

/**
 * Take the newest orders as read from the server: `{orders, next, position}`.
 * Kept is what was heard behind that position while the answer was on its way.
 */
export function replace(store, { orders, next, position }, filter = store.filter) {
  const kept = sameEpoch(store.position, position) ? heardBehind(store, number(position)) : [];
  store.known = new Map();
  store.heard = new Map(kept.map(([order, heard]) => [order.id, heard]));
  store.filter = filter;
  store.found = filter.q ? new Set() : null;
  store.horizon = null;
  store.position = later(store.position, position);
  for (const order of orders) keep(store, order);
  for (const [order] of kept) keep(store, order);
  take(store, { orders, next });
}

/** Take a further page, read behind the horizon. */
export function take(store, { orders, next }) {
  for (const order of orders) {
    keep(store, order);
    store.found?.add(order.id);
  }
  store.next = next;
  store.horizon = next ? lastOf(orders) ?? store.horizon : null;
  store.ranked = null;
}

/**
 * Take an event. Answers "new" for an order not heard of before, "changed" for a newer version
 * of one, "stale" where nothing newer was said.
 */
export function apply(store, event) {
  store.position = later(store.position, event.id);
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

/** The orders to show, in their order. */
export function visible(store) {
  return firstMatching(store, store.size);
}

/** Whether there are more orders than are shown, here or at the server. */
export function hasMore(store, shown) {
  return Boolean(store.next) || firstMatching(store, shown + 1).length > shown;
}

/** Whether a further page has to be read to fill what should be shown. */
export function wantsPage(store, shown) {
  return Boolean(store.next) && shown < store.size;
}

/** Show one page more. */
export function grow(store) {
  store.size += PAGE;
}

/** Whether an event may have changed what the search finds: then the server is asked again. */
export function searchAffected(store, event) {
  if (!store.found || !event.order) return false;
  if (!store.found.has(event.order.id)) return true;
  return event.changes.some((name) => ["customer", "address", "items"].includes(name));
}

/** Whether so much was gathered that reading afresh is better than keeping it. */
export function isOvergrown(store) {
  return store.known.size > MANY + store.size;
}

/** Whether an order belongs to what the filter shows, as far as can be told here. */
export function matches({ filter, found }, order) {
  if (found && !found.has(order.id)) return false;
  if (filter.status.length && !filter.status.includes(order.status)) return false;
  return !filter.type.length || filter.type.includes(order.type);
}

function keep(store, order) {
  const before = store.known.get(order.id);
  if (before && before.version >= order.version) return false;
  if (!before || before.created_at !== order.created_at) store.ranked = null;
  store.known.set(order.id, order);
  return true;
}

function firstMatching(store, most) {
  const rows = [];
  for (const id of ranking(store)) {
    const order = store.known.get(id);
    if (rows.length === most || (store.horizon && precedes(store.horizon, order))) break;
    if (matches(store, order)) rows.push(order);
  }
  return rows;
}

function ranking(store) {
  store.ranked ??= [...store.known.values()].sort((a, b) => (precedes(a, b) ? -1 : 1)).map(({ id }) => id);
  return store.ranked;
}

/** Newest first, and of those placed together the one with the higher number. */
function precedes(a, b) {
  if (a.created_at !== b.created_at) return a.created_at > b.created_at;
  return a.number > b.number;
}

function heardBehind(store, reached) {
  return [...store.heard].filter(([, heard]) => heard > reached).map(([id, heard]) => [store.known.get(id), heard]);
}

function lastOf(orders) {
  const last = orders.at(-1);
  return last ? { created_at: last.created_at, number: last.number } : null;
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
