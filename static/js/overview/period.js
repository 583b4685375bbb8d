/**
 * Which period is shown: kept in the address, as `?period=7days` or `?from=2030-01-01&to=2030-01-31`,
 * with `interval` and `currency` where they were chosen. Days are those of the shop's zone.
 */

const FIRST = "today";
const DAY = /^\d{4}-\d{2}-\d{2}$/;
/** Name → how many days ago it began and ended (null: it goes on), and what is beside it. */
const PERIODS = {
  today: { begin: 0, end: null, before: "yesterday until now" },
  yesterday: { begin: 1, end: 1, before: "the day before" },
  "7days": { begin: 6, end: null, before: "the 7 days before" },
  "30days": { begin: 29, end: null, before: "the 30 days before" },
  month: { begin: "month", end: null, before: "as many days before" },
  custom: { before: "as many days before" },
};

/** What an address asks for; what makes no sense is left out. */
export function readAddress(search) {
  const asked = new URLSearchParams(search);
  const [from, to] = [asked.get("from") ?? "", asked.get("to") ?? ""];
  const isCustom = DAY.test(from) && DAY.test(to);
  const named = asked.get("period");
  return {
    period: isCustom ? "custom" : named !== "custom" && named in PERIODS ? named : FIRST,
    ...(isCustom && { from, to }),
    interval: asked.get("interval") ?? "",
    currency: asked.get("currency") ?? "",
  };
}

/** The address of a choice, without what is usual. */
export function addressOf({ period, from, to, interval, currency }) {
  const query = new URLSearchParams();
  if (period === "custom") query.set("from", from), query.set("to", to);
  else if (period !== FIRST) query.set("period", period);
  if (interval) query.set("interval", interval);
  if (currency) query.set("currency", currency);
  return query.size ? `?${query}` : location.pathname;
}

/** What the API is asked for a choice. */
export function questionOf(chosen, zone, now = new Date()) {
  const query = new URLSearchParams({ ...daysOf(chosen, zone, now), compare: "previous" });
  if (chosen.interval) query.set("interval", chosen.interval);
  if (chosen.currency) query.set("currency", chosen.currency);
  return query;
}

/** The first and the last day of a choice; without a last one it goes on. */
export function daysOf({ period, from, to }, zone, now = new Date()) {
  if (period === "custom") return { from, to };
  const today = new Intl.DateTimeFormat("en-CA", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" }).format(now);
  const { begin, end } = PERIODS[period];
  const first = begin === "month" ? `${today.slice(0, 8)}01` : daysBefore(today, begin);
  return end === null ? { from: first } : { from: first, to: daysBefore(today, end) };
}

/** What is shown beside a period. */
export function beforeOf({ period }) {
  return PERIODS[period].before;
}

/** Whether what happens now is in a period. */
export function goesOn(chosen, zone) {
  const { to } = daysOf(chosen, zone);
  return to === undefined || to >= daysOf({ period: "today" }, zone).from;
}

function daysBefore(day, days) {
  const date = new Date(`${day}T12:00:00Z`);
  date.setUTCDate(date.getUTCDate() - days);
  return date.toISOString().slice(0, 10);
}
