/** The page of customers: makes the parts and connects them. */

import "../lib/badge.js";
import { Feed, streamOf } from "../feed.js";
import { get, post, request } from "../lib/api.js";
import { debounced, pageData, setText } from "../lib/dom.js";
import { count } from "../lib/format.js";
import { followRole } from "../lib/role.js";
import { prepareToasts, toast } from "../lib/toasts.js";
import { urlOf } from "./address.js";
import { openDetail } from "./detail.js";
import { Store } from "./store.js";
import { Table } from "./table.js";

const data = pageData("customers-data");
const byId = (id) => document.getElementById(id);

prepareToasts();
const store = new Store(data);
const feed = new Feed({ ...streamOf(data.who), after: data.position, types: data.events });
followRole(feed);
const table = new Table(byId("customers").tBodies[0], (id) => { location.hash = id; });
let detail = null;

function filter() {
  const wanted = { q: byId("search").value.trim(), sort: byId("sort").value };
  return Object.fromEntries(Object.entries(wanted).filter(([, value]) => value));
}

function draw() {
  const customers = store.all;
  const isSearch = byId("search").value.trim() !== "";
  table.draw(customers);
  byId("more").hidden = !store.hasMore;
  byId("customers").hidden = customers.length === 0;
  byId("no-match").hidden = customers.length > 0 || !isSearch;
  byId("no-customers").hidden = customers.length > 0 || isSearch;
  setText(byId("shown-count"), customers.length ? `${count(customers.length)} shown${store.hasMore ? "" : ", that is all"}` : "");
}

/** Show whom the address names, or nobody. */
async function followAddress() {
  const id = decodeURIComponent(location.hash.slice(1));
  if (detail && detail.id !== id) detail.close();
  if (!id.startsWith("cus_") || detail) return;
  const opened = await openDetail(id, { erase, merge, closed });
  if (opened && decodeURIComponent(location.hash.slice(1)) !== id) opened.close();
  else detail = opened;
}

function closed(id) {
  detail = null;
  if (location.hash.slice(1) === id) history.replaceState(null, "", location.pathname + location.search);
  table.focus(id);
}

async function erase(customer) {
  try {
    const erasing = await request("DELETE", urlOf(customer.id));
    store.absorb(erasing);
    return erasing;
  } catch (error) {
    toast({ key: "customer", title: `${customer.name} was not erased`, detail: error.explanation, tone: "danger" });
    return null;
  }
}

async function merge(customer, other) {
  try {
    const both = await post(urlOf(customer.id, "/merge"), { customer: other });
    store.drop(other);
    store.absorb(both);
    toast({ title: "Merged", tone: "good", stays: 2500 });
    return both;
  } catch (error) {
    toast({ key: "customer", title: "They were not merged", detail: error.explanation, tone: "danger" });
    return null;
  }
}

/** Somebody else may be looking at one who is no customer any more. */
function hearOfCustomer({ type, customer }) {
  const gone = type === "customer.merged" ? customer.merged : customer.id;
  if (detail?.id === gone) {
    detail.close();
    const title = type === "customer.merged" ? "The customer was merged into another" : "The customer is erased";
    toast({ key: "customer", title, tone: "good" });
  }
  store.drop(gone);
}

const search = debounced(() => store.read(filter()), 200);
store.addEventListener("change", draw);
store.addEventListener("failed", ({ detail: error }) => {
  toast({ key: "read", title: "The customers could not be read", detail: error.explanation, tone: "danger" });
});
byId("search").addEventListener("input", search);
byId("search-form").addEventListener("submit", (event) => event.preventDefault());
byId("sort").addEventListener("change", () => store.read(filter()));
byId("more").addEventListener("click", () => store.more());
byId("clear-search").addEventListener("click", () => {
  byId("search").value = "";
  store.read(filter());
  byId("search").focus();
});
addEventListener("hashchange", followAddress);
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.target.closest("input, textarea, select, dialog")) return;
  byId("search").select();
  event.preventDefault();
});

feed.addEventListener("message", ({ detail: event }) => {
  if (event.customer) hearOfCustomer(event);
  if (event.customer || event.order) store.readSoon();
});
feed.addEventListener("reset", async () => {
  await store.read(filter());
  feed.resume((await get("/api/customers?limit=1")).position);
});
byId("connection").follow(feed);
draw();
followAddress();
feed.start();
