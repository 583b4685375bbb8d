/** Those who are here too, as initials in the header. */

import { el } from "../lib/dom.js";
import { initials } from "../lib/initials.js";

const MOST = 3;

/** Keep `place` as `presence` says. */
export function showHere(place, presence) {
  const draw = () => place.replaceChildren(...avatars(presence.everybody));
  presence.addEventListener("change", draw);
  draw();
}

function avatars(people) {
  if (!people.length) return [];
  const names = `Here too: ${people.map(({ name }) => name).join(", ")}`;
  const shown = people.slice(0, people.length > MOST ? MOST - 1 : MOST).map(({ name }) => initials(name));
  if (people.length > shown.length) shown.push(`+${people.length - shown.length}`);
  return [el("span.here-list", { role: "img", "aria-label": names, title: names }, shown.map((text) => el("span.avatar", {}, text)))];
}

/** "Bea is looking at this too": what the panel says of those who do. */
export function alsoLooking(people) {
  const names = people.map(({ name }) => name);
  if (!names.length) return "";
  if (names.length === 1) return `${names[0]} is looking at this too`;
  const last = names.length > 3 ? `${names.length - 2} others` : names.at(-1);
  const first = names.length > 3 ? names.slice(0, 2) : names.slice(0, -1);
  return `${first.join(", ")} and ${last} are looking at this too`;
}
