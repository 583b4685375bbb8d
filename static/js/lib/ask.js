/** Small questions in a dialog; the focus returns to where it was. */

import { el } from "./dom.js";

/**
 * Ask for a text, with ready-made answers to pick from.
 * @returns {Promise<string|null>} the text (may be empty unless `required`), null when dismissed
 */
export async function askReason({ title, hint, suggestions = [], confirm, dismiss = "Back", danger = false, required = false }) {
  const text = el("textarea", { id: "ask-text", name: "text", maxlength: "500", rows: "3", required, "aria-describedby": hint ? "ask-hint" : null });
  const pick = (suggestion) => () => { text.value = suggestion; text.focus(); };
  const chips = suggestions.map((suggestion) => el("button.chip.plain", { type: "button", onclick: pick(suggestion) }, suggestion));
  const answer = await ask(title, confirm, dismiss, danger, [
    el("div.field", {},
      el("label", { for: "ask-text" }, "Reason", required ? null : el("span.optional", {}, " (optional)")),
      text,
      hint ? el("p.hint", { id: "ask-hint" }, hint) : null),
    chips.length ? el("div.cluster", { role: "group", "aria-label": "Common reasons" }, chips) : null,
  ]);
  return answer ? answer.get("text").trim() : null;
}

/** Ask for a driver's name and phone. Answers `{name, phone}` or null. */
export async function askDriver() {
  const answer = await ask("Add a driver", "Add driver", "Back", false, [
    el("div.field", {},
      el("label", { for: "ask-name" }, "Name"),
      el("input", { id: "ask-name", name: "name", required: true, maxlength: "200", autocomplete: "off" })),
    el("div.field", {},
      el("label", { for: "ask-phone" }, "Phone", el("span.optional", {}, " (optional)")),
      el("input", { id: "ask-phone", name: "phone", type: "tel", maxlength: "40", autocomplete: "off" }),
      el("p.hint", {}, "The customer sees name and phone once the order is theirs.")),
  ]);
  if (!answer) return null;
  return { name: answer.get("name").trim(), phone: answer.get("phone").trim() || null };
}

/** Ask with any fields; answers what the form holds (`FormData`), or null when dismissed. */
export function ask(title, confirm, dismiss, danger, fields) {
  const { promise, resolve } = withResolvers();
  const dialog = el("dialog.modal", { "aria-labelledby": "ask-title" });
  const form = el("form", { method: "dialog" },
    el("h2", { id: "ask-title" }, title),
    fields,
    el("div.actions", {},
      el("button.button", { type: "button", onclick: () => dialog.close() }, dismiss),
      el(`button.button.primary${danger ? ".danger" : ""}`, { type: "submit" }, confirm)));
  let answer = null;
  form.addEventListener("submit", () => { answer = new FormData(form); });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  });
  dialog.addEventListener("close", () => {
    dialog.remove();
    resolve(answer);
  });
  dialog.append(form);
  document.body.append(dialog);
  dialog.showModal();
  form.querySelector("input, textarea")?.focus();
  return promise;
}

function withResolvers() {
  const made = {};
  made.promise = new Promise((resolve) => { made.resolve = resolve; });
  return made;
}
