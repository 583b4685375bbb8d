/** The dialog with all that a product is. */

import { el, icon } from "../lib/dom.js";
import { optionFields, readOptions } from "./options.js";
import { pictureField } from "./picture.js";
import { FIELDS, valueOf } from "./words.js";

/**
 * Let somebody edit a product, or a new one (`product` null).
 *
 * `save(given)` answers null, or what is wrong: `{fields: {name: message}, text, now}`; `now` is the
 * product as somebody else made it meanwhile. `absorb(product)`: its picture is another one now.
 */
export function openEditor({ product, categories, currency, save, absorb }) {
  const dialog = el("dialog.modal.product-editor", { "aria-labelledby": "editor-title" });
  const errors = el("p.error", { role: "alert" });
  let seen = product;
  const pictured = (now) => { seen = now; absorb(now); };
  const form = el("form", { novalidate: true, method: "dialog" },
    el("header.spread", {},
      el("h2", { id: "editor-title", dir: "auto" }, product ? product.name : "Add a product"),
      el("button.button.quiet.small.icon-only", { type: "button", "aria-label": "Close", onclick: () => dialog.close() }, icon("close"))),
    el("div.fields", {}, ...fields(product, categories, currency), product && pictureField(product, pictured)),
    optionFields(product?.options ?? []),
    errors,
    el("div.actions", {},
      el("button.button", { type: "button", onclick: () => dialog.close() }, "Cancel"),
      el("button.button.primary", { type: "submit" }, product ? "Save" : "Add product")));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const given = changes(form, seen);
    clear(form, errors);
    if (seen && !Object.keys(given).length) return dialog.close();
    const button = form.querySelector("[type=submit]");
    button.setAttribute("aria-busy", "true");
    const wrong = await save(given, seen);
    button.removeAttribute("aria-busy");
    if (!wrong) return dialog.close();
    if (wrong.now) seen = compare(form, errors, seen, wrong.now, given);
    else show(form, errors, wrong);
  });
  dialog.addEventListener("close", () => dialog.remove());
  dialog.append(form);
  document.body.append(dialog);
  dialog.showModal();
  form.elements[product ? "name" : "sku"].focus();
}

function fields(product, categories, currency) {
  const value = (name, fallback = "") => product?.[name] ?? fallback;
  const list = el("datalist", { id: "categories" }, categories.map((name) => el("option", { value: name })));
  return [
    field("sku", "SKU", { value: value("sku"), required: true, maxlength: "100", disabled: Boolean(product) }),
    field("name", "Name", { value: value("name"), required: true, maxlength: "500", dir: "auto" }),
    field("category", "Category", { value: value("category"), maxlength: "100", list: "categories" }),
    field("price", "Price", { value: value("price"), inputmode: "decimal" }),
    field("currency", "Currency", { value: value("currency", currency), maxlength: "3" }),
    field("tax_rate", "Tax in %", { value: value("tax_rate"), inputmode: "decimal" }),
    field("stock", "Stock", { value: value("stock"), inputmode: "decimal", placeholder: "not counted" }),
    field("reorder_level", "Reorder at", { value: value("reorder_level", 0), inputmode: "decimal" }),
    el("div.field.wide", {}, el("label", { for: "edit-description" }, "Description"),
      el("textarea", { id: "edit-description", name: "description", maxlength: "10000", rows: "3", dir: "auto", value: value("description") }), complaint("description")),
    el("label.checkbox.wide", {}, el("input", { type: "checkbox", name: "active", checked: value("active", true) }), "On sale"),
    list,
  ];
}

function field(name, label, properties) {
  const id = `edit-${name}`;
  return el("div.field", { data: { field: name } },
    el("label", { for: id }, label),
    el("input", { id, name, autocomplete: "off", "aria-describedby": `error-${name}`, ...properties }),
    complaint(name));
}

function complaint(name) {
  return el("p.error", { id: `error-${name}`, data: { complaint: name } });
}

/** What the form says that the product does not. */
function changes(form, product) {
  const given = {};
  for (const name of Object.keys(FIELDS)) {
    if (name === "image" || (name === "options" && !form.querySelector(".options"))) continue;
    const value = read(form, name);
    const before = product ? product[name] : undefined;
    if (JSON.stringify(value) !== JSON.stringify(shown(name, before))) given[name] = value;
  }
  // Amounts mean something else in another currency: all are said anew.
  if ("currency" in given) for (const name of ["price", "options"]) given[name] ??= read(form, name);
  if (!product) given.sku = form.elements.sku.value;
  return given;
}

function read(form, name) {
  if (name === "options") return readOptions(form);
  if (name === "active") return form.elements.active.checked;
  const text = form.elements[name].value.trim();
  if (text === "") return name === "reorder_level" || name === "price" ? "0" : null;
  return text;
}

/** A product's value as the form would say it. */
function shown(name, value) {
  if (name === "options") return (value ?? []).map(({ name: called, required, values }) => ({ name: called, required, values }));
  if (name === "active") return value;
  return value === null || value === undefined ? null : String(value);
}

function clear(form, errors) {
  errors.replaceChildren();
  for (const element of form.querySelectorAll("[data-complaint]")) element.replaceChildren();
  for (const element of form.querySelectorAll("[aria-invalid]")) element.removeAttribute("aria-invalid");
}

function show(form, errors, { fields: wrong, text }) {
  const others = [];
  for (const [path, message] of Object.entries(wrong)) {
    const [name] = path.split(".");
    const place = form.querySelector(`[data-complaint="${CSS.escape(name)}"]`);
    if (place) place.textContent = `This ${message}.`;
    else others.push(`${FIELDS[name] ?? path} ${message}.`);
    form.elements[name]?.setAttribute?.("aria-invalid", "true");
  }
  errors.textContent = others.join(" ") || (Object.keys(wrong).length ? "" : text);
  form.querySelector("[aria-invalid]")?.focus();
}

/** Somebody was faster: show what they made of it, and keep what is typed here. */
function compare(form, errors, before, now, given) {
  const theirs = Object.keys(FIELDS).filter((name) => JSON.stringify(before[name]) !== JSON.stringify(now[name]));
  for (const name of theirs) {
    if (name in given || name === "options" || name === "image") continue;
    if (name === "active") form.elements.active.checked = now.active;
    else form.elements[name].value = now[name] ?? "";
  }
  const both = theirs.filter((name) => name in given);
  const words = both.map((name) => `${FIELDS[name]}: ${valueOf(name, now[name])} there, ${valueOf(name, given[name])} here`);
  const who = now.updated_by.name ?? "Somebody";
  errors.textContent = both.length
    ? `${who} changed this product meanwhile. ${words.join("; ")}. Save again to put yours in its place.`
    : `${who} changed other fields of this product meanwhile; they are shown now. Save again to add yours.`;
  return now;
}
