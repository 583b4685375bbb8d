/** The parts of the page that are no charts: cards, rankings and tables, each drawn anew from what was told. */

import { el, setText } from "../lib/dom.js";
import { count, money, plural } from "../lib/format.js";
import { change, duration, shareOf } from "./words.js";

const GOOD = { revenue: 1, orders: 1, average: 1, refunds: -1, cancelled: -1 };
const STEPS = { accept: "Accepted", ready: "Ready", ship: "Shipped", deliver: "Delivered" };

/** The sums of a period beside those of the one before. */
export function drawCards({ totals, previous, currency }, beside) {
  const write = { orders: count, cancelled: count };
  for (const [name, good] of Object.entries(GOOD)) {
    const card = document.querySelector(`[data-card="${name}"]`);
    const told = write[name] ?? ((amount) => money(amount, currency));
    const before = previous.totals[name];
    const { text, trend } = change(Number(totals[name]), Number(before));
    setText(card.querySelector(".sum-value"), told(totals[name]));
    const mark = card.querySelector(".sum-change");
    setText(mark, text);
    mark.dataset.tone = trend === 0 ? "even" : trend === good ? "good" : "bad";
    setText(card.querySelector(".sum-note"), `${told(before)} ${beside}`);
  }
}

/** What is so now, whatever period is looked at. */
export function drawNow(overview, { waiting, in_progress: inProgress }) {
  const of = (statuses) => statuses.reduce((sum, status) => sum + (overview.by_status[status] ?? 0), 0);
  const numbers = {
    waiting: of(waiting),
    in_progress: of(inProgress),
    wishes: overview.cancellation_requests,
    at_risk: overview.at_risk,
    watching: overview.subscribers,
  };
  for (const [name, number] of Object.entries(numbers)) {
    const card = document.querySelector(`[data-now="${name}"]`);
    if (!card || number === undefined) continue;
    setText(card.querySelector(".now-value"), count(number));
    card.toggleAttribute("data-some", number > 0);
  }
}

/** Parts of all orders, the largest first; `name` says what people call one, `link` where its orders are. */
export function drawRanking(home, parts, { currency, name = (key) => key, hues = false, link = null }) {
  const some = Object.entries(parts).filter(([, part]) => part.orders > 0).sort(([, a], [, b]) => b.orders - a.orders);
  const all = some.reduce((sum, [, part]) => sum + part.orders, 0);
  home.replaceChildren(some.length ? el("ol.ranking", {}, some.map(([key, part]) => rank({
    key: hues ? key : null,
    link: link?.(key),
    name: name(key),
    number: count(part.orders),
    share: part.orders / all,
    note: [shareOf(part.orders, all), part.revenue && money(part.revenue, currency)].filter(Boolean).join(" · "),
  }))) : el("p.faint", {}, "None in this time."));
}

function rank({ key, link, name, number, share, note }) {
  const bar = el("span.rank-bar", { "aria-hidden": "true", data: key ? { status: key } : {} });
  bar.style.setProperty("--share", share);
  return el("li", {},
    el("span.rank-name", { dir: "auto" }, link ? el("a", { href: link }, name) : name),
    el("span.rank-note", {}, note),
    el("span.rank-number", {}, number),
    bar);
}

/** Reasons as parts, by what was said. */
export function reasonsOf(cancellations) {
  return Object.fromEntries(cancellations.map(({ reason, orders }) => [reason ?? "No reason, or another", { orders }]));
}

export function drawTimes(body, { times, previous }, beside) {
  body.replaceChildren(...Object.entries(STEPS).map(([name, step]) => {
    const [now, before] = [times[name], previous.times[name]];
    const cell = (part) => el("td.end", {}, duration(now[part]), before[part] !== null && el("span.faint", {}, `${duration(before[part])} ${beside}`));
    return el("tr", {}, el("th", { scope: "row" }, step), el("td.end", {}, count(now.count)), cell("median"), cell("p90"));
  }));
}

export function drawProducts(body, { products, currency }) {
  body.replaceChildren(...products.map(({ sku, name, orders, quantity, revenue }) => el("tr", {},
    el("th", { scope: "row" }, el("span", { dir: "auto" }, name), el("span.faint", {}, [sku, `in ${plural(orders, "order")}`].filter(Boolean).join(" · "))),
    el("td.end", {}, typeof quantity === "number" ? count(quantity) : quantity),
    el("td.end", {}, money(revenue, currency)))));
}
