/** The overview: makes the parts, asks for a period, and follows what happens. */

import "../lib/badge.js";
import { Feed, streamOf } from "../feed.js";
import { isBefore } from "../feed/position.js";
import { get } from "../lib/api.js";
import { el, pageData, setText, throttled } from "../lib/dom.js";
import { count, money } from "../lib/format.js";
import { followRole } from "../lib/role.js";
import { Chart } from "./chart.js";
import { drawCards, drawNow, drawProducts, drawRanking, drawTimes, reasonsOf } from "./parts.js";
import { addressOf, beforeOf, daysOf, goesOn, questionOf, readAddress } from "./period.js";
import { Dates, shortCount, shortMoney } from "./words.js";

const AGAIN_MS = 3000;
const WATCHERS_MS = 20_000;
/** Numbers that could not be read stay as they were; the badge tells what is wrong. */
const nothing = () => {};
const byId = (id) => document.getElementById(id);
const data = pageData("overview-data");
const dates = new Dates(data.zone);
const charts = Object.fromEntries([...document.querySelectorAll("[data-chart]")].map((section) => [section.dataset.chart, new Chart(section)]));
const feed = new Feed({ ...streamOf(data.who), after: data.position, types: data.events });
followRole(feed);
let chosen = readAddress(location.search);
let turn = 0;
/** The id of the position up to which the stream has told; told in another epoch, it compares with none. */
let newest = data.position;
let before = null;

/** Show what the address asks for; only the answer to the newest question counts. */
async function read() {
  const mine = ++turn;
  byId("overview").setAttribute("aria-busy", "true");
  try {
    const told = await get(`/api/analytics?${questionOf(chosen, data.zone)}`);
    if (mine !== turn) return;
    const other = chosen.currency ? null : onlyOther(told);
    if (other) return choose({ currency: other }, "replaceState");
    draw(told);
    // The sums are up to two seconds behind what the stream has told already.
    if (isBefore(told.position, newest)) followSoon();
  } catch (error) {
    if (mine !== turn) return;
    byId("trouble").hidden = false;
    setText(byId("trouble"), error.explanation);
    if (error.mayPass) setTimeout(followSoon, AGAIN_MS);
  }
  byId("overview").removeAttribute("aria-busy");
}

/** Read what is so now, whatever period is looked at. */
async function readNow() {
  const overview = await get("/api/overview");
  drawNow(overview, data);
  return overview;
}

const followSoon = throttled(() => read(), AGAIN_MS);

function draw(told) {
  const beside = beforeOf(chosen);
  byId("trouble").hidden = true;
  setText(byId("period-words"), `${dates.range(told.from, told.to)}, beside ${beside}`);
  const isEmpty = told.totals.orders === 0 && told.previous.totals.orders === 0;
  byId("nothing").hidden = !isEmpty;
  byId("numbers").hidden = isEmpty;
  mark("intervals", "interval", told.interval);
  offerCurrencies(told);
  drawCards(told, beside === "yesterday until now" ? "yesterday" : "before");
  const short = shortMoney(told.currency);
  drawChart("revenue", told, (part) => Number(part.revenue), (part) => money(part.revenue, told.currency), short);
  drawChart("orders", told, (part) => part.orders, (part) => count(part.orders), shortCount);
  const { currency } = told;
  const linked = (filter) => ({ currency, name: capital, link: (value) => ordersOf(told, filter, value) });
  drawRanking(rankingOf("status"), told.by_status, { ...linked("status"), name: (status) => data.labels[status], hues: true });
  drawRanking(rankingOf("type"), told.by_type, linked("type"));
  drawRanking(rankingOf("channel"), told.by_channel, { currency, name: (channel) => channel ? capital(channel) : "No channel", link: (channel) => channel && ordersOf(told, "channel", channel) });
  drawRanking(rankingOf("reasons"), reasonsOf(told.cancellations), { currency });
  drawTimes(byId("times").tBodies[0], told, "before");
  drawProducts(byId("products").tBodies[0], told);
  byId("products").hidden = told.products.length === 0;
  byId("no-products").hidden = told.products.length > 0;
}

function drawChart(name, told, value, text, axis) {
  const points = (intervals) => intervals.map((part, place) => ({
    label: dates.short(part.from, told.interval, told.intervals.length > 24 && dates.day(part.from) !== dates.day(intervals[place - 1]?.from ?? 0)),
    title: dates.long(part.from, part.to, told.interval),
    short: told.interval === "hour" ? dates.long(part.from, part.to, "hour") : dates.day(part.from),
    value: value(part),
    text: text(part),
    isOpen: Date.parse(part.to) > Date.now(),
  }));
  const words = { now: "This period", before: "Before", sum: text(told.totals) };
  charts[name].draw({ points: points(told.intervals), before: points(told.previous.intervals), axis, words });
}

/** Amounts of several currencies are never added: one is chosen. */
function offerCurrencies({ totals, previous, currency }) {
  const sold = [totals, previous.totals].flatMap((sums) => Object.keys(sums.revenue_by_currency));
  const all = [...new Set([data.currency, currency, ...sold])];
  const select = byId("currency");
  select.hidden = all.length < 2;
  if ([...select.options].map((option) => option.value).join() !== all.join()) {
    select.replaceChildren(...all.map((code) => el("option", { value: code }, code)));
  }
  select.value = currency;
}

/** The currency in which all was sold, where none of it was in the shop's. */
function onlyOther({ totals, previous, currency }) {
  const all = [totals, previous.totals].flatMap((sums) => Object.entries(sums.revenue_by_currency));
  const earned = all.filter(([, amount]) => Number(amount) !== 0);
  return earned.length && !earned.some(([code]) => code === currency) ? earned[0][0] : null;
}

function choose(change, how = "pushState") {
  chosen = { ...chosen, ...change };
  history[how](null, "", addressOf(chosen));
  show();
}

function show() {
  mark("periods", "period", chosen.period);
  byId("custom").hidden = chosen.period !== "custom";
  const { from, to = daysOf({ period: "today" }, data.zone).from } = daysOf(chosen, data.zone);
  byId("from").value = from;
  byId("to").value = to;
  read();
}

function mark(group, name, value) {
  const home = byId(group);
  for (const button of home.querySelectorAll("button")) {
    const isPressed = button.dataset[name] === value;
    button.setAttribute("aria-pressed", String(isPressed));
    // On a phone not all of them fit.
    if (isPressed) home.scrollLeft += button.getBoundingClientRect().right - home.getBoundingClientRect().right;
  }
}

function rankingOf(name) {
  return document.querySelector(`[data-ranking="${name}"]`);
}

/** The board with the orders of a period that are alike in one thing. */
function ordersOf({ from, to }, filter, value) {
  return `/admin?${new URLSearchParams({ [filter]: value, created_from: from, created_to: to })}`;
}

function capital(text) {
  return text.charAt(0).toUpperCase() + text.slice(1).replaceAll("_", " ");
}

byId("periods").addEventListener("click", ({ target }) => {
  const period = target.closest("[data-period]")?.dataset.period;
  if (!period) return;
  const { from, to = daysOf({ period: "today" }, data.zone).from } = daysOf(chosen, data.zone);
  // Another period is divided as is usual for it.
  choose(period === "custom" ? { period, from, to, interval: "" } : { period, interval: "" });
  if (period === "custom") byId("from").focus();
});
byId("intervals").addEventListener("click", ({ target }) => {
  const interval = target.closest("[data-interval]")?.dataset.interval;
  if (interval) choose({ interval });
});
byId("currency").addEventListener("change", ({ target }) => choose({ currency: target.value }));
byId("custom").addEventListener("submit", (event) => {
  event.preventDefault();
  const [from, to] = [byId("from").value, byId("to").value];
  if (from && to) choose({ period: "custom", from, to, interval: "" });
});
addEventListener("popstate", () => {
  chosen = readAddress(location.search);
  show();
});

feed.addEventListener("signal", ({ detail }) => {
  if (detail.type !== "figures") return;
  drawNow(detail.data, data);
  if (!isBefore(newest, detail.data.position)) return;
  newest = detail.data.position;
  if (goesOn(chosen, data.zone)) followSoon();
});
feed.addEventListener("message", ({ detail: event }) => {
  if (feed.state !== "live" && event.order && goesOn(chosen, data.zone)) followSoon();
});
feed.addEventListener("reset", async () => {
  const overview = await readNow();
  newest = overview.position;
  followSoon();
  feed.resume(overview.position);
});
// Who watches is told along with the figures only; somebody may come or go while nothing is ordered.
feed.addEventListener("state", ({ detail }) => {
  if (detail.state === "live" && before !== "live") readNow().catch(nothing);
  before = detail.state;
});
setInterval(() => document.hidden || readNow().catch(nothing), WATCHERS_MS);
byId("connection").follow(feed);
drawNow(data.overview, data);
show();
feed.start();
