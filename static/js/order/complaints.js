/** What is wrong with a form, shown at the fields it concerns. */

import { setText } from "../lib/dom.js";

export function clearComplaints(form) {
  for (const field of form.querySelectorAll("[aria-invalid]")) clearComplaint(field);
  for (const text of form.querySelectorAll("p.error")) text.hidden = true;
}

/** Somebody is mending a field: stop complaining about it. */
export function clearComplaint(field) {
  field.removeAttribute("aria-invalid");
  const text = document.getElementById(`error-${field.name}`);
  if (text) text.hidden = true;
}

/** Show messages by field name; answers those that no field is there for. */
export function complain(form, messages) {
  const homeless = [];
  for (const [name, message] of messages) {
    const text = document.getElementById(`error-${name}`);
    if (!text) homeless.push(message);
    else {
      setText(text, sentence(form.elements[name], message));
      text.hidden = false;
      form.elements[name]?.setAttribute?.("aria-invalid", "true");
    }
  }
  return homeless;
}

/** The server says "must not be empty"; a person reads "Name must not be empty." */
function sentence(field, message) {
  if (message === "Missing data for required field.") return sentence(field, "must not be empty");
  if (message[0] === message[0].toUpperCase()) return message;
  return `${field?.dataset?.label ?? "This"} ${message}.`;
}
