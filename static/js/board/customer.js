/** What is known of an order's customer: "4th order, €312.00 in all, last one cancelled". */

import { get } from "../lib/api.js";
import { el } from "../lib/dom.js";
import { amounts, nth, plural } from "../lib/format.js";

const RECORDS_MS = 1500;  // the records follow the orders by up to a second
const MOST_TRIES = 8;

export class CustomerHistory {
  #id = null;
  #version = null;
  #shown = "";
  #timer = null;
  #turn = 0;

  element = el("p.muted.history", { hidden: true });

  /** Show what is known with this order; what it changes itself is known a moment later. */
  show({ id, version }) {
    if (id === this.#id && version === this.#version) return;
    if (id !== this.#id) {
      this.#fill([]);
      this.#id = id;
      this.#ask(0);
    } else {
      this.#askLater(0);
    }
    this.#version = version;
  }

  #askLater(tries) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#ask(tries), RECORDS_MS);
  }

  /** Answers may overtake each other: the one to the last question counts. */
  async #ask(tries) {
    const turn = ++this.#turn;
    clearTimeout(this.#timer);
    try {
      const found = await get(`/api/orders/${encodeURIComponent(this.#id)}/customer`);
      if (turn !== this.#turn) return;
      if (found.customer) this.#fill(words(found));
      else if (tries < MOST_TRIES) this.#askLater(tries + 1);
    } catch (error) {
      if (turn === this.#turn && error.mayPass && tries < MOST_TRIES) this.#askLater(tries + 1);
    }
  }

  /** `parts`: texts, each with the address that it leads to. */
  #fill(parts) {
    const state = JSON.stringify(parts);
    if (state === this.#shown) return;
    this.#shown = state;
    const links = parts.map(([text, href]) => el("a", { href, data: { key: "history" } }, text));
    this.element.replaceChildren(...links.flatMap((link, n) => (n ? [", ", link] : [link])));
    this.element.hidden = parts.length === 0;
  }
}

function words({ customer, ordinal, previous }) {
  const { id, orders_count: all } = customer;
  const address = `/admin/customers#${id}`;
  if (all === 1) return [["First order", address]];
  const which = ordinal === null ? plural(all, "order") : ordinal === all ? `${nth(ordinal)} order` : `${nth(ordinal)} of ${plural(all, "order")}`;
  const told = [[`${which}, ${amounts(customer.sums)} in all`, address]];
  if (previous) told.push([`last one ${previous.status_label.toLowerCase()}`, `#${previous.id}`]);
  return told;
}
