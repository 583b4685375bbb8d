/** All that can be said of an order, in one form: for one that there is, and for a new one. */

import { el } from "../lib/dom.js";
import { checkbox, field } from "../lib/form-fields.js";
import { Lines } from "./lines.js";
import { LABELS, PATHS } from "./order-state.js";
import { Rows } from "./rows.js";

const METHODS = [["", "Not said"], ["delivery", "Delivery"], ["pickup", "Pickup"], ["ship", "By parcel"], ["table", "At the table"]];
const PAYMENTS = [["none", "None agreed"], ["cod", "On delivery or pickup"], ["online", "Online"]];
const PAID = [["none", "Nothing agreed"], ["due", "Due"], ["paid", "Paid, all of it"], ["refunded", "Refunded, all of it"]];
const MONEY = { inputmode: "decimal", placeholder: "0" };
const AMOUNT = ["amount", "Amount", MONEY];
const TEXTS = {
  "customer.name": { maxlength: "200", dir: "auto" },
  "customer.company": { optional: true, maxlength: "200", dir: "auto" },
  "customer.phone": { optional: true, type: "tel", maxlength: "40" },
  "customer.email": { optional: true, type: "email", maxlength: "254" },
  "fulfilment.method": { tag: "select", options: METHODS },
  "fulfilment.table": { optional: true, maxlength: "40" },
  "fulfilment.from": { optional: true, type: "datetime-local", look: ".wide" },
  "fulfilment.until": { optional: true, type: "datetime-local", look: ".wide" },
  "fulfilment.instructions": { optional: true, maxlength: "1000", dir: "auto", look: ".wide" },
  "address.line1": { tag: "textarea", rows: "1", maxlength: "500", dir: "auto", look: ".wide" },
  "address.instructions": { maxlength: "1000", dir: "auto", look: ".wide" },
  payment_method: { tag: "select", options: PAYMENTS },
  payment_status: { tag: "select", options: PAID, hint: "Until the first payment is recorded." },
  tags: { optional: true, hint: "Several with commas between." },
  note: { tag: "textarea", optional: true, rows: "2", maxlength: "4000", dir: "auto", look: ".wide", hint: "The customer sees it." },
  shipping: MONEY,
  tip: MONEY,
};
const SEVERAL = {
  fees: ["Add a fee", [["name", "Fee"], AMOUNT]],
  discounts: ["Add a discount", [["name", "What for"], ["code", "Code"], AMOUNT]],
  taxes: ["Add a tax", [["name", "Tax"], ["rate", "In %", { inputmode: "decimal" }], AMOUNT]],
  shipments: ["Add a parcel", [["carrier", "Carrier"], ["number", "Number"], ["url", "Link", { type: "url" }]]],
};

export class OrderForm {
  #lines = null;
  #several = new Map();
  #state;

  /** `state`: what it says at first (see order-state.js). `isPriced`: lines and amounts are in it. */
  constructor(state, currency, isPriced) {
    this.#state = state;
    if (isPriced) this.#lines = new Lines(state.items, currency);
    this.element = el("div.order-form", {},
      el("div.order-form-main", {},
        isPriced ? section("items", "Lines", this.#lines.element) : null,
        isPriced ? this.#amounts() : el("p.notice", {}, "Work on it has begun: lines and amounts stay as they are. Money can be given back as a refund."),
        section("shipments", "Parcels", this.#rows("shipments"))),
      el("div.order-form-side", {},
        section("customer", "Customer", this.#grid("customer")),
        section("fulfilment", "Fulfilment", this.#grid("fulfilment")),
        section("address", "Address", this.#grid("address")),
        section("note", "Note and payment", this.#grid("note", "payment_method", ...(state.payment_status ? ["payment_status"] : []), "tags"))));
  }

  /** What it says now. */
  get state() {
    const typed = PATHS.filter((path) => !SEVERAL[path] && path !== "items").map((path) => [path, this.#read(path)]);
    const several = [...this.#several].map(([path, rows]) => [path, rows.value]);
    const lines = this.#lines ? [["items", this.#lines.value]] : [];
    return { ...this.#state, ...Object.fromEntries([...typed, ...several, ...lines]) };
  }

  /** Have some texts said. */
  fill(texts) {
    for (const [path, text] of Object.entries(texts)) {
      const control = this.#control(path);
      if (control) control.value = text;
    }
    this.element.dispatchEvent(new Event("input", { bubbles: true }));
  }

  /** Say what an order like this comes to, line by line; null where that is not known. */
  tell(order) {
    this.#lines?.tell(order?.items);
  }

  /** Bring a part into view, the focus on its first field. */
  show(part) {
    const home = this.part(part) ?? this.element;
    home.scrollIntoView({ block: "start" });
    home.querySelector("input, select, textarea")?.focus({ preventScroll: true });
  }

  /** The element of a part, to which more can be added. */
  part(name) {
    return this.element.querySelector(`[data-section="${name}"]`);
  }

  #read(path) {
    const control = this.#control(path);
    if (!control) return this.#state[path];
    return control.type === "checkbox" ? control.checked : control.value.trim();
  }

  #control(path) {
    return this.element.querySelector(`[name="${CSS.escape(path)}"]`);
  }

  #amounts() {
    return section("amounts", "Amounts",
      el("div.fields.two", {}, this.#field("shipping"), this.#field("tip")),
      this.#rows("fees"), this.#rows("discounts"), this.#rows("taxes"),
      checkbox("tax_included", LABELS.tax_included, this.#state.tax_included),
      el("p.hint", {}, "Taxes are amounts: they do not follow the lines by themselves."));
  }

  /** The fields of these names, and of all that are parts of them. */
  #grid(...names) {
    const paths = PATHS.filter((path) => names.some((name) => path === name || path.startsWith(`${name}.`)));
    return el("div.fields.two", {}, paths.map((path) => this.#field(path)));
  }

  #field(path) {
    return field(path, LABELS[path], { ...(TEXTS[path] ?? { maxlength: "100", dir: "auto" }), value: this.#state[path] });
  }

  #rows(path) {
    const [add, columns] = SEVERAL[path];
    const rows = new Rows(path, LABELS[path], add, columns, this.#state[path]);
    this.#several.set(path, rows);
    return rows.element;
  }
}

function section(name, title, ...content) {
  return el("section.form-section", { "aria-label": title, data: { section: name } }, el("h3", {}, title), content);
}
