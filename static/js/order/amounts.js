/** Exact sums of what people type as prices: whole minor units, no floats. */

/** The number of decimal digits a currency is written with. */
export function digitsOf(currency) {
  const format = new Intl.NumberFormat("en", { style: "currency", currency });
  return format.resolvedOptions().maximumFractionDigits;
}

/** What somebody typed as plain decimal text: `1,5` is meant as `1.5`. */
export function plainDecimal(text) {
  const trimmed = text.trim();
  return /^\d+,\d{1,2}$/.test(trimmed) ? trimmed.replace(",", ".") : trimmed;
}

/** The total of a line in minor units, or null when there is nothing sensible to show. */
export function lineTotal(quantity, price, digits) {
  const amount = /^(\d{1,15})(?:\.(\d{1,3}))?$/.exec(plainDecimal(price) || "0");
  const fraction = (amount?.[2] ?? "").replace(/0+$/, "");
  const much = /^(\d{1,7})(?:\.(\d{1,3}))?$/.exec(plainDecimal(quantity));
  if (!amount || !much || fraction.length > digits) return null;
  const thousandths = BigInt(much[1] + (much[2] ?? "").padEnd(3, "0"));
  return halfEven(BigInt(amount[1] + fraction.padEnd(digits, "0")) * thousandths, 1000n);
}

/** `number / parts`, halves to the even one, as the server rounds. */
function halfEven(number, parts) {
  const whole = number / parts;
  const twice = 2n * (number % parts);
  return whole + (twice > parts || (twice === parts && whole % 2n === 1n) ? 1n : 0n);
}

/** Minor units as decimal text. */
export function asDecimal(minor, digits) {
  const text = String(minor).padStart(digits + 1, "0");
  return digits ? `${text.slice(0, -digits)}.${text.slice(-digits)}` : text;
}
