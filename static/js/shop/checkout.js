/** From the basket to an order: reading the fields, sending, and saying what is wrong. */

import { el } from "../lib/dom.js";
import { money } from "../lib/format.js";
import { plainDecimal } from "../order/amounts.js";
import { clearComplaint, clearComplaints, complain } from "../order/complaints.js";
import { wayOn } from "../order/paying.js";
import { NotPlaced, Sending } from "../order/sending.js";

const CUSTOMER = ["name", "email", "phone"];
const ADDRESS = ["line1", "line2", "postal_code", "city"];
const LOST = "The shop could not be reached. Your order may or may not have arrived; press the button again and it will not be placed twice.";

export class Checkout {
  #form = document.getElementById("shop-form");
  #button = document.getElementById("place");
  #message = document.getElementById("order-message");
  #basket;
  #view;
  #refresh;
  #quote;
  #sending;
  #underWay = false;

  /** `refresh()` asks what the products of the basket are like now. */
  constructor(basket, view, quote, refresh) {
    this.#basket = basket;
    this.#view = view;
    this.#refresh = refresh;
    this.#quote = quote;
    const { idempotency_key: key, idempotency_secret: secret } = this.#form.elements;
    this.#sending = new Sending(key.value, secret.value);
    this.#form.addEventListener("input", ({ target }) => clearComplaint(target));
  }

  /** Show what the code takes off that is typed, or why it takes off nothing. */
  async applyCode() {
    const field = this.#form.elements["discount-code"];
    clearComplaint(field);
    const problem = await this.#quote.apply(field.value.trim());
    const wrong = (problem?.errors ?? []).filter(({ path }) => path.startsWith("discounts"));
    if (wrong.length) complain(this.#form, wrong.map(({ message }) => ["discount-code", message]));
    else if (problem) complain(this.#form, [["discount-code", problem.detail ?? problem.title]]);
    const text = this.#quote.sums?.discounts.length ? `The code ${this.#quote.sums.discounts[0].code} is taken off.` : "";
    document.getElementById("code-applied").textContent = text;
  }

  async place() {
    if (this.#underWay || this.#isHeldUp()) return;
    this.#working(true);
    clearComplaints(this.#form);
    this.#say("");
    try {
      const placed = await this.#sending.place(this.#order());
      this.#basket.empty();
      location.assign(await wayOn(placed));
    } catch (error) {
      this.#working(false);
      if (!(error instanceof NotPlaced)) throw error;
      await this.#explain(error.problem);
    }
  }

  /** What the customer has to look at first: what cannot be had, and prices that are others now. */
  #isHeldUp() {
    const lines = this.#basket.lines;
    const missing = this.#missing();
    if (lines.some(({ trouble }) => trouble)) this.#say("Something in your basket cannot be had so any more: please look at what is marked there.");
    else if (lines.some(({ changed }) => changed)) this.#tellPrices(lines);
    else if (missing.length) this.#complain(missing, "");
    else return false;
    return true;
  }

  #missing() {
    const found = this.#value("customer-name") ? [] : [["customer-name", "must not be empty"]];
    if (this.#value("fulfilment-method") === "pickup") return found;
    if (!this.#value("address-line1")) found.push(["address-line1", "is needed for a delivery"]);
    if (!this.#value("customer-phone") && !this.#value("customer-email")) found.push(["customer-phone", "or e-mail is needed for a delivery"]);
    return found;
  }

  #order() {
    const order = {
      customer: this.#filled("customer", CUSTOMER),
      payment_method: this.#value("payment_method"),
      items: this.#basket.lines.map(({ sku, name, options, quantity, price }) => ({ sku, name, options, quantity, unit_price: price })),
      fulfilment: { method: this.#value("fulfilment-method") },
    };
    if (this.#value("fulfilment-from")) order.fulfilment.from = this.#value("fulfilment-from");
    if (this.#value("tip")) order.tip = plainDecimal(this.#value("tip"));
    if (this.#value("discount-code")) order.discounts = [{ code: this.#value("discount-code") }];
    if (this.#value("note")) order.note = this.#value("note");
    if (this.#value("fulfilment-method") !== "pickup") order.address = this.#filled("address", ADDRESS);
    return order;
  }

  async #explain(problem) {
    if (problem === null) return this.#say(LOST);
    if (problem.errors?.some(({ path }) => path === "Idempotency-Key")) return this.#explainPlacedBefore();
    if (problem.lines || problem.sku || problem.errors?.some(({ path }) => path.startsWith("items."))) await this.#refresh();
    const named = (problem.errors ?? []).map(({ path, message }) => [path, message]);
    const ofLines = named.filter(([path]) => path.startsWith("items."));
    this.#view.complain(ofLines.map(([path, message]) => [Number(path.split(".")[1]), `This ${message}.`]));
    if (problem.lines) this.#tellPrices(this.#basket.lines);
    else this.#complain(named.filter(([path]) => !path.startsWith("items.")).map(([path, message]) => [fieldName(path), message]), problem.detail);
  }

  /** Say which prices are others now; whoever presses the button again takes them. */
  #tellPrices(lines) {
    const told = lines.filter(({ changed }) => changed).map(({ name, price, seen, product: { currency } }) =>
      `${name} costs ${money(price, currency)} now, no longer ${money(seen, currency)}.`);
    this.#say(["A price has changed:", ...told, "Nothing was ordered yet; press the button again to order at the prices that hold now."].join(" "));
    this.#basket.acknowledge();
  }

  #complain(messages, detail) {
    const homeless = complain(this.#form, messages);
    const marked = this.#form.querySelectorAll("[aria-invalid]").length;
    if (homeless.length || !marked) this.#say([detail, ...homeless].join(" "));
    else this.#say(`Nothing was ordered yet: please look at the ${marked === 1 ? "field" : "fields"} marked below.`);
    this.#form.querySelector("[aria-invalid]")?.focus();
  }

  async #explainPlacedBefore() {
    const placed = await this.#sending.placedBefore();
    if (!placed) return this.#say("This basket has been ordered before. Please reload the page to order again.");
    this.#say("This order had arrived before you changed it; what you changed since was not sent. ");
    this.#message.querySelector("p").append(el("a", { href: new URL(placed.track_url).pathname }, "See the order as placed"));
  }

  #value(name) {
    return this.#form.elements[name]?.value.trim() ?? "";
  }

  #filled(group, names) {
    const values = names.map((name) => [name, this.#value(`${group}-${name}`)]);
    return Object.fromEntries(values.filter(([, text]) => text));
  }

  #say(text) {
    this.#message.querySelector("p").textContent = text;
    this.#message.hidden = !text;
    if (!text) return;
    this.#message.focus({ preventScroll: true });
    this.#message.scrollIntoView({ block: "nearest" });
  }

  #working(is) {
    this.#underWay = is;
    this.#button.setAttribute("aria-busy", String(is));
  }
}

/** The name of the field that a path of the API's errors means. */
function fieldName(path) {
  const whole = { customer: "customer-name", address: "address-line1", "discounts.0.code": "discount-code" };
  return whole[path] ?? path.replaceAll(".", "-");
}
