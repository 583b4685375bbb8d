/** The basket as its customer sees it: lines with quantities, what has changed, and the sum. */

import { el, setText } from "../lib/dom.js";
import { money, plural } from "../lib/format.js";
import { plus, priceLike, sums } from "./prices.js";
import { Stepper } from "./stepper.js";

const byId = (id) => document.getElementById(id);

export class BasketView {
  #basket;
  #quote;
  #rows = new Map();

  constructor(basket, quote) {
    this.#basket = basket;
    this.#quote = quote;
    basket.addEventListener("change", () => this.draw());
    quote.addEventListener("change", () => this.draw());
    byId("tip").addEventListener("input", () => this.draw());
    this.#followBar();
  }

  draw() {
    const { lines, count } = this.#basket;
    const sum = this.#total(lines);
    this.#drawSums();
    byId("basket-lines").hidden = lines.length === 0;
    byId("basket-empty").hidden = lines.length > 0;
    byId("checkout").hidden = lines.length === 0;
    byId("basket-total").hidden = lines.length === 0;
    byId("shop-bar").hidden = lines.length === 0;
    setText(byId("basket-count"), count ? plural(count, "thing") : "");
    setText(byId("basket-total").querySelector("output"), sum);
    setText(byId("bar-count"), plural(count, "thing"));
    setText(byId("bar-total"), sum);
    setText(byId("place-total"), sum);
    this.#drawLines(lines);
  }

  /** Say something of lines until they change: index → text. */
  complain(messages) {
    const { lines } = this.#basket;
    for (const [place, text] of messages) this.#rows.get(lines[place]?.key)?.complain(text);
  }

  /** What everything comes to: as the server says, where the shop has a say beside its prices. */
  #total(lines) {
    const quoted = this.#quote.sums;
    if (!quoted) return sums(this.#amounts(lines));
    const tip = priceLike(byId("tip").value, quoted.total);
    return money(tip ? plus(quoted.total, tip) : quoted.total, quoted.currency);
  }

  /** What is paid beside the goods, what is taken off, and why it cannot be had so. */
  #drawSums() {
    const { sums: quoted, problem } = this.#quote;
    const rows = quoted ? quotedRows(quoted) : [];
    byId("basket-sums").replaceChildren(...rows.map(([words, amount, sign]) =>
      el("div", {}, el("dt", { dir: "auto" }, words), el("dd.money", {}, `${sign}${money(amount, quoted.currency)}`))));
    byId("basket-sums").hidden = rows.length === 0;
    const why = problem?.errors?.find(({ path }) => path === "items" || path.startsWith("fulfilment"));
    setText(byId("sums-note"), why ? sentence(why.message) : "");
    byId("sums-note").hidden = !why;
  }

  /** What the lines come to, and the tip. */
  #amounts(lines) {
    const known = lines.filter(({ total }) => total).map(({ total, product }) => ({ price: total, currency: product.currency }));
    const tip = known.length ? priceLike(byId("tip").value, known[0].price) : null;
    return tip ? [...known, { price: tip, currency: known[0].currency }] : known;
  }

  #drawLines(lines) {
    const keys = new Set(lines.map(({ key }) => key));
    for (const [key, row] of this.#rows) {
      if (keys.has(key)) continue;
      const focused = row.element.contains(document.activeElement);
      row.element.remove();
      this.#rows.delete(key);
      if (focused) byId("basket-heading").focus();
    }
    for (const line of lines) {
      if (!this.#rows.has(line.key)) {
        const row = new Row(line, (quantity) => this.#basket.set(line.key, quantity));
        this.#rows.set(line.key, row);
        byId("basket-lines").append(row.element);
      }
      this.#rows.get(line.key).show(line);
    }
  }

  /** On a phone a bar says what is in the basket, as long as the basket itself cannot be seen. */
  #followBar() {
    const seen = new IntersectionObserver(([{ isIntersecting }]) => byId("shop-bar").classList.toggle("is-there", isIntersecting));
    seen.observe(byId("basket"));
    byId("shop-bar").addEventListener("click", () => byId("basket-heading").focus({ preventScroll: true }));
  }
}

/** `[[words, amount, sign]]` of a quote, without what is nothing. */
function quotedRows({ subtotal, shipping, fees, discounts }) {
  const rows = [
    ["Delivery", shipping, ""],
    ...fees.map(({ name, amount }) => [name, amount, ""]),
    ...discounts.map(({ name, code, amount }) => [name ? `${name} (${code})` : code, amount, "−"]),
  ].filter(([, amount]) => Number(amount));
  return rows.length ? [["Goods", subtotal, ""], ...rows] : [];
}

function sentence(message) {
  return message[0] === message[0].toUpperCase() ? message : `This way ${message}.`;
}

class Row {
  #picture = el("img.basket-picture", { alt: "", hidden: true, referrerpolicy: "no-referrer", onerror: ({ target }) => { target.hidden = true; } });
  #name = el("span.basket-name", { dir: "auto" });
  #total = el("span.basket-line-total.money");
  #each = el("span.each");
  #changed = el("p.basket-note", { role: "status", hidden: true });
  #trouble = el("p.basket-note.trouble", { role: "status", hidden: true });
  #stepper;
  #said = "";

  constructor(line, set) {
    this.#stepper = new Stepper(line.name, set);
    const options = line.options.map(({ name, value }) => `${name}: ${value}`).join(", ");
    this.element = el("li", { data: { sku: line.sku } },
      el("span.basket-what", {}, this.#picture, this.#name), this.#total,
      options ? el("span.basket-options", { dir: "auto" }, options) : null,
      el("div.basket-do", {}, this.#stepper.element,
        el("button.button.quiet.small", { type: "button", "aria-label": `Remove ${line.name}`, onclick: () => set(0) }, "Remove"),
        this.#each),
      this.#changed, this.#trouble);
  }

  show({ name, quantity, price, total, seen, changed, trouble, product }) {
    const currency = product?.currency;
    const state = JSON.stringify([quantity, price, trouble]);
    if (state !== this.#said) this.#say(this.#trouble, trouble ?? "");
    this.#said = state;
    setText(this.#name, name);
    this.#show(product?.image);
    setText(this.#total, total === null ? "" : money(total, currency));
    setText(this.#each, price === null || quantity === 1 ? "" : `${money(price, currency)} each`);
    this.#say(this.#changed, changed ? `The price has changed: it was ${money(seen, currency)}, now it is ${money(price, currency)}.` : "");
    this.#stepper.show(quantity, product?.available === null || !product ? Infinity : Number(product.available));
  }

  complain(text) {
    this.#say(this.#trouble, text);
  }

  #show(address) {
    if (this.#picture.getAttribute("src") === (address ?? null)) return;
    if (address) this.#picture.setAttribute("src", address);
    else this.#picture.removeAttribute("src");
    this.#picture.hidden = !address;
  }

  #say(place, text) {
    setText(place, text);
    place.hidden = !text;
  }
}
