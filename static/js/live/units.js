/** Durations, sizes and moments, short enough for a column. */

import { count } from "../lib/format.js";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const KB = 1000;
const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit", fractionalSecondDigits: 3, hourCycle: "h23" });

/** `14:05:09.123` */
export function preciseTime(at) {
  return clock.format(at);
}

/** "8 ms", "1.2 s", "3 min", "5 h" */
export function duration(ms) {
  if (ms < SECOND) return `${Math.round(ms)} ms`;
  if (ms < 10 * SECOND) return `${(ms / SECOND).toFixed(1)} s`;
  if (ms < MINUTE) return `${Math.round(ms / SECOND)} s`;
  return ms < HOUR ? `${Math.floor(ms / MINUTE)} min` : `${Math.floor(ms / HOUR)} h`;
}

/** "84 B", "1.2 kB", "3.4 MB" */
export function size(bytes) {
  if (bytes < KB) return `${bytes} B`;
  const [amount, unit] = bytes < KB * KB ? [bytes / KB, "kB"] : [bytes / KB / KB, "MB"];
  return `${amount.toFixed(amount < 100 ? 1 : 0)} ${unit}`;
}

/** "0", "0.4", "12", "1,234" */
export function rate(number) {
  if (number === 0 || number >= 10) return count(Math.round(number));
  return number.toFixed(1);
}

export function median(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}
