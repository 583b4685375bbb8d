/** A reason, with ready-made ones to pick from. */

import { el } from "../lib/dom.js";
import { field } from "../lib/form-fields.js";

export function reasonField(hint, suggestions) {
  const home = field("reason", "Reason", { tag: "textarea", rows: "2", maxlength: "1000", hint });
  const text = home.querySelector("textarea");
  const pick = (suggestion) => () => {
    text.value = suggestion;
    text.dispatchEvent(new Event("input", { bubbles: true }));
    text.focus();
  };
  home.append(el("div.cluster", { role: "group", "aria-label": "Common reasons" },
    suggestions.map((words) => el("button.chip.plain", { type: "button", onclick: pick(words) }, words))));
  return home;
}
