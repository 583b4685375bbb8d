/**
 * What the basket comes to when the shop has its say: with delivery, and less what a code takes off.
 * The server works it out; here it is asked, and shown until the basket is another one.
 *
 * Event: "change".
 */

import { ApiError, post } from "../lib/api.js";
import { debounced } from "../lib/dom.js";

const A_MOMENT = 250;

export class Quote extends EventTarget {
  #basket;
  #form;
  #hasCharges;
  #code = "";
  #asked = "";
  #known = { body: "", sums: null, problem: null };
  #soon = debounced(() => this.#ask(), A_MOMENT);

  /** `hasCharges`: whether the shop takes anything for delivery or pickup. */
  constructor(basket, form, hasCharges) {
    super();
    this.#basket = basket;
    this.#form = form;
    this.#hasCharges = hasCharges;
    basket.addEventListener("change", () => this.refresh());
    form.addEventListener("change", ({ target }) => { if (target.name === "fulfilment-method") this.refresh(); });
  }

  /** The sums of the basket as it is, those of before while they are asked for, or null. */
  get sums() {
    return this.#isNeeded ? this.#known.sums : null;
  }

  /** Why the basket cannot be had so, as the API says it, or null. */
  get problem() {
    return this.#isNeeded && this.#known.body === this.#body() ? this.#known.problem : null;
  }

  /** The code that counts. */
  get code() {
    return this.#code;
  }

  /** Count a code in, or none. Answers the API's problem with it, or null. */
  async apply(code) {
    this.#code = code;
    this.#known = { body: "", sums: null, problem: null };
    await this.#ask();
    const { problem } = this;
    if (problem?.errors?.some(({ path }) => path.startsWith("discounts"))) this.apply("");
    return problem;
  }

  refresh() {
    if (!this.#isNeeded) this.#known = { body: "", sums: null, problem: null };
    else if (this.#body() !== this.#known.body) this.#soon();
  }

  get #isNeeded() {
    return (this.#hasCharges || this.#code !== "") && this.#basket.lines.length > 0;
  }

  #body() {
    const items = this.#basket.lines
      .filter(({ trouble }) => !trouble)
      .map(({ sku, quantity, options }) => ({ sku, quantity, options }));
    const order = { items, fulfilment: { method: this.#form.elements["fulfilment-method"].value } };
    if (this.#code) order.discounts = [{ code: this.#code }];
    return JSON.stringify(order);
  }

  async #ask() {
    const body = this.#body();
    if (!this.#isNeeded) this.dispatchEvent(new Event("change"));
    if (!this.#isNeeded || body === this.#asked) return;
    this.#asked = body;
    let found;
    try {
      found = { body, sums: await post("/api/catalogue/quote", JSON.parse(body)), problem: null };
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      found = { body, sums: null, problem: error.problem };
    }
    if (this.#asked !== body) return;
    this.#asked = "";
    this.#known = found;
    this.dispatchEvent(new Event("change"));
    if (this.#body() !== body) this.#soon();
  }
}
