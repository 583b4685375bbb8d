/** Two people changed one order: both versions side by side, and who saves chooses. */

import { el } from "../lib/dom.js";
import { openForm } from "../lib/form-dialog.js";
import { moment } from "../lib/format.js";
import { LABELS } from "./order-state.js";

/**
 * Ask which of both is to hold where both changed the same.
 *
 * `theirs` and `mine` are states, `changed` their paths: `{theirs: [path], mine: [path]}`;
 * `tooLate`: the paths of mine that cannot be changed any more.
 * @returns {Promise<string[]|null>} the paths of mine that are to hold; null to go on editing
 */
export function askWhich({ number, by, theirs, mine, changed, tooLate }) {
  const both = changed.mine.filter((path) => changed.theirs.includes(path));
  const onlyMine = changed.mine.filter((path) => !both.includes(path));
  const onlyTheirs = changed.theirs.filter((path) => !both.includes(path));
  return new Promise((resolve) => {
    let answer = null;
    const choices = both.map((path, place) => choice(path, place, theirs[path], mine[path]));
    const opened = openForm({
      title: `${by} changed order #${number} meanwhile`,
      look: ".conflict",
      confirm: "Save like this",
      content: [
        both.length ? el("p", {}, "You both changed the same. Nothing is saved before you choose.") : el("p", {}, "You changed different things, so both can stand."),
        choices,
        listed("Work on it has begun: these changes of yours cannot be saved any more", tooLate, mine),
        listed(`${by} changed`, onlyTheirs, theirs),
        listed("You changed", onlyMine, mine),
      ],
      async send(form) {
        const chosen = new FormData(form);
        const missing = both.findIndex((_, place) => !chosen.has(`choice-${place}`));
        if (missing >= 0) {
          form.querySelector(`[name="choice-${missing}"]`).focus();
          opened.say(`Choose for ${LABELS[both[missing]]}.`);
          return false;
        }
        answer = [...onlyMine, ...both.filter((_, place) => chosen.get(`choice-${place}`) === "mine")];
        return true;
      },
      closed: () => resolve(answer),
    });
  });
}

function choice(path, place, theirs, mine) {
  const option = (value, who, said) => el("label.version", {},
    el("input", { type: "radio", name: `choice-${place}`, value }),
    el("span", {}, el("b", {}, who), el("span.said", { dir: "auto" }, words(path, said))));
  return el("fieldset.versions", {}, el("legend", {}, LABELS[path]), option("theirs", "Theirs", theirs), option("mine", "Mine", mine));
}

function listed(title, paths, state) {
  if (!paths.length) return null;
  return el("div.changed", {}, el("h3", {}, title),
    el("dl.facts", {}, paths.map((path) => [el("dt", {}, LABELS[path]), el("dd", { dir: "auto" }, words(path, state[path]))])));
}

/** What a state says of a path, for people. */
function words(path, value) {
  if (path === "items") return value.map(lineWords).join("\n") || "no lines";
  if (Array.isArray(value)) return value.map((one) => Object.values(one).filter((text) => typeof text === "string").join(" ")).join("\n") || "none";
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (value && /^fulfilment\.(from|until)$/.test(path)) return moment(value);
  return value || "nothing";
}

function lineWords({ quantity, unit, name, unit_price: price, options, discount }) {
  const more = [...options.map((option) => option.value), discount && `less ${discount}`].filter(Boolean);
  return `${[quantity, unit].filter(Boolean).join(" ")} × ${name} at ${price || "0"}${more.length ? ` (${more.join(", ")})` : ""}`;
}
