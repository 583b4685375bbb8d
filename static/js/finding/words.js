/** Filters in human words, and their days as the address has them: moments. */

import { capitalised } from "../board/words.js";
import { beginning, dayOf, end } from "../lib/days.js";
import { moment, money } from "../lib/format.js";

const NAMES = {
  assigned_to: "Assigned to", driver: "Driver", payment: "Payment", channel: "Channel", tag: "Tag", method: "Method",
  created_from: "Placed from", created_to: "Placed until", due_before: "Due by", total_from: "At least", total_to: "At most",
};
/** Filters that end with a day: the moment in the address is the first one after it. */
const ENDS = new Set(["created_to", "due_before"]);

/** The moment that a day of a filter means, as text; of no day none. */
export function momentOf(name, day, zone) {
  if (!day) return "";
  return new Date((ENDS.has(name) ? end : beginning)(day, zone)).toISOString();
}

/** The day that a filter's moment means; none where it is another time of day. */
export function dayIn(name, text, zone) {
  const at = Date.parse(text);
  if (Number.isNaN(at)) return "";
  const day = dayOf(ENDS.has(name) ? at - 1 : at, zone);
  return momentOf(name, day, zone) === new Date(at).toISOString() ? day : "";
}

/** What narrows the list beside statuses, types and the search: `[{name, value, label}]`. */
export function narrowings(filter, { zone, currency, drivers, team }) {
  const driver = (id) => drivers.find((one) => one.id === id)?.name ?? id;
  const member = (id) => ({ me: "me", none: "nobody" })[id] ?? team.find((one) => String(one.id) === id)?.name ?? id;
  const say = {
    assigned_to: member, driver, payment: capitalised, method: capitalised,
    created_from: day, created_to: day, due_before: day, total_from: amount, total_to: amount,
  };
  return Object.keys(NAMES).flatMap((name) => [filter[name] ?? []].flat().filter(Boolean)
    .map((value) => ({ name, value, label: `${NAMES[name]}: ${(say[name] ?? String)(value, name)}` })));

  function day(text, name) {
    const found = dayIn(name, text, zone);
    if (!found) return Number.isNaN(Date.parse(text)) ? text : moment(text);
    return new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeZone: "UTC" }).format(Date.parse(found));
  }

  function amount(text) {
    return Number.isNaN(Number(text)) ? text : money(text, currency);
  }
}
