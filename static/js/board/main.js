/** The board: makes the parts and connects them. */

import "../lib/badge.js";
import { Feed, streamOf } from "../feed.js";
import { copyText, pageData, setText } from "../lib/dom.js";
import { count } from "../lib/format.js";
import { prepareToasts, toast } from "../lib/toasts.js";
import { Accepting, useAccepting } from "./accepting.js";
import { Announcer } from "./announce.js";
import { Arrivals } from "./arrivals.js";
import { Cards } from "./cards.js";
import { Connection } from "./connection.js";
import { Drivers } from "./drivers.js";
import { Filters } from "./filters.js";
import { firstOrderCommand } from "./first-order.js";
import { Live } from "./live.js";
import { Moves, useDeclineReasons } from "./moves.js";
import { Panel } from "./panel.js";
import { Ringing } from "./ringing.js";
import { listenToKeys } from "./shortcuts.js";
import * as stores from "./store.js";
import { Table } from "./table.js";
import { useLabels } from "./words.js";

const data = pageData("board-data");
const byId = (id) => document.getElementById(id);

prepareToasts();
useLabels(data.labels);
useShop(data.accepting);

const filters = new Filters();
const store = stores.createStore();
stores.replace(store, data, stores.NO_FILTER);
const list = {
  count: () => stores.count(store),
  at: (place) => store.rows[place],
  placeOf: (order) => stores.placeOf(store, order),
  find: (id) => stores.find(store, id),
  hasMore: () => stores.hasMore(store),
};

const feed = new Feed({ ...streamOf(data.who), after: data.position, types: data.events });
const live = new Live(store, feed);
const table = new Table(byId("orders").tBodies[0], byId("room"), list);
const drivers = new Drivers(data.drivers);
const moves = new Moves(live, table);
const accepting = new Accepting(moves);
const panel = new Panel(byId("panel"), live, moves, drivers, accepting);
const cards = new Cards(data.overview, data.in_progress, feed);
const announcer = new Announcer((id) => panel.open(id));
const ringing = new Ringing(byId("ring"), (id) => panel.open(id));
const arrivals = new Arrivals(byId("new-pill"), list.find);
const connection = new Connection(live, feed);

feed.addEventListener("message", ({ detail }) => {
  if (detail.driver) drivers.take(detail.driver);
  if (detail.type === "driver.updated") live.read();  // orders show their driver's name
  if (detail.settings) useShop(detail.settings);
  if (detail.note) panel.hearNote(detail.order_id);
  if (detail.product) tellStock(detail);
});
live.addEventListener("heard", ({ detail }) => {
  announcer.announce(detail);
  ringing.hear(detail);
  table.draw(detail.filter(({ type }) => type === "order.created").map(({ order }) => order.id));
});
live.addEventListener("change", () => {
  table.draw();
  cards.changed();
});
live.addEventListener("failed", ({ detail }) => {
  toast({ key: "read", title: "The orders could not be read", detail: detail.explanation, tone: "danger" });
});

table.addEventListener("drawn", ({ detail }) => {
  const shown = list.count();
  const more = list.hasMore();
  arrivals.add(detail.placed);
  panel.refresh();
  moves.refreshMenu();
  live.fill();
  byId("more").hidden = !more;
  byId("orders").classList.toggle("is-empty", shown === 0);
  byId("exports").hidden = !shown;
  byId("no-orders").hidden = shown > 0 || filters.isActive || more;
  byId("no-match").hidden = shown > 0 || !filters.isActive || more;
  setText(byId("shown-count"), shown ? `${count(shown)} shown${more ? "" : ", that is all"}` : "");
});
table.addEventListener("looked", ({ detail }) => {
  arrivals.show(detail.first);
  live.lookAt(detail.last);
});
byId("new-pill").addEventListener("click", () => table.goHome());

filters.addEventListener("change", async () => {
  byId("orders").setAttribute("aria-busy", "true");
  await live.read(filters.value);
  byId("orders").setAttribute("aria-busy", "false");
  scrollTo({ top: 0, behavior: "instant" });
});

panel.addEventListener("shown", ({ detail }) => table.mark(detail.id));
panel.addEventListener("hidden", ({ detail }) => {
  table.mark(null);
  if (!table.focus(detail.id)) detail.cameFrom?.focus?.();
});

byId("orders").addEventListener("click", (event) => {
  const row = table.row(event.target.closest(".row")?.dataset.id);
  if (!row || event.ctrlKey || event.metaKey || event.shiftKey || String(getSelection())) return;
  event.preventDefault();
  const asked = event.target.closest("[data-action=move]");
  if (asked && !asked.disabled) moves.offer(row.order, asked);
  else panel.open(row.order.id);
});

byId("more").addEventListener("click", () => live.more());
byId("refresh").addEventListener("click", () => refresh());
byId("silence").addEventListener("click", () => silence(!announcer.isSilent));
byId("help-button").addEventListener("click", () => byId("help").showModal());
byId("copy-curl").addEventListener("click", async () => {
  if (await copyText(byId("curl-line").textContent)) toast({ title: "Copied", tone: "good" });
});
setText(byId("curl-line"), firstOrderCommand(location.origin, data.shop));

function silence(silent) {
  announcer.isSilent = silent;
  byId("silence").setAttribute("aria-pressed", String(silent));
}

/** Said when a product begins to run low, not with each order after that. */
function tellStock({ product, was }) {
  if (announcer.isSilent || !product.low || was.low !== false || !product.active) return;
  const left = Number(product.available) === 0 ? "is sold out" : `is running low: ${product.available} left`;
  const show = { label: "Products", run: () => location.assign("/admin/products") };
  toast({ key: `stock ${product.sku}`, title: `${product.name} ${left}`, tone: "danger", icon: "tag", action: show, stays: 20_000 });
}

async function refresh() {
  byId("refresh").setAttribute("aria-busy", "true");
  cards.refresh();
  const done = await live.read(filters.value);
  byId("refresh").setAttribute("aria-busy", "false");
  if (done) toast({ key: "read", title: "Up to date", tone: "good", stays: 1500 });
}

function step(by) {
  const order = table.neighbour(by);
  if (!order) return false;
  table.focus(order.id);
  if (panel.order) panel.open(order.id, { stepping: true });
  return true;
}

listenToKeys({
  j: () => step(1),
  k: () => step(-1),
  ArrowDown: (event) => isFree(event) && step(1),
  ArrowUp: (event) => isFree(event) && step(-1),
  Enter: (event) => Boolean(event.target.matches(".row") && panel.open(event.target.dataset.id)),
  m: () => offerMoves(),
  a: () => offerToAccept(),
  n: () => location.assign("/admin/new") ?? true,
  e: () => panel.edit() ?? true,
  s: () => silence(!announcer.isSilent) ?? true,
  "/": () => byId("search").select() ?? true,
  r: () => Boolean(refresh()),
  p: () => connection.toggle() ?? true,
  "?": () => byId("help").showModal() ?? true,
  Escape: (event) => leave(event),
});

/** Arrow keys belong to the panel and the page while the focus is there. */
function isFree({ target }) {
  return target === document.body || Boolean(target.closest("#orders"));
}

function offerMoves() {
  const row = table.current;
  if (row && !row.element.closest("[inert]")) moves.offer(row.order, row.statusButton);
  else if (panel.order) moves.offer(panel.order, byId("panel").querySelector("[data-action=move]"));
  return true;
}

function offerToAccept() {
  const row = table.current;
  if (row && !row.element.closest("[inert]")) return accepting.offer(row.order, row.statusButton);
  return Boolean(panel.order) && accepting.offer(panel.order, byId("panel").querySelector("[data-key=accept]"));
}

/** What staff have set of how orders are accepted. */
function useShop(settings) {
  useAccepting(settings);
  useDeclineReasons(settings.decline_reasons);
}

function leave({ target }) {
  if (target.id === "search") target.value ? filters.clearSearch() : target.blur();
  else panel.close();
  return true;
}

cards.addEventListener("shown", ({ detail }) => ringing.take(detail));
ringing.take(data.overview);
table.draw();
silence(announcer.isSilent);
panel.followAddress();
if (filters.isActive) live.read(filters.value);
connection.start();
