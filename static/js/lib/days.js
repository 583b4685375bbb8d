/** Days as the shop's zone has them, across changes of its clocks. A day is text, "2030-03-31". */

const formats = new Map();

function clockOf(zone) {
  if (!formats.has(zone)) {
    formats.set(zone, new Intl.DateTimeFormat("en-US", {
      timeZone: zone, hourCycle: "h23", year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit",
    }));
  }
  return formats.get(zone);
}

/** The moment in milliseconds at which a day begins. */
export function beginning(day, zone) {
  const wanted = Date.parse(`${day}T00:00:00Z`);
  const first = wanted - ahead(wanted, zone);
  // What the clocks said then, and not what they say half a day later.
  return wanted - ahead(first, zone);
}

/** The moment at which a day is over. */
export function end(day, zone) {
  const next = new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
  return beginning(next, zone);
}

/** The day of a moment. */
export function dayOf(moment, zone) {
  return new Date(moment + ahead(moment, zone)).toISOString().slice(0, 10);
}

/** By how many milliseconds the zone's clocks are ahead of UTC at a moment. */
function ahead(moment, zone) {
  const parts = Object.fromEntries(clockOf(zone).formatToParts(moment).map(({ type, value }) => [type, Number(value)]));
  const said = Date.UTC(parts.year, parts.month - 1, parts.day, parts.hour, parts.minute, parts.second);
  return said - Math.floor(moment / 1000) * 1000;
}
