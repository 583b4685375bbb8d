/** One customer in a dialog: who they are, what they ordered, and what can be done. */

import { get } from "../lib/api.js";
import { el, icon } from "../lib/dom.js";
import { amounts, fullTime, moment, money, plural } from "../lib/format.js";
import { toast } from "../lib/toasts.js";
import { urlOf } from "./address.js";
import { askToErase, askWhomToMerge } from "./questions.js";

const PAGE = 20;

/** `handlers`: `erase(customer)`, `merge(customer, other)` (promises of the customer, or null), `closed(id)`. */
export async function openDetail(id, handlers) {
  let found;
  try {
    found = await get(`${urlOf(id)}?limit=${PAGE}`);
  } catch (error) {
    const title = error.status === 404 ? "There is no such customer any more" : "The customer could not be read";
    toast({ key: "customer", title, detail: error.status === 404 ? null : error.explanation, tone: "danger" });
    handlers.closed(id);
    return null;
  }
  return new Detail(found, handlers);
}

class Detail {
  #handlers;
  #customer;
  #next;
  #head = el("div.customer-head");
  #orders = el("tbody");
  #more = el("button.button.small", { type: "button", onclick: () => this.#readMore() }, "Earlier orders");
  #actions = el("div.actions");
  #dialog;

  constructor({ orders, next, ...customer }, handlers) {
    this.#handlers = handlers;
    this.id = customer.id;
    this.#dialog = el("dialog.modal.customer", { "aria-labelledby": "customer-title" },
      el("div.body", {},
        this.#head,
        el("div.customer-orders", { tabindex: "0", role: "group", "aria-label": "Orders" }, el("table", {}, this.#orders)),
        this.#more,
        this.#actions));
    this.#dialog.addEventListener("close", () => {
      this.#dialog.remove();
      handlers.closed(this.id);
    });
    this.show(customer);
    this.#add(orders, next);
    document.body.append(this.#dialog);
    this.#dialog.showModal();
  }

  close() {
    this.#dialog.close();
  }

  /** Show another state of the same customer. */
  show(customer) {
    this.#customer = customer;
    this.#head.replaceChildren(...head(customer, () => this.close()));
    this.#actions.replaceChildren(...this.#offered(customer));
  }

  /** Read the orders afresh: there may be more of them now. */
  async reread() {
    const { orders, next, ...customer } = await get(`${urlOf(this.id)}?limit=${PAGE}`);
    this.#orders.replaceChildren();
    this.#add(orders, next);
    this.show(customer);
  }

  #offered(customer) {
    const file = { href: urlOf(customer.id, "/export"), download: `${customer.id}.json` };
    if (customer.erasing) return [el("p.muted", { role: "status" }, "Being erased. This takes some seconds.")];
    return [
      el("button.button.quiet.danger", { type: "button", data: { changes: "" }, onclick: () => this.#erase() }, "Erase…"),
      el("span.push"),
      el("button.button", { type: "button", data: { changes: "" }, onclick: () => this.#merge() }, "Merge…"),
      el("a.button", file, icon("arrow-down"), "Export"),
    ];
  }

  #add(orders, next) {
    this.#next = next;
    this.#more.hidden = next === null;
    this.#orders.append(...orders.map(row));
  }

  async #readMore() {
    try {
      const query = new URLSearchParams({ limit: PAGE, cursor: this.#next });
      const { orders, next } = await get(`${urlOf(this.id)}?${query}`);
      this.#add(orders, next);
    } catch (error) {
      toast({ key: "customer", title: "The orders could not be read", detail: error.explanation, tone: "danger" });
    }
  }

  async #erase() {
    if (!(await askToErase(this.#customer))) return;
    const customer = await this.#handlers.erase(this.#customer);
    if (customer) this.show(customer);
  }

  async #merge() {
    const other = await askWhomToMerge(this.#customer);
    if (other && (await this.#handlers.merge(this.#customer, other))) await this.reread();
  }
}

function head(customer, close) {
  const { name, company, email, phone, also } = customer;
  return [
    el("header.customer-bar", {},
      el("h2", { id: "customer-title", dir: "auto" }, name),
      el("button.button.quiet.small.icon-only", { type: "button", title: "Close", "aria-label": "Close", onclick: close }, icon("close"))),
    company ? el("p.muted", { dir: "auto" }, company) : null,
    el("p.cluster", {},
      email ? el("a", { href: `mailto:${email}` }, email) : null,
      phone ? el("a", { href: `tel:${phone.replace(/[^+\d]/g, "")}` }, phone) : null),
    also.length ? el("p.muted", { dir: "auto" }, `Also ordered as ${also.join(", ")}`) : null,
    el("p", {}, `${plural(customer.orders_count, "order")}, ${amounts(customer.sums)} in all`),
    el("p.muted", {}, "First order ", time(customer.first_seen), ", last order ", time(customer.last_seen)),
  ].filter(Boolean);
}

function row(order) {
  return el("tr", {},
    el("td", {}, el("a", { href: `/admin#${order.id}` }, `#${order.number}`)),
    el("td", {}, el("span.badge", { data: { status: order.status } }, order.status_label)),
    el("td.faint", {}, time(order.created_at)),
    el("td.number.money", {}, money(order.total, order.currency)));
}

function time(text) {
  return el("time", { datetime: text, title: fullTime(text) }, moment(text));
}
