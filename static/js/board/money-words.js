/** What became of an order's money, in human words. */

import { money } from "../lib/format.js";

const BECAME = { paid: "took", authorized: "saw authorized", failed: "noted the failure of", voided: "voided" };
const STATES = { pending: "is waiting for", authorized: "was promised", paid: "recorded", failed: "noted the failure of" };

/** The last payment of an order as a sentence that follows the doer's name. */
export function paymentStory({ payments, currency }) {
  const { amount, status, title, method, reference } = payments.at(-1);
  const how = title ?? methodName(method);
  return { title: `${STATES[status]} a payment of ${money(amount, currency)}: ${how}`, details: reference ? [reference] : [] };
}

/** What became of a payment that was waited for: "took the payment of $4.90: card". */
export function settledStory({ order, was }) {
  const before = new Map((was?.payments ?? []).map(({ id, status }) => [id, status]));
  const changed = order.payments.find(({ id, status }) => before.get(id) !== status) ?? order.payments.at(-1);
  const { amount, status, title, method } = changed;
  return { title: `${BECAME[status] ?? "changed"} the payment of ${money(amount, order.currency)}: ${title ?? methodName(method)}`, details: [] };
}

/** The last refund: "refunded 1 × Green tea, $4.90: broken". */
export function refundStory(order) {
  const refund = order.refunds.at(-1);
  const what = partsOf(refund);
  const told = `refunded ${[...what, money(refund.amount, order.currency)].join(", ")}`;
  return { title: `${told}: ${refund.reason}`, details: refund.restock ? ["Back in stock"] : [] };
}

/** What became of money on its way back: "gave back $4.90", or that it could not, and why. */
export function transferStory({ order, was }) {
  const before = new Map(transfersOf(was?.refunds ?? []).map(({ id, status }) => [id, status]));
  const all = transfersOf(order.refunds);
  const { amount, status, reason } = all.find(({ id, status: now }) => before.get(id) !== now) ?? all.at(-1);
  const sum = money(amount, order.currency);
  if (status !== "failed") return { title: `gave back ${sum}`, details: [] };
  return { title: `could not give back ${sum}`, details: [reason, "It has to go back in another way."].filter(Boolean) };
}

function transfersOf(refunds) {
  return refunds.flatMap(({ transfers = [] }) => transfers);
}

/** "€5.00 by Stripe, the rest by hand"; `say(amount)` writes money. */
export function waysBack({ amount, transfers }, payments, say) {
  const titles = new Map(payments.map(({ id, title }) => [id, title]));
  const ways = transfers.map((one) => `${say(one.amount)} by ${titles.get(one.payment)}`);
  const sum = transfers.reduce((all, one) => all + Number(one.amount), 0);
  return [...ways, ...(Number(amount) - sum > 0.0005 ? ["the rest by hand"] : [])].join(", ");
}

/** How the money of a refund is doing that goes back by a provider. */
export function wayBack({ status, transfers = [] }) {
  if (status !== "failed") return status === "pending" ? "on its way back" : null;
  const { reason } = transfers.find((one) => one.status === "failed");
  return ["did not go back", reason].filter(Boolean).join(": ");
}

/** "opened a return of 1 × Green tea: too small", and what became of it. */
export function returnStory({ order, was }) {
  const before = new Map((was?.returns ?? []).map((one) => [one.order, one.state]));
  const changed = order.returns.find((one) => before.get(one.order) !== one.state) ?? order.returns.at(-1);
  const told = `${RETURNED[changed.state]} ${kindOf(changed)} of ${changed.lines.map(piecesOf).join(", ")}`;
  if (changed.state === "open") return { title: `${told}: ${changed.reason}`, details: [`#${changed.number}`] };
  return { title: told, details: was?.status ? ["With it all of the order is back"] : [] };
}

const RETURNED = { open: "opened", received: "received", called_off: "called off" };

function kindOf({ kind }) {
  return kind === "exchange" ? "an exchange" : "a return";
}

/** "2 × Green tea" */
export function piecesOf({ quantity, name }) {
  return `${quantity} × ${name}`;
}

/** What of an order a refund is of, as texts; nothing where it is in goodwill alone. */
export function partsOf(refund) {
  const lines = refund.lines.map(({ name, quantity }) => (Number(quantity) ? piecesOf({ quantity, name }) : name));
  return Number(refund.shipping) ? [...lines, "shipping"] : lines;
}

/** What a way of paying is called. */
export function methodName(method) {
  const words = { cod: "cash on delivery", gift_card: "gift card" };
  return words[method] ?? method.replaceAll("_", " ");
}
