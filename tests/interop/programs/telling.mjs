/** What the programs share; see telling.py. */

import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

export const [URL, HEADERS] = JSON.parse(process.argv[2]);
export const TYPES = ["order.created", "order.updated", "order.cancelled", "heartbeat", "reset", "end"];
const require = createRequire(`${process.env.MODULES}/`);

/** A package's exports; of an old one only some may have names of their own. */
export async function load(name) {
  const found = await import(pathToFileURL(require.resolve(name)));
  return { ...found.default, ...found };
}

export function say(type, id, data) {
  process.stdout.write(`${JSON.stringify({ type, id: id ?? "", data })}\n`);
}

/** What any kind of EventSource tells its listeners. */
export function listenTo(source) {
  for (const type of TYPES) {
    source.addEventListener(type, ({ lastEventId, data }) => say(type, lastEventId, data));
  }
}

export const fetchWithHeaders = (address, init) =>
  fetch(address, { ...init, headers: { ...init.headers, ...HEADERS } });

process.stdin.on("end", () => process.exit(0)).resume();
