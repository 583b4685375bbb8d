/** What an order carries, in words that the board and the driver's page share. */

import { count, money, moment } from "./format.js";

const METHODS = { delivery: "Delivery", pickup: "Pickup", ship: "By parcel", table: "At the table" };

/** "2" or "1.25 kg" */
export function quantity({ quantity: much, unit }) {
  return unit ? `${count(much)} ${unit}` : count(much);
}

/** What was chosen of a thing: "Roast: Dark (+$1.50)". The line's price contains it. */
export function choices({ options = [] }, currency) {
  return options.map(({ name, value, price }) =>
    `${name}: ${value}${Number(price) ? ` (${signed(price, currency)})` : ""}`);
}

/** What the total is made of: `[label, amount in words]`, none if it is the lines alone. */
export function sums(order) {
  const plus = (label, amount) => [label, amount, ""];
  const less = (label, amount) => [label, amount, "−"];
  const inside = order.tax_included ? " (included)" : "";
  const rows = [
    plus("Subtotal", order.subtotal),
    plus("Shipping", order.shipping),
    ...order.fees.map((fee) => plus(fee.name, fee.amount)),
    ...parts(order.discounts, "Discount", order.discount).map(([label, amount]) => less(label, amount)),
    ...parts(order.taxes, "Tax", order.tax).map(([label, amount]) => plus(`${label}${inside}`, amount)),
    plus("Tip", order.tip),
  ].filter(([, amount]) => Number(amount) !== 0)
    .map(([label, amount, sign]) => [label, `${sign}${money(amount, order.currency)}`]);
  if (Number(order.rounding)) rows.push(["Rounding", signed(order.rounding, order.currency)]);
  return rows.length > 1 ? rows : [];
}

function parts(list, label, sum) {
  if (!list.length) return [[label, sum]];
  return list.map(({ name, code, rate, amount }) => [`${name ?? code ?? label}${rate ? ` ${count(rate)} %` : ""}`, amount]);
}

function signed(amount, currency) {
  return amount.startsWith("-") ? `−${money(amount.slice(1), currency)}` : `+${money(amount, currency)}`;
}

/** How and when it is wanted: "Pickup, 14:00 to 15:00". */
export function wanted({ method, from, until, table }) {
  const place = table ? `Table ${table}` : METHODS[method];
  if (!from && !until) return place;
  if (!from) return `${place}, until ${moment(until)}`;
  return `${place}, ${moment(from)}${until ? ` to ${moment(until, new Date(from))}` : ""}`;
}
