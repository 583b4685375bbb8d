/** Products in words and addresses. */

import { count, money } from "../lib/format.js";

export const urlOf = (sku) => `/api/products/${encodeURIComponent(sku)}`;

/** "12", "1.250", or nothing where it is not counted. */
export function quantity(value) {
  return typeof value === "number" ? count(value) : value ?? "";
}

export function price(product) {
  return money(product.price, product.currency);
}

/** What is left, in a word and a tone: `{text, tone}`. */
export function left(product) {
  if (product.available === null) return { text: "Not counted", tone: "faint" };
  if (Number(product.available) === 0) return { text: "Sold out", tone: "danger" };
  return { text: `${quantity(product.available)} left`, tone: product.low ? "warning" : "" };
}

/** Where the pictures are that the shop keeps itself. */
export const KEPT_HERE = "/shop/pictures/";

/** The name of a field as people say it. */
export const FIELDS = {
  name: "Name",
  description: "Description",
  category: "Category",
  price: "Price",
  currency: "Currency",
  tax_rate: "Tax",
  options: "Options",
  image: "Picture",
  stock: "Stock",
  reorder_level: "Reorder level",
  active: "On sale",
};

export function valueOf(field, value) {
  if (value === null || value === undefined || value === "") return "none";
  if (field === "active") return value ? "yes" : "no";
  if (field === "options") return value.map((option) => option.name).join(", ") || "none";
  return String(value);
}
