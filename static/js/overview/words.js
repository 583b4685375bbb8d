/** Durations, changes and times of the shop's zone, as people read them. */

const percent = new Intl.NumberFormat(undefined, { style: "percent", maximumFractionDigits: 0, signDisplay: "exceptZero" });
const share = new Intl.NumberFormat(undefined, { style: "percent", maximumFractionDigits: 0 });
const compact = new Intl.NumberFormat(undefined, { notation: "compact", maximumFractionDigits: 1 });
const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const UNITS = [[DAY, "d", HOUR, "h"], [HOUR, "h", MINUTE, "min"], [MINUTE, "min", 1, "s"]];

/** Seconds → "42 s", "7 min 5 s", "3 h 20 min", "2 d 4 h"; "–" for none. */
export function duration(seconds) {
  if (seconds === null) return "–";
  for (const [large, name, small, rest] of UNITS) {
    if (seconds < large) continue;
    const parts = Math.round(seconds / small);
    const [whole, more] = [Math.floor((parts * small) / large), Math.round(((parts * small) % large) / small)];
    // Beyond ten of the one the other says nothing: the times are a little off anyway.
    return more && whole < 10 ? `${whole} ${name} ${more} ${rest}` : `${whole} ${name}`;
  }
  return `${Math.round(seconds)} s`;
}

/** How a number has changed: `{text, trend}`, with -1, 0, 1 for down, even and up. */
export function change(now, before) {
  if (!before) return { text: now ? "new" : "", trend: now ? 1 : 0 };
  const by = (now - before) / before;
  return { text: Math.abs(by) < 0.005 ? "±0%" : percent.format(by), trend: Math.abs(by) < 0.005 ? 0 : Math.sign(by) };
}

/** A part of a whole, as "12%". */
export function shareOf(part, whole) {
  return whole ? share.format(part / whole) : "";
}

/** An amount for an axis: "€1.2K". */
export function shortMoney(currency) {
  try {
    const format = new Intl.NumberFormat(undefined, { style: "currency", currency, currencyDisplay: "narrowSymbol", notation: "compact", maximumFractionDigits: 1 });
    return (value) => format.format(value);
  } catch {
    return shortCount;
  }
}

export function shortCount(value) {
  return compact.format(value);
}

/** How intervals and periods are named in a zone. */
export class Dates {
  #formats;

  constructor(zone) {
    const make = (options) => new Intl.DateTimeFormat(undefined, { timeZone: zone, ...options });
    this.#formats = {
      hour: make({ hour: "2-digit", minute: "2-digit" }),
      day: make({ day: "numeric", month: "short" }),
      dayAndHour: make({ weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" }),
      wholeDay: make({ weekday: "short", day: "numeric", month: "short", year: "numeric" }),
    };
  }

  /** Below an axis: an hour, or a day where hours begin one. */
  short(at, interval, isNewDay) {
    return this.#formats[interval === "hour" && !isNewDay ? "hour" : "day"].format(new Date(at));
  }

  /** In full: "Mon, 4 Mar, 09:00", "Mon, 4 Mar 2030", "4 Mar – 10 Mar". */
  long(from, to, interval) {
    if (interval === "hour") return this.#formats.dayAndHour.format(new Date(from));
    if (interval === "day") return this.#formats.wholeDay.format(new Date(from));
    return this.#formats.wholeDay.formatRange(new Date(from), new Date(Date.parse(to) - 1));
  }

  /** A period: "Mon, 4 Mar 2030", or from one to another. */
  range(from, to) {
    return this.#formats.wholeDay.formatRange(new Date(from), new Date(Date.parse(to) - 1));
  }

  day(at) {
    return this.#formats.day.format(new Date(at));
  }
}
