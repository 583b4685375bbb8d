/**
 * What somebody wants, kept in this browser across visits and shared by its tabs.
 *
 * A line keeps what it cost when its customer last saw it; what it costs is always the product's
 * price now, so a price that changes meanwhile is told and not charged silently.
 *
 * Event: "change".
 */

import { times, unitPrice } from "./prices.js";

const PLACE = "orderboard-basket";
const MOST_LINES = 100;
const MOST = 9999;

export class Basket extends EventTarget {
  #lines = read();
  #products = new Map();

  constructor() {
    super();
    addEventListener("storage", ({ key }) => {
      if (key !== PLACE && key !== null) return;
      this.#lines = read();
      this.#tell();
    });
  }

  /** The lines as they are now: with `product`, `price`, `total`, `changed` and `trouble`. */
  get lines() {
    return this.#lines.map((line) => this.#asItIs(line));
  }

  get count() {
    return this.#lines.reduce((sum, line) => sum + line.quantity, 0);
  }

  get skus() {
    return [...new Set(this.#lines.map((line) => line.sku))];
  }

  /** The skus of which nothing is known yet, as another tab or an earlier visit put them here. */
  get unknown() {
    return this.skus.filter((sku) => !this.#products.has(sku));
  }

  /** How many of a product with these options there are. */
  quantityOf(sku, options) {
    return this.#lines.find((line) => line.key === keyOf(sku, options))?.quantity ?? 0;
  }

  /** Have so many of a product; none takes the line away. */
  put(product, options, quantity) {
    const key = keyOf(product.sku, options);
    const line = this.#lines.find((one) => one.key === key);
    if (line) return this.set(key, quantity);
    if (quantity < 1 || this.#lines.length >= MOST_LINES) return;
    const seen = unitPrice(product, options);
    this.#lines.push({ key, sku: product.sku, name: product.name, options, quantity, seen });
    this.#products.set(product.sku, product);
    this.#keep();
  }

  set(key, quantity) {
    const line = this.#lines.find((one) => one.key === key);
    if (!line) return;
    line.quantity = Math.min(Math.max(quantity, 0), MOST);
    this.#lines = this.#lines.filter((one) => one.quantity > 0);
    this.#keep();
  }

  empty() {
    this.#lines = [];
    this.#keep();
  }

  /** Take a product as an answer or an event showed it; what was known before is not gone back to. */
  absorb(product) {
    const known = this.#products.get(product.sku);
    if (known && known.revision >= product.revision) return;
    this.#products.set(product.sku, product);
    if (this.#lines.some(({ sku }) => sku === product.sku)) this.#tell();
  }

  /** There is no such product, or it is not sold: nothing newer is known of it. */
  lose(sku) {
    this.#products.set(sku, { sku, active: false, revision: -1 });
    this.#tell();
  }

  /** The customer has been told what everything costs now. */
  acknowledge() {
    for (const line of this.#lines) line.seen = this.#asItIs(line).price ?? line.seen;
    this.#keep();
  }

  #asItIs(line) {
    const product = this.#products.get(line.sku);
    if (!product) return { ...line, price: null, total: null, changed: false, trouble: null };
    const price = product.active === false ? null : unitPrice(product, line.options);
    const changed = price !== null && line.seen !== null && price !== line.seen;
    const total = price === null ? null : times(price, line.quantity);
    return { ...line, name: product.name ?? line.name, product, price, total, changed, trouble: this.#trouble(line, product, price) };
  }

  #trouble(line, product, price) {
    if (product.active === false) return "This is not sold any more.";
    if (price === null) return "What you chose cannot be had any more.";
    const wanted = this.#lines.filter(({ sku }) => sku === line.sku).reduce((sum, { quantity }) => sum + quantity, 0);
    if (product.available === null || wanted <= Number(product.available)) return null;
    return Number(product.available) < 1 ? "This is sold out." : `Only ${product.available} left.`;
  }

  #keep() {
    try {
      localStorage.setItem(PLACE, JSON.stringify(this.#lines));
    } catch {
      // Private windows and full disks: then the basket lives as long as its page.
    }
    this.#tell();
  }

  #tell() {
    this.dispatchEvent(new Event("change"));
  }
}

function keyOf(sku, options) {
  return JSON.stringify([sku, ...options.map(({ name, value }) => [name, value])]);
}

/** What is kept, without what is no line: other versions of the page may have written it. */
function read() {
  try {
    return JSON.parse(localStorage.getItem(PLACE) ?? "[]").filter(isLine).slice(0, MOST_LINES);
  } catch {
    return [];
  }
}

function isLine(line) {
  const texts = [line?.key, line?.sku, line?.name, ...(Array.isArray(line?.options) ? line.options.flatMap((one) => [one?.name, one?.value]) : [null])];
  const price = line?.seen === null || /^\d{1,15}(\.\d{1,3})?$/.test(line?.seen);
  return texts.every((text) => typeof text === "string") && price && Number.isInteger(line.quantity) && line.quantity > 0 && line.quantity <= MOST;
}
