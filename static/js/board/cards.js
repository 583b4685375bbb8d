/**
 * The figures above the table. A live stream tells them (the signal `figures`); without one they are
 * read from the server again, at most once a second, when anything changed.
 *
 * "shown" is dispatched with the overview they are of, "risk" when another number is at risk.
 */

import { get } from "../lib/api.js";
import { setText, throttled } from "../lib/dom.js";
import { count, money, plural } from "../lib/format.js";

const PENDING = "pending";
const AGAIN_MS = 3000;
const AGING_MS = 60_000;

export class Cards extends EventTarget {
  #turn = 0;
  #shown = 0;
  #feed;
  #inProgress;
  #atRisk = null;

  /** Ask for the figures again, soon. */
  refresh = throttled(() => this.#read(), 1000);

  /** `inProgress`: the statuses of orders that count as such. */
  constructor(overview, inProgress, feed) {
    super();
    this.#inProgress = inProgress;
    this.show(overview);
    feed.addEventListener("signal", ({ detail }) => {
      if (detail.type === "figures") this.#told(detail.data);
    });
    let before = feed.state;
    feed.addEventListener("state", ({ detail }) => {
      // What was told while the stream was away is not repeated.
      if (detail.state === "live" && before !== "live") this.refresh();
      before = detail.state;
    });
    this.#feed = feed;
    // Orders become late without anything happening that would be told.
    setInterval(() => document.hidden || this.refresh(), AGING_MS);
  }

  /** Something has changed that a live stream will tell by itself. */
  changed() {
    if (this.#feed.state !== "live") this.refresh();
  }

  #told(overview) {
    this.#shown = ++this.#turn;
    this.show(overview);
  }

  show(overview) {
    const { by_status: byStatus, by_type: byType, currency } = overview;
    setCount("orders", overview.orders);
    setCount(PENDING, byStatus[PENDING] ?? 0);
    setCount("in_progress", sum(byStatus, this.#inProgress));
    setCount("today", overview.today);
    this.#showRisk(overview.at_risk ?? 0);
    for (const [status, number] of Object.entries(byStatus)) setCount(`status:${status}`, number);
    for (const [type, number] of Object.entries(byType)) setCount(`type:${type}`, number);
    setFigure("revenue", money(overview.revenue, currency));
    setFigure("revenue-today", `${money(overview.revenue_today, currency)} today`);
    setFigure("revenue-note", otherCurrencies(overview) || plural(overview.customers ?? 0, "customer"));
    setFigure("waiting", waiting(overview));
    setFigure("progress", `${count(byStatus.shipped ?? 0)} on the way`);
    this.dispatchEvent(new CustomEvent("shown", { detail: overview }));
  }

  #showRisk(number) {
    const before = this.#atRisk;
    this.#atRisk = number;
    setCount("at_risk", number);
    if (before !== number) this.dispatchEvent(new Event("risk"));
  }

  async #read() {
    const turn = ++this.#turn;
    try {
      const overview = await get("/api/overview");
      // A later question may have been answered sooner. One that is still open is not waited for:
      // while orders pour in there always is one.
      if (turn < this.#shown) return;
      this.#shown = turn;
      this.show(overview);
    } catch (error) {
      // The figures stay as they were for now; the connection badge tells what is wrong.
      if (turn === this.#turn && error.mayPass) setTimeout(this.refresh, AGAIN_MS);
    }
  }
}

function waiting({ cancellation_requests: wishes, by_status: byStatus }) {
  if (wishes) return `${plural(wishes, "wish", "wishes")} to cancel`;
  return byStatus[PENDING] ? "waiting for you" : "nothing is waiting";
}

/** What was earned in other currencies than the shop's own; sums of two currencies mean nothing. */
function otherCurrencies({ revenue_by_currency: all = {}, currency }) {
  const others = Object.entries(all).filter(([code, amount]) => code !== currency && Number(amount) !== 0);
  return others.map(([code, amount]) => `+ ${money(amount, code)}`).join(" ");
}

function sum(counts, names) {
  return names.reduce((total, name) => total + (counts[name] ?? 0), 0);
}

function setCount(name, number) {
  for (const element of document.querySelectorAll(`[data-count="${name}"]`)) {
    setText(element, count(number));
    element.toggleAttribute("data-zero", number === 0);
    element.style.setProperty("--characters", element.textContent.length);
  }
}

function setFigure(name, text) {
  for (const element of document.querySelectorAll(`[data-figure="${name}"]`)) {
    setText(element, text);
    element.title = text;
    element.style.setProperty("--characters", text.length);
  }
}
