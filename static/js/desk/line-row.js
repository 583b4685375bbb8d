/** One line of an order in a form. */

import { el, icon } from "../lib/dom.js";
import { cell } from "../lib/form-fields.js";
import { money } from "../lib/format.js";
import { unitPrice } from "../shop/prices.js";
import { Rows } from "./rows.js";

const BLANK = { sku: "", name: "", quantity: "", unit: "", unit_price: "", discount: "", options: [], note: "", tax_rate: "", image: "" };
const TYPED = ["name", "quantity", "unit_price", "discount", "unit", "note"];
let made = 0;

export class LineRow {
  #kept;
  #total = el("span.line-total.money");
  #options;
  #choices = [];
  #fold;

  /** `product`: of the catalogue, when it is chosen just now; it brings its price and its options. */
  constructor(item, product = null) {
    const given = { ...(item.options ? item : { ...BLANK, ...item }), ...(product ? fromCatalogue(product) : {}) };
    this.#kept = given;
    const id = `line-${made += 1}`;
    const input = (part, label, more = {}) => cell(part, label, { value: given[part], "aria-describedby": id, ...more });
    this.#options = new Rows("options", "Options", "Add an option", [["name", "Option"], ["value", "Choice"], ["price", "Of the price", { inputmode: "decimal" }]], given.options);
    this.#fold = el("details.line-more", {},
      el("summary", {}, "Options, note, discount"),
      el("div.line-fields", {},
        labelled("Discount on the line", input("discount", "Discount on the line", { inputmode: "decimal", placeholder: "0" })),
        labelled("Unit", input("unit", "Unit", { placeholder: "pieces", maxlength: "20" })),
        labelled("Note", input("note", "Note on the line", { maxlength: "1000" }))),
      this.#options.element);
    this.element = el("div.line-row", {},
      el("div.line-main", {},
        input("name", "Name of the thing", { placeholder: "Name", maxlength: "500", dir: "auto" }),
        input("quantity", "Quantity", { inputmode: "decimal", placeholder: "1" }),
        input("unit_price", "Price each", { inputmode: "decimal", placeholder: "0.00" }),
        this.#total,
        el("button.button.quiet.small.icon-only", { type: "button", "aria-label": "Remove this line", title: "Remove", onclick: () => this.element.dispatchEvent(new Event("remove")) }, icon("close"))),
      product?.options.length ? this.#chooser(product) : null,
      el("div.line-under", {}, given.sku ? el("span.faint", {}, given.sku) : null, summary(given, product), this.#fold),
      el("p.error", { id, hidden: true }));
  }

  get value() {
    const typed = Object.fromEntries(TYPED.map((part) => [part, this.#control(part).value.trim()]));
    const options = this.#choices.length ? this.#chosen() : this.#options.value.map(({ name = "", value = "", price = "" }) => ({ name, value, price }));
    return { ...this.#kept, ...typed, options };
  }

  get isEmpty() {
    return !this.#kept.sku && !this.#kept.id && !this.#control("name").value.trim();
  }

  focus() {
    const first = this.#choices[0] ?? this.#control(this.#kept.sku ? "quantity" : "name");
    first.focus();
    first.select?.();
  }

  standAt(place) {
    const path = `items.${place}`;
    if (place < 0) delete this.element.dataset.path;
    else this.element.dataset.path = path;
    this.element.dataset.label = `Line ${place + 1}`;
    this.#options.moveTo(`${path}.options`);
  }

  tell(total) {
    this.#total.textContent = total;
  }

  #control(part) {
    return this.element.querySelector(`:scope > .line-main [data-part="${part}"], :scope .line-fields [data-part="${part}"]`);
  }

  /** What the catalogue has to choose of; the price follows, and may be changed after it. */
  #chooser(product) {
    this.#options.element.hidden = true;
    this.#choices = product.options.map((option) => el("select.select", { "aria-label": option.name, data: { option: option.name }, onchange: () => this.#reprice(product) },
      option.required ? null : el("option", { value: "" }, `No ${option.name.toLowerCase()}`),
      option.values.map(({ value, price }) => el("option", { value, data: { price } }, Number(price) ? `${value} (+${money(price, product.currency)})` : value))));
    const home = el("div.line-choices", {}, this.#choices.map((select) => labelled(select.dataset.option, select)));
    queueMicrotask(() => this.#reprice(product));
    return home;
  }

  #chosen() {
    return this.#choices.filter(({ value }) => value).map((select) => ({ name: select.dataset.option, value: select.value, price: select.selectedOptions[0].dataset.price }));
  }

  #reprice(product) {
    const price = unitPrice(product, this.#chosen());
    if (price === null) return;
    this.#control("unit_price").value = price;
    this.element.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

function fromCatalogue({ sku, name, price, tax_rate: rate, image }) {
  const address = image?.startsWith("http") ? image : "";
  return { sku, name, unit_price: price, tax_rate: rate ?? "", image: address };
}

/** What the fold hides, in a few words. */
function summary({ options, note, discount, unit }, product) {
  if (product) return null;
  const words = [...options.map(({ name, value }) => `${name}: ${value}`), unit && `in ${unit}`, note && `“${note}”`, discount && `less ${discount}`].filter(Boolean);
  return words.length ? el("span.muted", { dir: "auto" }, words.join(" · ")) : null;
}

function labelled(text, control) {
  return el("label.line-field", {}, el("span", {}, text), control);
}
