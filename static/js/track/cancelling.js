/** Cancelling an order, or asking for it: a button that asks why in a dialog. */

import { put } from "../lib/api.js";
import { el } from "../lib/dom.js";

const REASONS = ["I changed my mind", "I ordered by mistake", "It takes too long"];
const WORDS = {
  cancel: {
    button: "Cancel this order",
    title: "Cancel this order?",
    hint: "It is cancelled at once. The shop reads what you write here.",
    send: "Cancel the order",
  },
  request: {
    button: "Ask to cancel",
    title: "Ask the shop to cancel?",
    hint: "The shop is already working on it and decides. It reads what you write here.",
    send: "Send the request",
  },
};

export class Cancelling {
  #place = document.querySelector('[data-part="cancelling"]');
  #token;
  #onDone;
  #can = undefined;
  #dialog = null;

  /** `onDone(order)` hears what the order has become. */
  constructor(token, onDone) {
    this.#token = token;
    this.#onDone = onDone;
  }

  /** Offer what the customer may do now; a dialog about what is no longer possible closes. */
  show({ can_cancel: can }) {
    if (can === this.#can) return;
    this.#can = can;
    this.#dialog?.close();
    const button = can && el("button.button.danger", { type: "button", onclick: () => this.#ask(can) }, WORDS[can].button);
    this.#place.replaceChildren(...(button ? [button] : []));
  }

  /** Nothing can be cancelled on this page any more. */
  end() {
    this.show({ can_cancel: null });
  }

  #ask(can) {
    const { title, hint, send } = WORDS[can];
    const reason = el("textarea", { id: "reason", rows: 3, maxlength: 1000, required: true, "aria-describedby": "reason-hint reason-error" });
    const error = el("p.error", { id: "reason-error", role: "alert" });
    const submit = el("button.button.primary.danger", { type: "submit" }, send);
    const form = el("form", {},
      el("h2", { id: "cancel-title" }, title),
      el("div.field", {},
        el("label", { for: "reason" }, "Why?"), reason,
        el("p.hint", { id: "reason-hint" }, hint), error),
      el("div.suggestions", {}, REASONS.map((text) => suggestion(text, reason))),
      el("div.actions", {},
        el("button.button", { type: "button", onclick: () => this.#dialog.close() }, "Keep it"), submit));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send(reason.value, submit, error);
    });
    this.#open(form);
  }

  #open(form) {
    const dialog = el("dialog.modal", { "aria-labelledby": "cancel-title" }, form);
    dialog.addEventListener("close", () => dialog.remove());
    document.body.append(dialog);
    dialog.showModal();
    dialog.querySelector("textarea").focus();
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
