/** Money that goes back: what it comes to, and what may go back, is always what the server says. */

import { ApiError, get, post } from "../lib/api.js";
import { debounced, el } from "../lib/dom.js";
import { openForm } from "../lib/form-dialog.js";
import { checkbox, clearComplaints, complain, field, typed } from "../lib/form-fields.js";
import { money } from "../lib/format.js";
import { Once } from "../lib/once.js";
import { toast } from "../lib/toasts.js";
import { waysBack } from "../board/money-words.js";
import { Pieces } from "./pieces.js";
import { reasonField } from "./reasons.js";

const SETTLE_MS = 200;
const REASONS = ["Broken", "Missing", "Late", "Not as ordered", "The customer changed their mind"];

/** Ask what goes back of an order and refund it; `took(order)` gets the order as it is then. */
export async function refund(order, took) {
  const left = await get(`/api/orders/${order.id}/refundable`);
  new Refund(order, left, took);
}

class Refund {
  #order;
  #pieces;
  #left;
  #once = new Once();
  #total = el("output", { "aria-live": "polite" });
  #ways = el("dd");
  #parts;
  #turn = 0;
  #dialog;

  constructor(order, left, took) {
    this.#order = order;
    this.#left = left;
    const lines = left.lines.filter(({ quantity }) => Number(quantity));
    this.#pieces = new Pieces(lines.map((line) => ({ ...line, most: line.quantity, note: `${this.#say(line.amount)} left` })), "Lines");
    this.#parts = ["shipping", "amount"].filter((name) => name === "amount" || Number(left.shipping));
    this.#dialog = openForm({
      title: `Refund order #${order.number}`,
      look: ".refund",
      confirm: "Refund",
      danger: true,
      content: [
        lines.length ? this.#pieces.element : null,
        el("div.fields.two", {},
          this.#parts.includes("shipping") ? field("shipping", "Of the shipping", { optional: true, inputmode: "decimal", placeholder: "0", hint: `${this.#say(left.shipping)} left` }) : null,
          field("amount", "In goodwill", { optional: true, inputmode: "decimal", placeholder: "0" })),
        lines.length || this.#parts.length > 1 ? el("button.button.small", { type: "button", onclick: () => this.#all() }, "Choose all of it") : null,
        lines.length ? checkbox("restock", "Put the things back in stock") : null,
        reasonField("Staff alone see it.", REASONS),
      ],
      foot: el("dl.comes-to", {},
        el("div", {}, el("dt", {}, "Goes back"), el("dd.money", {}, this.#total)),
        el("div.faint", {}, el("dt", {}, "How"), this.#ways),
        el("div.faint", {}, el("dt", {}, "Can go back"), el("dd.money", {}, this.#say(left.amount)))),
      send: () => this.#send(took),
      closed: () => { this.#turn += 1; },
    });
    this.#dialog.form.addEventListener("input", debounced(() => this.#preview(), SETTLE_MS));
    this.#show(null);
  }

  #say(amount) {
    return money(amount, this.#order.currency);
  }

  #all() {
    this.#pieces.chooseAll();
    if (this.#parts.includes("shipping")) this.#dialog.form.elements.shipping.value = this.#left.shipping;
    this.#preview();
  }

  #body() {
    const { form } = this.#dialog;
    const parts = this.#parts.map((name) => [name, typed(form, name).replace(",", ".")]).filter(([, text]) => text);
    const lines = this.#pieces.chosen();
    return {
      ...(lines.length ? { lines } : {}),
      ...Object.fromEntries(parts),
      ...(form.elements.restock?.checked && lines.length ? { restock: true } : {}),
      reason: typed(form, "reason"),
    };
  }

  /** Answers may overtake each other: the one to the last question counts. */
  async #preview() {
    const turn = ++this.#turn;
    const { reason, ...body } = this.#body();
    clearComplaints(this.#dialog.form);
    this.#dialog.say("");
    if (!Object.keys(body).length) return this.#show(null);
    try {
      const would = await post(this.#url("?preview=yes"), { ...body, reason: reason || "-" });
      if (turn === this.#turn) this.#show(would.refunds.at(-1));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (turn !== this.#turn) return;
      this.#show(null);
      this.#dialog.say(complain(this.#dialog.form, error));
    }
  }

  #show(refund) {
    this.#total.textContent = this.#say(refund?.amount ?? this.#zero);
    this.#ways.textContent = refund?.transfers ? waysBack(refund, this.#order.payments, (amount) => this.#say(amount)) : "";
    this.#ways.parentElement.hidden = !refund?.transfers;
    this.#dialog.confirm.textContent = refund ? `Refund ${this.#say(refund.amount)}` : "Refund";
    this.#pieces.tell(new Map((refund?.lines ?? []).map(({ line, amount }) => [line, this.#say(amount)])));
  }

  get #zero() {
    return this.#left.amount.replace(/\d/g, "0").replace(/^0+(?=0)/, "");
  }

  async #send(took) {
    this.#turn += 1;
    const body = this.#body();
    const made = await post(this.#url(), body, this.#once.headers(body));
    took(made);
    toast({ title: `${this.#say(made.refunds.at(-1).amount)} of #${made.number} refunded`, tone: "good", icon: "card" });
  }

  #url(query = "") {
    return `/api/orders/${this.#order.id}/refunds${query}`;
  }
}
