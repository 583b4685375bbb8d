/** The order that a form says, in the shape the API takes. */

import { plainDecimal } from "./amounts.js";

const LINE_FIELDS = ["name", "sku", "quantity", "unit_price"];
const CUSTOMER = ["name", "company", "email", "phone"];
const ADDRESS = ["line1", "line2", "postal_code", "city", "region", "country"];

/**
 * `{order, places}`: lines with nothing in them are left out, and `places[i]` is the form's own
 * number of the i-th line sent, so that an error finds its field.
 */
export function readDraft(form) {
  const value = (name) => form.elements[name]?.value.trim() ?? "";
  const places = linePlaces(form).filter((place) => !isBlank(place, value));
  const order = {
    customer: filled(CUSTOMER, (name) => value(`customer-${name}`)),
    type: value("type"),
    payment_method: value("payment_method"),
    items: places.map((place) => readLine(place, value)),
  };
  const address = filled(ADDRESS, (name) => value(`address-${name}`));
  if (Object.keys(address).length > 0) order.address = address;
  if (form.querySelector("[data-of-an-order]:checked") && value("related_order")) order.related_order = value("related_order");
  if (value("note")) order.note = value("note");
  return { order, places };
}

/** The numbers of the lines in the form, from the top. */
export function linePlaces(form) {
  return [...form.querySelectorAll("[data-line] [name$='-quantity']")].map((field) =>
    Number(field.name.split("-")[1]),
  );
}

/** The name of the field that a path of the API's errors means. */
export function fieldName(path, places) {
  const parts = path.split(".");
  if (parts[0] === "items" && parts.length > 1) parts[1] = places[Number(parts[1])];
  if (path === "customer" || path === "address") parts.push(path === "customer" ? "name" : "line1");
  return parts.join("-");
}

function isBlank(place, value) {
  return LINE_FIELDS.every((name) => name === "quantity" || !value(`items-${place}-${name}`));
}

function readLine(place, value) {
  const line = filled(LINE_FIELDS, (name) => value(`items-${place}-${name}`));
  if (/^\d{1,9}$/.test(line.quantity ?? "")) line.quantity = Number(line.quantity);
  else if (line.quantity) line.quantity = plainDecimal(line.quantity);
  if (line.unit_price) line.unit_price = plainDecimal(line.unit_price);
  return line;
}

function filled(names, read) {
  return Object.fromEntries(names.map((name) => [name, read(name)]).filter(([, text]) => text));
}
