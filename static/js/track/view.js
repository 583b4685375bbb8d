/** Shows an order on the customer's page and points out what has changed. */

import { el, setText } from "../lib/dom.js";
import { PARTS, expectedAt, sentenceOf, time } from "./parts.js";
import { moment, money } from "../lib/format.js";

export class View {
  #words;
  #shown = new Map();
  #order = null;

  constructor(words) {
    this.#words = words;
    for (const element of document.querySelectorAll(".track-head time")) {
      element.replaceWith(time(element.getAttribute("datetime")));
    }
  }

  get order() {
    return this.#order;
  }

  /** Show the order; parts that come out as they were are left alone, focus and all. */
  show(order) {
    const before = this.#order;
    this.#order = order;
    for (const [name, build] of Object.entries(PARTS)) this.#showPart(name, build(order, this.#words));
    document.title = `${order.status_label} · ${this.#words.kinds[order.type] ?? "Order"} ${order.number}`;
    if (before) this.#announce(before, order);
  }

  /** Where the order is just now, which is no change of it. */
  place(location) {
    const { tracking } = this.#order;
    if (JSON.stringify(tracking.location) === JSON.stringify(location)) return;
    if (location && tracking.location?.at > location.at) return;  // signals may overtake each other
    this.#order = { ...this.#order, tracking: { ...tracking, location } };
    this.#showPart("delivery", PARTS.delivery(this.#order, this.#words));
  }

  #showPart(name, children) {
    const built = el("div", {}, children);
    const before = this.#shown.get(name);
    if (before === built.innerHTML) return;
    this.#shown.set(name, built.innerHTML);
    const part = document.querySelector(`[data-part="${name}"]`);
    part.replaceChildren(...built.childNodes);
    if (before !== undefined) pointOut(part);
  }

  #announce(before, order) {
    const news = newsOf(before, order, this.#words);
    if (news.length > 0) setText(document.getElementById("announcements"), news.join(" "));
  }
}

function pointOut(part) {
  part.classList.remove("changed");
  void part.offsetWidth; // Without a layout in between the animation would not begin again.
  part.classList.add("changed");
}

/** What has changed, in sentences for those who do not see it. */
function newsOf(before, order, words) {
  const news = [];
  const differs = (read) => JSON.stringify(read(before)) !== JSON.stringify(read(order));
  if (before.status !== order.status) news.push(`${order.status_label}. ${sentenceOf(order, words)}`);
  if (order.driver && differs((of) => of.driver)) news.push(`Your driver is ${order.driver.name}.`);
  if (expectedAt(order) && differs(expectedAt)) news.push(`Expected ${moment(expectedAt(order))}.`);
  if (order.tracking.number && differs((of) => of.tracking.number)) news.push(`Tracking number ${order.tracking.number}.`);
  if (Number(order.payment.refunded) > Number(before.payment.refunded)) news.push(refundNews(before, order));
  if (differs((of) => of.cancellation_request)) news.push(...cancellationNews(order));
  return news;
}

/** "Refunded $4.90." */
function refundNews(before, { refunds, payment, currency }) {
  const isOneMore = refunds.length === before.refunds.length + 1;
  return `Refunded ${money(isOneMore ? refunds.at(-1).amount : payment.refunded, currency)}.`;
}

function cancellationNews({ cancellation_request: request, status }) {
  if (request) return ["The shop has been asked to cancel."];
  return status === "cancelled" ? [] : ["The shop has not accepted to cancel; it goes on."];
}
