/** Money, times and counts as people read them, in the browser's language and time zone. */

const counts = new Intl.NumberFormat();
const moneyFormats = new Map();
const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const dayAndClock = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
const yearDayAndClock = new Intl.DateTimeFormat(undefined, { year: "numeric", month: "short", day: "numeric", hour: "2-digit", minute: "2-digit" });
const fullMoment = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "medium" });

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** `1234` → "1,234" */
export function count(number) {
  return counts.format(number);
}

/** `("1234.50", "USD")` → "$1,234.50": every digit of the text is kept, no float in between. */
export function money(amount, currency) {
  const digits = (String(amount).split(".")[1] ?? "").length;
  return moneyFormat(currency, digits).format(String(amount));
}

function moneyFormat(currency, digits) {
  const key = `${currency}${digits}`;
  if (!moneyFormats.has(key)) moneyFormats.set(key, makeMoneyFormat(currency, digits));
  return moneyFormats.get(key);
}

function makeMoneyFormat(currency, digits) {
  const exact = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  try {
    return new Intl.NumberFormat(undefined, { style: "currency", currency, currencyDisplay: "narrowSymbol", ...exact });
  } catch {
    return new Intl.NumberFormat(undefined, exact);
  }
}

/** How long ago, short and never negative: "now", "42s", "7m", "3h", "5d", "11w", "2y". */
export function age(moment, now = Date.now()) {
  const passed = now - Date.parse(moment);
  if (passed < 5 * SECOND) return "now";
  if (passed < MINUTE) return `${Math.floor(passed / SECOND)}s`;
  if (passed < HOUR) return `${Math.floor(passed / MINUTE)}m`;
  if (passed < DAY) return `${Math.floor(passed / HOUR)}h`;
  if (passed < 14 * DAY) return `${Math.floor(passed / DAY)}d`;
  if (passed < 365 * DAY) return `${Math.floor(passed / (7 * DAY))}w`;
  return `${Math.floor(passed / (365 * DAY))}y`;
}

/** "14:05" today, "3 Nov, 14:05" this year, with the year before that. */
export function moment(text, now = new Date()) {
  const at = new Date(text);
  if (at.toDateString() === now.toDateString()) return clock.format(at);
  return (at.getFullYear() === now.getFullYear() ? dayAndClock : yearDayAndClock).format(at);
}

/** The moment in full, for titles. */
export function fullTime(text) {
  return fullMoment.format(new Date(text));
}

/** "1 order", "2 orders" */
export function plural(number, one, many = `${one}s`) {
  return `${count(number)} ${number === 1 ? one : many}`;
}

const ordinals = new Intl.PluralRules("en", { type: "ordinal" });
const ENDINGS = { one: "st", two: "nd", few: "rd", other: "th" };

/** `4` → "4th" */
export function nth(number) {
  return `${count(number)}${ENDINGS[ordinals.select(number)]}`;
}

/** Sums of several currencies, `[{total, currency}]` → "€312.00 + $20.00"; of nothing one zero. */
export function amounts(sums) {
  const some = sums.filter(({ total }) => Number(total) !== 0);
  return (some.length ? some : sums.slice(0, 1)).map(({ total, currency }) => money(total, currency)).join(" + ");
}
