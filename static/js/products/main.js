/** The page of products: makes the parts and connects them. */

import "../lib/badge.js";
import { Feed, streamOf } from "../feed.js";
import { patch, post } from "../lib/api.js";
import { debounced, el, pageData, setText } from "../lib/dom.js";
import { count, plural } from "../lib/format.js";
import { openMenu } from "../lib/menu.js";
import { followRole } from "../lib/role.js";
import { prepareToasts, toast } from "../lib/toasts.js";
import { bulkItems } from "./bulk.js";
import { openEditor } from "./editor.js";
import { openImport } from "./importing.js";
import { Store } from "./store.js";
import { Table } from "./table.js";
import { FIELDS, urlOf } from "./words.js";

const data = pageData("products-data");
const byId = (id) => document.getElementById(id);
const filters = byId("filters");

prepareToasts();
const store = new Store(data);
const feed = new Feed({ ...streamOf(data.who), after: data.position, types: data.events });
followRole(feed);
const table = new Table(byId("products").tBodies[0], byId("pick-all"), { open: edit, save: saveField });

function filter() {
  const wanted = { q: byId("search").value.trim(), category: filters.category.value };
  const state = { on: { active: "yes" }, off: { active: "no" }, low: { low: "yes", active: "yes" } }[filters.state.value] ?? {};
  return Object.fromEntries(Object.entries({ ...wanted, ...state }).filter(([, value]) => value));
}

function draw() {
  const products = store.all;
  learnCategories(products);
  const isFiltered = Object.keys(filter()).length > 0;
  table.draw(products);
  byId("more").hidden = !store.hasMore;
  byId("products").hidden = products.length === 0;
  byId("no-match").hidden = products.length > 0 || !isFiltered;
  byId("no-products").hidden = products.length > 0 || isFiltered;
  setText(byId("shown-count"), products.length ? `${count(products.length)} shown${store.hasMore ? "" : ", that is all"}` : "");
}

/** Save one field; answers what is wrong in words, or null. */
async function saveField(product, field, text) {
  const value = text === "" ? (field === "stock" ? null : "0") : text;
  try {
    const saved = await patch(urlOf(product.sku), { [field]: value }, product.version);
    store.absorb(saved);
    return null;
  } catch (error) {
    const now = error.problem?.product;
    if (now) store.absorb(now);
    const title = now ? `${now.updated_by.name ?? "Somebody"} changed ${now.name} meanwhile` : `${FIELDS[field]} of ${product.name} was not saved`;
    const detail = now ? `${FIELDS[field]} is ${now[field] ?? "none"} there. Save again to put yours in its place.` : error.explanation;
    toast({ key: `save ${product.sku}`, title, detail, tone: "danger", stays: 12_000 });
    return detail;
  }
}

function edit(product) {
  openEditor({ product, categories: data.categories, currency: data.currency, save, absorb: (now) => store.absorb(now) });
}

async function save(given, before) {
  try {
    const product = before ? await patch(urlOf(before.sku), given, before.version) : await post("/api/products", given);
    if (before) store.absorb(product);
    else await store.read(filter());
    toast({ title: before ? "Saved" : `${product.name} is in the catalogue`, tone: "good", stays: 2500 });
    return null;
  } catch (error) {
    if (error.problem?.product) return { now: error.problem.product };
    const wrong = Object.fromEntries((error.problem?.errors ?? []).map(({ path, message }) => [path, message]));
    if (error.status === 409) wrong.sku = "stands for another product already";
    return { fields: wrong, text: error.explanation };
  }
}

/** Categories come with the products that are in them. */
function learnCategories(products) {
  for (const { category } of products) if (category && !data.categories.includes(category)) addCategory(category);
}

function addCategory(name) {
  data.categories.push(name);
  filters.category.append(el("option", { value: name }, name));
  byId("all-categories").append(el("option", { value: name }));
}

function imported({ created, updated }) {
  toast({ title: `${plural(created, "product")} added, ${count(updated)} changed`, tone: "good" });
  store.read(filter());
}

const readSoon = debounced(() => store.read(filter()), 200);
store.addEventListener("change", draw);
store.addEventListener("product", ({ detail }) => {
  learnCategories([detail]);
  table.show(detail);
});
store.addEventListener("failed", ({ detail }) => toast({ key: "read", title: "The products could not be read", detail: detail.explanation, tone: "danger" }));
table.addEventListener("picked", ({ detail }) => {
  byId("bulk").hidden = detail.length === 0;
  setText(byId("bulk-count"), `${plural(detail.length, "product")} picked`);
});
byId("search").addEventListener("input", readSoon);
byId("search-form").addEventListener("submit", (event) => event.preventDefault());
filters.addEventListener("change", () => store.read(filter()));
byId("more").addEventListener("click", () => store.more());
byId("clear-filters").addEventListener("click", () => {
  filters.reset();
  byId("search").value = "";
  store.read({});
});
for (const button of document.querySelectorAll("[data-add]")) button.addEventListener("click", () => edit(null));
for (const button of document.querySelectorAll("[data-import]")) button.addEventListener("click", () => openImport({ done: imported }));
byId("bulk-menu").addEventListener("click", ({ currentTarget }) => {
  openMenu(currentTarget, { heading: "Change all of them", items: bulkItems(table.picked, (product) => store.absorb(product)) });
});
byId("bulk-clear").addEventListener("click", () => table.pickAll(false));
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.target.closest("input, textarea, select, dialog")) return;
  byId("search").select();
  event.preventDefault();
});

feed.addEventListener("message", ({ detail }) => {
  if (detail.product) store.absorb(detail.product);
});
feed.addEventListener("reset", async () => {
  await store.read(filter());
  feed.resume((await (await fetch("/api/products?limit=1")).json()).position);
});
byId("connection").follow(feed);
draw();
feed.start();
