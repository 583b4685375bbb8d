/** A form in a dialog: what is wrong stands at its fields, and nothing typed is lost by a failure. */

import { ApiError } from "./api.js";
import { el, icon } from "./dom.js";
import { clearComplaints, complain, focusWrong } from "./form-fields.js";

let made = 0;

/**
 * Open a form.
 *
 * `send(form)` does what is asked; answers false to stay open, and may throw an ApiError, which is
 * shown. `closed` is called once, however it ends.
 * @returns {{dialog, form, confirm, say, close}} `confirm` is the button; `say(text)` what is wrong
 */
export function openForm({ title, look = "", content, foot = null, confirm, danger = false, send, closed }) {
  const wrong = el("p.error", { role: "alert" });
  const button = el(`button.button.primary${danger ? ".danger" : ""}`, { type: "submit" }, confirm);
  const name = `form-title-${made += 1}`;
  const dialog = el(`dialog.modal.form-dialog${look}`, { "aria-labelledby": name });
  const close = () => dialog.close();
  const form = el("form", { novalidate: true, method: "dialog" },
    el("header.spread", {},
      el("h2", { id: name, dir: "auto" }, title),
      el("button.button.quiet.small.icon-only", { type: "button", "aria-label": "Close", onclick: close }, icon("close"))),
    el("div.form-content", {}, content),
    el("footer", {}, wrong, foot,
      el("div.actions", {}, el("button.button", { type: "button", onclick: close }, "Back"), button)));
  const say = (text) => { wrong.textContent = text; };
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (button.getAttribute("aria-busy")) return;
    say("");
    clearComplaints(form);
    button.setAttribute("aria-busy", "true");
    try {
      if ((await send(form)) !== false) close();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      say(complain(form, error));
      focusWrong(form);
    } finally {
      button.removeAttribute("aria-busy");
    }
  });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  });
  dialog.addEventListener("close", () => {
    dialog.remove();
    closed?.();
  });
  dialog.append(form);
  document.body.append(dialog);
  dialog.showModal();
  form.querySelector(".form-content :is(input, select, textarea, button)")?.focus();
  return { dialog, form, confirm: button, say, close };
}
