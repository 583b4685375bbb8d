/** Money that comes in: a payment recorded by hand, and what became of one that was waited for. */

import { patch, post } from "../lib/api.js";
import { el } from "../lib/dom.js";
import { openForm } from "../lib/form-dialog.js";
import { field, typed } from "../lib/form-fields.js";
import { money } from "../lib/format.js";
import { openMenu } from "../lib/menu.js";
import { Once } from "../lib/once.js";
import { toast } from "../lib/toasts.js";

const METHODS = [["cash", "Cash"], ["card", "Card"], ["bank_transfer", "Bank transfer"], ["gift_card", "Gift card"], ["other", "Other"]];
const STATES = [["paid", "It is here"], ["authorized", "It was authorized, not taken yet"], ["pending", "It is on its way"]];
const BECOMES = { paid: "It was paid", authorized: "It was authorized", failed: "It failed", voided: "Void it" };
const USUAL = { cod: "cash", online: "card" };

/** Ask for a payment of an order and record it; `took(order)` gets the order as it is then. */
export function recordPayment(order, took) {
  const { due, method } = order.payment;
  const once = new Once();
  openForm({
    title: `Payment of order #${order.number}`,
    confirm: "Record payment",
    content: el("div.fields.two", {},
      field("amount", `Amount in ${order.currency}`, { value: Number(due) ? due : "", inputmode: "decimal", hint: Number(due) ? `${money(due, order.currency)} is due.` : "Nothing is due." }),
      field("method", "How it came", { tag: "select", options: METHODS, value: USUAL[method] ?? "cash" }),
      field("status", "State", { tag: "select", options: STATES, look: ".wide" }),
      field("title", "Name", { optional: true, maxlength: "200", hint: "The customer sees it, such as “Visa …1234”." }),
      field("reference", "Reference", { optional: true, maxlength: "200", hint: "For staff alone." })),
    async send(form) {
      const body = Object.fromEntries(["amount", "method", "status", "title", "reference"].map((name) => [name, typed(form, name)]).filter(([, text]) => text));
      if (body.amount) body.amount = body.amount.replace(",", ".");
      took(await post(`/api/orders/${order.id}/payments`, body, once.headers(body)));
      toast({ title: `Payment of #${order.number} recorded`, tone: "good", icon: "card" });
    },
  });
}

/** Offer what may become of a payment that was waited for. `change` is that of Moves. */
export function offerPayment(order, payment, anchor, change) {
  const become = (status) => () =>
    change(order, () => patch(`/api/orders/${order.id}/payments/${payment.id}`, { status }, order.version), "has its payment as it was");
  openMenu(anchor, {
    heading: `Payment of ${money(payment.amount, order.currency)}`,
    items: payment.allowed.map((status) => ({ label: BECOMES[status] ?? status, run: become(status) })),
  });
}
