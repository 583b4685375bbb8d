/** The table of customers: rows that stay keep the focus. */

import { el } from "../lib/dom.js";
import { age, amounts, count, fullTime } from "../lib/format.js";

export class Table {
  #body;
  #open;
  #rows = new Map();

  /** `open(customer)` is called when somebody wants to see one. */
  constructor(body, open) {
    this.#body = body;
    this.#open = open;
  }

  /** Show these, in this order. */
  draw(customers) {
    const gone = new Set(this.#rows.keys());
    let before = null;
    for (const customer of customers) {
      gone.delete(customer.id);
      const row = this.#row(customer);
      const place = before ? before.nextSibling : this.#body.firstChild;
      if (row !== place) this.#body.insertBefore(row, place);
      before = row;
    }
    for (const id of gone) {
      this.#rows.get(id).element.remove();
      this.#rows.delete(id);
    }
  }

  /** Give the focus to a customer's row. */
  focus(id) {
    this.#rows.get(id)?.element.querySelector("button")?.focus();
  }

  #row(customer) {
    const state = JSON.stringify(customer);
    const known = this.#rows.get(customer.id);
    if (known?.state === state) {
      known.element.querySelector("time").textContent = age(customer.last_seen);
      return known.element;
    }
    const element = known?.element ?? el("tr", { data: { id: customer.id } });
    const hadFocus = element.contains(document.activeElement);
    element.replaceChildren(...this.#cells(customer));
    if (hadFocus) element.querySelector("button").focus();
    this.#rows.set(customer.id, { element, state });
    return element;
  }

  #cells(customer) {
    const { name, company, email, phone } = customer;
    return [
      el("td.who", {},
        el("button.customer-name", { type: "button", dir: "auto", onclick: () => this.#open(customer.id) }, name),
        company ? el("span.faint", { dir: "auto" }, company) : null,
        customer.erasing ? el("span.badge", { data: { status: "cancelled" } }, "Being erased") : null),
      el("td.contact", {}, el("span", { dir: "auto" }, email ?? ""), el("span.faint", {}, phone ?? "")),
      el("td.number", { "data-label": "Orders" }, count(customer.orders_count)),
      el("td.number.money", { "data-label": "Spent" }, amounts(customer.sums)),
      el("td.number", { "data-label": "Last order" },
        el("time", { datetime: customer.last_seen, title: fullTime(customer.last_seen) }, age(customer.last_seen))),
    ];
  }
}
