/** Cancelling an order, or asking for it: the page's own form, as a dialog behind a button. */

import { put } from "../lib/api.js";
import { el } from "../lib/dom.js";

const REASONS = ["I changed my mind", "I ordered by mistake", "It takes too long"];

export class Cancelling {
  #token;
  #onDone;
  #dialog = null;

  /** `onDone(order)` hears what the order has become. */
  constructor(token, onDone) {
    this.#token = token;
    this.#onDone = onDone;
  }

  /** The part says anew what the customer may do; a dialog about what is no longer so closes. */
  prepare(part) {
    this.#dialog?.close();
    const details = part.querySelector("details");
    if (!details) return;
    const open = () => this.#open(details.dataset.title, details.querySelector("form").cloneNode(true));
    const words = details.querySelector("summary").textContent;
    part.replaceChildren(el("button.button.danger", { type: "button", onclick: open }, words));
  }

  /** Nothing can be cancelled on this page any more. */
  end() {
    this.#dialog?.close();
    document.querySelector("[data-part=cancelling]").replaceChildren();
  }

  #open(title, form) {
    const error = el("p.error", { id: "reason-error", role: "alert" });
    const reason = form.querySelector("textarea");
    reason.after(error);
    reason.setAttribute("aria-describedby", "reason-hint reason-error");
    form.prepend(el("h2", { id: "cancel-title" }, title));
    const actions = form.querySelector(".actions");
    actions.before(el("div.suggestions", {}, REASONS.map((text) => suggestion(text, reason))));
    actions.prepend(el("button.button", { type: "button", onclick: () => this.#dialog.close() }, "Keep it"));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send(reason.value, actions.querySelector("[type=submit]"), error);
    });
    this.#show(form);
    reason.focus();
  }

  #show(form) {
    const dialog = el("dialog.modal", { "aria-labelledby": "cancel-title" }, form);
    dialog.addEventListener("close", () => dialog.remove());
    document.body.append(dialog);
    dialog.showModal();
    this.#dialog = dialog;
  }

  async #send(reason, submit, error) {
    if (submit.getAttribute("aria-busy") === "true") return;
    submit.setAttribute("aria-busy", "true");
    error.textContent = "";
    try {
      const order = await put(`/api/track/${this.#token}/cancel`, { reason });
      this.#dialog.close();
      this.#onDone(order);
    } catch (refusal) {
      error.textContent = refusal.status === 422 ? "Please say why." : refusal.explanation ?? String(refusal);
    } finally {
      submit.removeAttribute("aria-busy");
    }
  }
}

function suggestion(text, reason) {
  const use = () => {
    reason.value = text;
    reason.focus();
  };
  return el("button.button.small", { type: "button", onclick: use }, text);
}
