/**
 * One order followed: what happens to it, as it comes, and how it is now.
 *
 * It hears the page's one connection, so following costs the server nothing.
 */

import { get } from "../lib/api.js";
import { el, setText } from "../lib/dom.js";
import { fullTime, money, plural } from "../lib/format.js";
import { story, statusLabel, who } from "../board/words.js";
import { preciseTime } from "./units.js";

const MOST = 200;

export class Follow {
  #order = null;
  #heard = 0;
  #before = null;
  #past;
  #announce;
  #form = document.getElementById("follow-form");
  #field = document.getElementById("follow-order");
  #error = document.getElementById("follow-error");
  #box = document.getElementById("followed");
  #list = document.getElementById("followed-events");

  /** `past(id)`: the frames about an order that this page has already heard, oldest first. */
  constructor(connection, past, announce) {
    this.#past = past;
    this.#announce = announce;
    connection.addEventListener("frame", ({ detail }) => this.#hear(detail));
    this.#form.addEventListener("submit", (event) => this.#look(event));
    document.getElementById("unfollow").addEventListener("click", () => this.stop());
  }

  /** Follow an order in place of the one before. */
  start(order) {
    this.#order = order;
    this.#before = null;
    this.#heard = 0;
    this.#list.replaceChildren();
    this.#box.hidden = false;
    for (const frame of this.#past(order.id)) this.#hear(frame);
    this.#complain("");
    this.#show();
    this.#announce(`Following order ${order.number}.`);
  }

  stop() {
    if (!this.#order) return;
    this.#announce(`No longer following order ${this.#order.number}.`);
    const hadFocus = this.#box.contains(document.activeElement);
    this.#order = null;
    this.#box.hidden = true;
    if (hadFocus) this.#field.focus();
  }

  async #look(event) {
    event.preventDefault();
    const wanted = this.#field.value.trim().replace(/^#/, "");
    if (!wanted) return this.#complain("Which order? Give its number or its id.");
    try {
      const order = await find(wanted);
      if (!order) return this.#complain(`There is no order ${wanted}.`);
      this.#field.value = "";
      this.start(order);
    } catch (error) {
      this.#complain(error.status === 404 ? `There is no order ${wanted}.` : error.explanation);
    }
  }

  #complain(text) {
    setText(this.#error, text);
    this.#field.setAttribute("aria-invalid", String(Boolean(text)));
  }

  #hear({ event, at, id }) {
    if (!this.#order || event?.order?.id !== this.#order.id) return;
    if (event.order.version >= this.#order.version) this.#order = event.order;
    this.#heard += 1;
    this.#list.prepend(entry(event, this.#before, at, id));
    this.#before = event.order;
    while (this.#list.children.length > MOST) this.#list.lastElementChild.remove();
    this.#show();
  }

  #show() {
    const order = this.#order;
    const part = (name) => this.#box.querySelector(`[data-followed="${name}"]`);
    const link = part("number");
    setText(link, `#${order.number}`);
    link.href = `/admin#${order.id}`;
    const badge = part("status");
    badge.dataset.status = order.status;
    setText(badge, statusLabel(order.type, order.status));
    setText(part("customer"), order.customer?.name ?? "");
    setText(part("total"), money(order.total, order.currency));
    setText(part("version"), String(order.version));
    setText(part("allowed"), order.allowed?.length ? order.allowed.map((status) => statusLabel(order.type, status)).join(", ") : "nothing, it is final");
    setText(part("heard"), this.#heard ? plural(this.#heard, "event") : "nothing yet; it appears the moment it happens");
  }
}

async function find(wanted) {
  if (wanted.startsWith("ord_")) return get(`/api/orders/${encodeURIComponent(wanted)}`);
  const { orders } = await get(`/api/orders?limit=50&q=${encodeURIComponent(wanted)}`);
  return orders.find(({ number }) => String(number) === wanted) ?? null;
}

function entry(event, before, at, id) {
  const { title, details } = story(event, before);
  const isMove = event.changes?.includes("status") || event.type === "order.created";
  return el("li", { data: { type: event.type, id } },
    el("span.status-dot", { "aria-hidden": "true", data: isMove ? { status: event.order.status } : {} }),
    el("div.entry", {},
      el("p", {}, el("b", { dir: "auto" }, who(event.actor ?? {})), " ", title),
      details.map((detail) => el("p.muted", { dir: "auto" }, detail)),
      el("p.faint", {}, el("time", { datetime: event.at, title: fullTime(event.at) }, preciseTime(at)), ` · ${id}`)));
}
