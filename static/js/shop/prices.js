/** Exact prices: decimal texts as the server writes them, whole minor units in between. */

import { asDecimal, plainDecimal } from "../order/amounts.js";
import { money } from "../lib/format.js";

const digitsOf = (text) => (text.split(".")[1] ?? "").length;
const minor = (text) => BigInt(text.replace(".", ""));

/** What a product costs with these options (`[{name, value}]`), or null where one cannot be chosen. */
export function unitPrice(product, options) {
  const extras = options.map(({ name, value }) => valueOf(product, name, value)?.price);
  if (extras.includes(undefined) || missing(product, options)) return null;
  return plus(product.price, ...extras);
}

/** `("4.90", 3)` → `"14.70"` */
export function times(price, quantity) {
  return asDecimal(minor(price) * BigInt(quantity), digitsOf(price));
}

/** The sum of prices of one currency. */
export function plus(first, ...rest) {
  return asDecimal(rest.reduce((sum, price) => sum + minor(price), minor(first)), digitsOf(first));
}

/** What somebody typed as a price like another one, or null where it is none. */
export function priceLike(typed, other) {
  const text = plainDecimal(typed);
  const digits = digitsOf(other);
  const [whole, fraction = ""] = text.split(".");
  if (!/^\d{1,12}(\.\d{1,3})?$/.test(text) || fraction.replace(/0+$/, "").length > digits) return null;
  return digits ? `${whole}.${fraction.slice(0, digits).padEnd(digits, "0")}` : whole;
}

/** The sums of `[{price, currency}]` by currency, as people read them: "$4.90 + ¥700". */
export function sums(amounts) {
  const found = new Map();
  for (const { price, currency } of amounts) {
    found.set(currency, found.has(currency) ? plus(found.get(currency), price) : price);
  }
  return [...found].map(([currency, price]) => money(price, currency)).join(" + ");
}

function valueOf(product, name, value) {
  const option = product.options.find((one) => one.name === name);
  return option?.values.find((one) => one.value === value);
}

function missing(product, options) {
  return product.options.some((one) => one.required && !options.some(({ name }) => name === one.name));
}
