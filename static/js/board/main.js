/** The board: makes the parts and connects them. */

import "../lib/badge.js";
import { Feed, streamOf } from "../feed.js";
import { Columns } from "../columns/columns.js";
import { Finding } from "../finding/finding.js";
import { selectMany } from "../selecting/select.js";
import { pageData, setText } from "../lib/dom.js";
import { count } from "../lib/format.js";
import { followRole, mayChange } from "../lib/role.js";
import { prepareToasts, toast } from "../lib/toasts.js";
import { makeWall } from "../wall/start.js";
import { Accepting } from "./accepting.js";
import { Announcer } from "./announce.js";
import { Arrivals } from "./arrivals.js";
import { Cards } from "./cards.js";
import { meet } from "./colleagues.js";
import { Connection } from "./connection.js";
import { Drivers } from "./drivers.js";
import { Filters } from "./filters.js";
import { offerCommand } from "./first-order.js";
import { Live } from "./live.js";
import { Moves } from "./moves.js";
import { Panel } from "./panel.js";
import { Ringing } from "./ringing.js";
import { useShop } from "./shop.js";
import { listenToKeys } from "./shortcuts.js";
import { Shown } from "./shown.js";
import { tellStock } from "./stock.js";
import * as stores from "./store.js";
import { Table } from "./table.js";
import { Undoing } from "./undoing.js";
import { Team } from "./team.js";
import { Views } from "./views.js";
import { greet } from "./welcome.js";
import { useLabels } from "./words.js";

const MOST_ON_A_BOARD = 2000;

const data = pageData("board-data");
const byId = (id) => document.getElementById(id);

prepareToasts();
greet(byId("welcome"));
useLabels(data.labels);
useShop(data.accepting);

const filters = new Filters();
const views = new Views();
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
followRole(feed);
const live = new Live(store, feed);
const table = new Table(byId("orders").tBodies[0], byId("room"), list);
const drivers = new Drivers(data.drivers);
const undoing = new Undoing(live);
const moves = new Moves(live, { row: (id) => shown.row(id) }, undoing);
const team = new Team(data.team, data.staff.id, feed);
const finding = new Finding({ data, filters, drivers, team, store, views, feed });
const columns = new Columns(byId("columns"), store, moves, data.statuses_by);
const accepting = new Accepting(moves);
const wall = makeWall(byId("wall"), { live, feed, moves, accepting, undoing, filters, statuses: data.statuses_by });
const shown = new Shown(views, { table, board: columns, wall });
const panel = new Panel(byId("panel"), live, moves, drivers, accepting, undoing, team);
const picking = selectMany({ live, list, shown, table, views, undoing, drivers, statuses: data.statuses, filter: () => filters.value });
const cards = new Cards(data.overview, data.in_progress, feed);
const announcer = new Announcer((id) => panel.open(id));
const ringing = new Ringing(byId("ring"), (id) => panel.open(id));
const arrivals = new Arrivals(byId("new-pill"), list.find);
const connection = new Connection(live, feed);

feed.addEventListener("message", ({ detail }) => {
  if (detail.driver) drivers.take(detail.driver);
  if (detail.type === "driver.updated") live.read();  // orders show their driver's name
  if (detail.settings) useShop(detail.settings);
  if (detail.note || detail.prints) panel.hearAside(detail.order_id);
  if (detail.type === "order.unaccepted") panel.hearAside(detail.order.id);
  if (detail.product && !announcer.isSilent) tellStock(detail);
});
live.addEventListener("heard", ({ detail }) => {
  announcer.announce(detail);
  ringing.hear(detail);
  shown.draw(detail.filter(({ type }) => type === "order.created").map(({ order }) => order.id));
});
live.addEventListener("change", () => {
  shown.draw();
  cards.changed();
});
live.addEventListener("read", () => columns.readAgain());
live.addEventListener("failed", ({ detail }) => {
  toast({ key: "read", title: "The orders could not be read", detail: detail.explanation, tone: "danger" });
});

table.addEventListener("drawn", ({ detail }) => {
  const number = list.count();
  const more = list.hasMore();
  arrivals.add(detail.placed);
  follow();
  live.fill();
  byId("more").hidden = !more;
  byId("orders").classList.toggle("is-empty", number === 0);
  byId("exports").hidden = !number;
  byId("no-orders").hidden = number > 0 || filters.isActive || more;
  byId("no-match").hidden = number > 0 || !filters.isActive || more;
  setText(byId("shown-count"), number ? `${count(number)} shown${more ? "" : ", that is all"}` : "");
});
table.addEventListener("looked", ({ detail }) => {
  arrivals.show(detail.first);
  live.lookAt(detail.last);
});
byId("new-pill").addEventListener("click", () => table.goHome());
for (const view of [columns, wall]) {
  view.addEventListener("drawn", () => {
    follow();
    live.lookAt(MOST_ON_A_BOARD);
  });
}

filters.addEventListener("change", look);
views.addEventListener("change", () => {
  shown.change();
  look();
});
views.addEventListener("density", () => table.measure());

meet(team, byId("here"), { feed, find: (id) => store.known.get(id), open: (id) => panel.open(id) });
panel.addEventListener("shown", ({ detail }) => shown.mark(detail.id));
panel.addEventListener("hidden", ({ detail }) => {
  shown.mark(null);
  if (!shown.focus(detail.id)) detail.cameFrom?.focus?.();
});

byId("views").addEventListener("click", (event) => {
  const row = shown.row(event.target.closest("[data-id]")?.dataset.id);
  if (!row || event.ctrlKey || event.metaKey || event.shiftKey || String(getSelection())) return;
  event.preventDefault();
  const asked = event.target.closest("[data-action=move]");
  if (asked && !asked.disabled && mayChange) moves.offer(row.order, asked);
  else panel.open(row.order.id);
});

byId("more").addEventListener("click", () => live.more());
byId("refresh").addEventListener("click", () => refresh());
byId("silence").addEventListener("click", () => silence(!announcer.isSilent));
byId("help-button").addEventListener("click", () => byId("help").showModal());
offerCommand(byId("curl-line"), byId("copy-curl"), data.shop);

/** What stands beside the orders follows them. */
function follow() {
  panel.refresh();
  moves.refreshMenu();
}

/** Read what is looked for now, as the view needs it. */
async function look() {
  byId("views").setAttribute("aria-busy", "true");
  await live.read(shown.filter(filters.value));
  byId("views").setAttribute("aria-busy", "false");
  scrollTo({ top: 0, behavior: "instant" });
}

function silence(silent) {
  announcer.isSilent = silent;
  byId("silence").setAttribute("aria-pressed", String(silent));
}

async function refresh() {
  byId("refresh").setAttribute("aria-busy", "true");
  cards.refresh();
  const done = await live.read(shown.filter(filters.value));
  byId("refresh").setAttribute("aria-busy", "false");
  if (done) toast({ key: "read", title: "Up to date", tone: "good", stays: 1500 });
}

function step(by) {
  const order = shown.neighbour(by);
  if (!order) return false;
  shown.focus(order.id);
  if (panel.order) panel.open(order.id, { stepping: true });
  return true;
}

listenToKeys({
  j: () => step(1),
  k: () => step(-1),
  ArrowDown: (event) => isFree(event) && ((event.shiftKey && picking.extend(1)) || step(1)),
  ArrowUp: (event) => isFree(event) && ((event.shiftKey && picking.extend(-1)) || step(-1)),
  x: () => picking.toggle(),
  Enter: (event) => Boolean(event.target.matches("[data-id]") && panel.open(event.target.dataset.id)),
  m: () => mayChange && (picking.offerMoves() || offerMoves()),
  a: () => mayChange && offerToAccept(),
  n: () => mayChange && (location.assign("/admin/new") ?? true),
  e: () => mayChange && (panel.edit() ?? true),
  s: () => silence(!announcer.isSilent) ?? true,
  z: () => mayChange && undoing.last(),
  "/": () => byId("search").select() ?? true,
  f: () => finding.more.open() ?? true,
  r: () => Boolean(refresh()),
  v: () => views.next() ?? true,
  p: () => (mayChange && panel.print()) || (connection.toggle() ?? true),
  "?": () => byId("help").showModal() ?? true,
  Escape: (event) => leave(event),
});

finding.offerCommands({ shown, panel, moves, accept: offerToAccept, refresh });

/** Arrow keys belong to the panel and the page while the focus is there. */
function isFree({ target }) {
  return target === document.body || Boolean(target.closest("#views"));
}

function offerMoves() {
  const row = shown.current;
  if (row && !row.element.closest("[inert]")) moves.offer(row.order, row.statusButton);
  else if (panel.order) moves.offer(panel.order, byId("panel").querySelector("[data-action=move]"));
  return true;
}

function offerToAccept() {
  const row = shown.current;
  if (row && !row.element.closest("[inert]")) return accepting.offer(row.order, row.statusButton);
  return Boolean(panel.order) && accepting.offer(panel.order, byId("panel").querySelector("[data-key=accept]"));
}

function leave({ target }) {
  if (target.id === "search") target.value ? filters.clearSearch() : target.blur();
  else if (panel.order) panel.close();
  else picking.clear();
  return true;
}

cards.addEventListener("shown", ({ detail }) => ringing.take(detail));
cards.addEventListener("risk", () => filters.value.at_risk && live.read());
ringing.take(data.overview);
shown.change();
silence(announcer.isSilent);
panel.followAddress();
if (filters.isActive || filters.value.sort || store.filter !== shown.filter(store.filter)) look();
connection.start();
