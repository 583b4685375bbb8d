/** Fields of a form with a label, a hint, and room for what is wrong with them. */

import { fieldName } from "./api.js";
import { el } from "./dom.js";

let made = 0;

/**
 * A labelled field. `path` is what the API calls it (`address.city`): what is said of that, or of
 * anything in it, stands there.
 * @param {{tag?: string, optional?: boolean, hint?: string, look?: string, options?: [string, string][]}} more
 *        and the properties of the control
 */
export function field(path, label, { tag = "input", optional = false, hint, look = "", options, value, ...properties } = {}) {
  const id = `field-${made += 1}`;
  const control = el(tag, { id, name: path, autocomplete: "off", "aria-describedby": `${id}-error`, ...properties },
    options?.map(([code, word]) => el("option", { value: code }, word)));
  control.value = value ?? (tag === "select" ? options[0][0] : "");
  return el(`div.field${look}`, { data: { path, label } },
    el("label", { for: id }, label, optional ? el("span.optional", {}, " (optional)") : null),
    control,
    hint ? el("p.hint", {}, hint) : null,
    el("p.error", { id: `${id}-error`, hidden: true }));
}

/** A bare control in a row of several: it has no name of its own, and a label for those who hear it. */
export function cell(part, label, properties = {}) {
  return el("input.input", { autocomplete: "off", "aria-label": label, data: { part }, ...properties });
}

export function checkbox(name, label, checked = false) {
  return el("label.checkbox", {}, el("input", { type: "checkbox", name, checked }), label);
}

/** What is typed into the field of a name, without blank ends. */
export function typed(root, name) {
  return root.querySelector(`[name="${CSS.escape(name)}"]`)?.value.trim() ?? "";
}

/** Show what an ApiError says, at its fields; answers what no field is there for. */
export function complain(root, error) {
  clearComplaints(root);
  const named = error.problem.errors ?? [];
  const homeless = named.filter(({ path, message }) => !mark(root, path, message));
  if (!named.length) return error.message;
  return homeless.map(({ path, message }) => sentence(fieldName(path), message)).join(" ");
}

export function clearComplaints(root) {
  for (const control of root.querySelectorAll("[aria-invalid]")) control.removeAttribute("aria-invalid");
  for (const text of root.querySelectorAll("p.error[id]")) text.hidden = true;
}

export function focusWrong(root) {
  root.querySelector("[aria-invalid]")?.focus();
}

/** A path names a field, a part of a row (`items.0.quantity`), or something inside of one. */
function mark(root, path, message) {
  const parts = path.split(".");
  for (let count = parts.length; count; count -= 1) {
    const home = root.querySelector(`[data-path="${CSS.escape(parts.slice(0, count).join("."))}"]`);
    if (!home) continue;
    const part = home.querySelector(`[data-part="${CSS.escape(parts[count] ?? "")}"]`);
    const control = part ?? home.querySelector("input, select, textarea");
    control?.setAttribute("aria-invalid", "true");
    const text = home.querySelector("p.error[id]");
    const label = part?.getAttribute("aria-label") ?? home.dataset.label ?? fieldName(path);
    text.textContent = [text.hidden ? "" : text.textContent, sentence(label, message)].join(" ").trim();
    text.hidden = false;
    return true;
  }
  return false;
}

function sentence(label, message) {
  if (message === "Missing data for required field.") return `${label} is needed.`;
  return message[0] === message[0].toUpperCase() ? message : `${label} ${message}.`;
}
