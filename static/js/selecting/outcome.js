/** What became of a change of many orders, where not all went: which not, and why. */

import { el } from "../lib/dom.js";
import { count, plural } from "../lib/format.js";

const MOST_NAMED = 12;

/** Show it. `failed`: `{id, why}` each; `numberOf(id)` is what people call the order. */
export function showOutcome(title, failed, numberOf) {
  const dialog = el("dialog.modal", { "aria-labelledby": "outcome-title" },
    el("div.body", {},
      el("h2", { id: "outcome-title" }, title),
      el("p", {}, `${plural(failed.length, "order")} stayed as ${failed.length === 1 ? "it was" : "they were"}, and ${failed.length === 1 ? "is" : "are"} still selected:`),
      el("ul.outcome", {}, [...byReason(failed)].map(([why, ids]) => el("li", {}, el("b", {}, named(ids.map(numberOf))), el("span", { dir: "auto" }, ` ${why}`)))),
      el("form.actions", { method: "dialog" }, el("button.button.primary", {}, "Close"))));
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

function byReason(failed) {
  const groups = new Map();
  for (const { id, why } of failed) groups.set(why, [...(groups.get(why) ?? []), id]);
  return groups;
}

function named(names) {
  const rest = names.length - MOST_NAMED;
  const some = names.slice(0, MOST_NAMED).join(", ");
  return rest > 0 ? `${some} and ${count(rest)} more:` : `${some}:`;
}
