/** How a wall is set on this device: from which age on an order is pressing, and how large it is written. */

import { ask } from "../lib/ask.js";
import { el } from "../lib/dom.js";

const NAME = "orderboard.wall";
const USUAL = { soon: 10, late: 20, size: "1" };
const SIZES = { "0.75": "Small", 1: "Usual", "1.3": "Large", "1.7": "Very large" };
const MOST_MINUTES = 10_000;

/** `{soon, late, size}`: ages in minutes, and how many times as large as usual. */
export function readSettings() {
  try {
    return sound({ ...USUAL, ...JSON.parse(localStorage.getItem(NAME) ?? "{}") });
  } catch {
    return USUAL;
  }
}

/** Ask for them in a dialog. Answers the new ones, or null where nothing is to change. */
export async function askSettings(now) {
  const answer = await ask("The wall on this device", "Save", "Back", false, [
    minutes("soon", "Amber after", now.soon),
    minutes("late", "Red after", now.late, "Minutes since the order was placed. One with a promised time is amber ten minutes before it, and red after it."),
    el("div.field", {},
      el("label", { for: "wall-size" }, "Size of the text"),
      el("select", { id: "wall-size", name: "size" },
        Object.entries(SIZES).map(([size, words]) => el("option", { value: size, selected: size === now.size }, words)))),
  ]);
  if (!answer) return null;
  const chosen = sound({ soon: Number(answer.get("soon")), late: Number(answer.get("late")), size: answer.get("size") });
  try {
    localStorage.setItem(NAME, JSON.stringify(chosen));
  } catch {
    // Some browsers keep nothing; then it holds for this page.
  }
  return chosen;
}

function minutes(name, label, value, hint = null) {
  const id = `wall-${name}`;
  return el("div.field", {},
    el("label", { for: id }, label),
    el("input", { id, name, type: "number", min: "1", max: String(MOST_MINUTES), required: true, value, "aria-describedby": hint ? `${id}-hint` : null }),
    hint ? el("p.hint", { id: `${id}-hint` }, hint) : null);
}

/** Whatever was stored: minutes in their order, a size that there is. */
function sound({ soon, late, size }) {
  const whole = (number, usual) => (Number.isFinite(number) && number > 0 ? number : usual);
  const amber = whole(soon, USUAL.soon);
  return { soon: amber, late: Math.max(amber, whole(late, USUAL.late)), size: String(size) in SIZES ? String(size) : USUAL.size };
}
