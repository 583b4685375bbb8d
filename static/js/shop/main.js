/** The shop: makes the parts and connects them. */

import { Feed } from "../feed.js";
import { readJson } from "../feed/ask.js";
import { debounced, pageData } from "../lib/dom.js";
import { prepareToasts, toast } from "../lib/toasts.js";
import { Basket } from "./basket.js";
import { BasketView } from "./basket-view.js";
import { Checkout } from "./checkout.js";
import { Goods } from "./goods.js";
import { Quote } from "./quote.js";

const MOST_ASKED = 100;
const { position, events: types, charges } = pageData("shop-data");
const form = document.getElementById("shop-form");

prepareToasts();
for (const plain of document.querySelectorAll(".shop-side [data-plain]")) plain.remove();
const basket = new Basket();
const goods = new Goods(basket);
const quote = new Quote(basket, form, charges);
const view = new BasketView(basket, quote);
const checkout = new Checkout(basket, view, quote, () => refresh(basket.skus));
const feed = new Feed({ stream: "/api/catalogue/stream", poll: readNewer, after: position, types });

/** What some products are like now. */
async function ask(skus) {
  const query = new URLSearchParams(skus.map((sku) => ["sku", sku]));
  query.set("limit", MOST_ASKED);
  return readJson(`/api/catalogue?${query}`);
}

const asked = new Set();

function show(product) {
  basket.absorb(product);
  goods.show(product);
}

async function refresh(skus) {
  for (let start = 0; start < skus.length; start += MOST_ASKED) {
    const some = skus.slice(start, start + MOST_ASKED);
    const { products } = await ask(some);
    const there = new Set(products.map(({ sku }) => sku));
    products.forEach(show);
    for (const sku of some) if (!there.has(sku)) basket.lose(sku);
  }
}

/** Ask once about what others have put into the basket; placing it says what was not heard now. */
function askUnknown() {
  const skus = basket.unknown.filter((sku) => !asked.has(sku));
  for (const sku of skus) asked.add(sku);
  refresh(skus).catch(() => skus.forEach((sku) => asked.delete(sku)));
}

/** All that is shown as one event, when the stream cannot be had. */
async function readNewer() {
  const skus = [...new Set([...basket.skus, ...goods.skus])].slice(0, MOST_ASKED);
  const { products, position: id } = await ask(skus);
  return { events: [{ id, type: "product.updated", changes: [], products }], next: id, reset: null };
}

feed.addEventListener("message", ({ detail }) => (detail.products ?? [detail.product]).forEach((product) => product && show(product)));
feed.addEventListener("reset", async () => {
  const { position: now } = await readJson("/api/catalogue?limit=1");
  await refresh([...new Set([...basket.skus, ...goods.skus])]);
  feed.resume(now);
});
basket.addEventListener("change", askUnknown);
goods.addEventListener("failed", () => toast({ key: "read", title: "The shop could not be reached", detail: "Try again in a moment.", tone: "danger" }));

const lookSoon = debounced(() => goods.look(), 250);
form.elements.q.addEventListener("input", lookSoon);
form.addEventListener("submit", (event) => {
  event.preventDefault();
  const { submitter } = event;
  if (submitter?.name === "place") checkout.place();
  else if (submitter?.name === "apply") checkout.applyCode();
  else if (submitter?.name === "more") goods.more(submitter);
  else if (submitter?.name === "to-category") lookIn(submitter);
  else goods.look();
});
// Enter presses a form's first button, which is the one of the search.
document.getElementById("checkout").addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.isComposing || !event.target.matches("input")) return;
  event.preventDefault();
  if (event.target.name === "discount-code") checkout.applyCode();
  else checkout.place();
});

function lookIn(button) {
  if (button.hasAttribute("data-everything")) form.elements.q.value = "";
  goods.look(button.value);
}

view.draw();
goods.draw();
askUnknown();
quote.refresh();
feed.start();
