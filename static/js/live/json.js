/** JSON to read: coloured by kind, and every object and list in it can be folded. */

import { el } from "../lib/dom.js";

const OPEN_LEVELS = 2;

/** An element for a parsed value; deeper levels are folded at first. */
export function jsonTree(value) {
  return el("div.json", {}, branch(value, null, 0, true));
}

function branch(value, name, level, isLast) {
  const key = name === null ? [] : [el("span.json-key", {}, JSON.stringify(name)), ": "];
  const comma = isLast ? "" : ",";
  const entries = entriesOf(value);
  if (!entries?.length) return el("div.json-line", {}, key, leaf(value, entries), comma);
  const [open, close] = Array.isArray(value) ? ["[", "]"] : ["{", "}"];
  const inner = entries.map(([inside, each], place) => branch(each, inside, level + 1, place === entries.length - 1));
  return el("details", { open: level < OPEN_LEVELS },
    el("summary", {}, key, open, el("span.json-folded", {}, ` ${entries.length} … ${close}${comma}`)),
    el("div.json-inside", {}, inner),
    el("div.json-line", {}, close, comma));
}

function entriesOf(value) {
  if (Array.isArray(value)) return value.map((each) => [null, each]);
  return value !== null && typeof value === "object" ? Object.entries(value) : null;
}

function leaf(value, entries) {
  if (entries) return Array.isArray(value) ? "[]" : "{}";
  const kind = value === null ? "null" : typeof value;
  return el(`span.json-${kind}`, { dir: kind === "string" ? "auto" : null }, JSON.stringify(value));
}
