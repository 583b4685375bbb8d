/** When an order is wanted, which of two is more urgent, and how that is said. */

import { age, fullTime, moment } from "../lib/format.js";

const MINUTE = 60_000;
const SOON_MS = 10 * MINUTE;

/** When it has to be ready or there, as far as anybody has said; null where nobody has. A promise of
 *  when it is ready counts until it is. */
export function dueAt({ due_at: due, acceptance, fulfilment, times }) {
  const isReady = Boolean(times?.ready ?? times?.shipped);
  if (!isReady || due !== acceptance?.ready_at) return due ?? null;
  return fulfilment?.until ?? fulfilment?.from ?? null;
}

/** What is due first comes first; after all of those, what waits for nothing, the oldest first. */
export function byUrgency(a, b) {
  const [dueA, dueB] = [dueAt(a), dueAt(b)];
  if (dueA !== dueB) {
    if (dueA === null) return 1;
    if (dueB === null) return -1;
    const apart = Date.parse(dueA) - Date.parse(dueB);
    if (apart) return apart;
  }
  if (a.created_at !== b.created_at) return a.created_at < b.created_at ? -1 : 1;
  return a.number - b.number;
}

/**
 * How pressing it is: "late", "soon" or "" for neither.
 *
 * An order with a time is late after it and soon ten minutes before. One without is measured by its
 * age, in minutes, where `ages` says from when on.
 */
export function pressure(order, now, ages = null) {
  const due = dueAt(order);
  if (due !== null) return grade(now - Date.parse(due), -SOON_MS, 0);
  return ages ? grade(now - Date.parse(order.created_at), ages.soon * MINUTE, ages.late * MINUTE) : "";
}

function grade(passed, soon, late) {
  if (passed >= late) return "late";
  return passed >= soon ? "soon" : "";
}

/** The time to show for it, `{text, title, at}`: by when it is due, or how old it is. */
export function timeOf(order, now) {
  const due = dueAt(order);
  const placed = `Placed ${fullTime(order.created_at)}`;
  if (due === null) return { text: age(order.created_at, now), title: placed, at: order.created_at };
  return { text: dueWords(due, now), title: `Due ${fullTime(due)}. ${placed}`, at: due };
}

function dueWords(due, now) {
  const left = Date.parse(due) - now;
  if (left < 0) return `${age(due, now).replace("now", "0s")} late`;
  if (left < 60 * MINUTE) return `in ${Math.ceil(left / MINUTE)}m`;
  return moment(due, new Date(now));
}
