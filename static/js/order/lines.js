/** The lines of the order form: adding, removing, and what they come to. */

import { el, setText } from "../lib/dom.js";
import { money } from "../lib/format.js";
import { asDecimal, digitsOf, lineTotal } from "./amounts.js";
import { linePlaces } from "./draft.js";

const MOST = 200;

export class Lines {
  #form;
  #list;
  #template;
  #currency;
  #digits;

  constructor(form) {
    this.#form = form;
    this.#list = form.querySelector("#lines");
    this.#template = form.querySelector("#line-template");
    this.#currency = form.dataset.currency;
    this.#digits = digitsOf(this.#currency);
    this.#list.addEventListener("click", (event) => this.#clicked(event));
    form.addEventListener("input", () => this.show());
    this.#dropSpares();
    this.#showRemoval();
  }

  add() {
    const places = linePlaces(this.#form);
    if (places.length >= MOST) return;
    const place = Math.max(-1, ...places) + 1;
    const line = this.#template.content.firstElementChild.cloneNode(true);
    for (const element of line.querySelectorAll("*")) renumber(element, place);
    this.#list.append(line);
    this.#showRemoval();
    this.show();
    line.querySelector("input").focus();
  }

  /** Show every line's total and the sum of all. */
  show() {
    const entries = linePlaces(this.#form).map((place) => this.#entry(place));
    const shown = entries.filter(({ name, minor }) => name || minor);
    const sum = shown.reduce((total, { minor }) => total + (minor ?? 0n), 0n);
    const summary = document.getElementById("summary");
    summary.hidden = false;
    summary.querySelector("#summary-empty").hidden = shown.length > 0;
    summary.querySelector("#summary-lines").replaceChildren(...shown.map((entry) => this.#summaryLine(entry)));
    setText(summary.querySelector("#summary-total"), this.#money(sum));
  }

  #entry(place) {
    const value = (name) => this.#form.elements[`items-${place}-${name}`].value;
    const minor = lineTotal(value("quantity"), value("unit_price"), this.#digits);
    const blank = !value("name").trim() && !value("unit_price").trim();
    const output = this.#lineOf(place).querySelector("[data-line-total]");
    setText(output, blank || minor === null ? "" : this.#money(minor));
    return { name: value("name").trim(), quantity: value("quantity").trim(), minor: blank ? 0n : minor };
  }

  #summaryLine({ name, quantity, minor }) {
    const amount = minor === null ? "?" : this.#money(minor);
    return el("li", {},
      el("span.summary-name", { dir: "auto" }, name || "Item without a name"),
      el("span.faint.number", {}, `× ${quantity || "?"}`),
      el("span.money", {}, amount));
  }

  #clicked(event) {
    const button = event.target.closest("[data-remove]");
    if (!button) return;
    const line = button.closest("[data-line]");
    const next = line.nextElementSibling ?? line.previousElementSibling;
    line.remove();
    this.#showRemoval();
    this.show();
    next?.querySelector("input").focus();
  }

  /** Blank lines at the end are for those who cannot add any. */
  #dropSpares() {
    const value = (place, name) => this.#form.elements[`items-${place}-${name}`].value.trim();
    for (const place of linePlaces(this.#form).slice(1).reverse()) {
      if (value(place, "name") || value(place, "sku") || value(place, "unit_price")) return;
      this.#lineOf(place).remove();
    }
  }

  /** The last line stays: a form without any looks broken. */
  #showRemoval() {
    const buttons = this.#list.querySelectorAll("[data-remove]");
    for (const button of buttons) button.hidden = buttons.length < 2;
  }

  #lineOf(place) {
    return this.#form.elements[`items-${place}-name`].closest("[data-line]");
  }

  #money(minor) {
    return money(asDecimal(minor, this.#digits), this.#currency);
  }
}

function renumber(element, place) {
  for (const { name, value } of element.attributes) {
    if (value.includes("NEW")) element.setAttribute(name, value.replaceAll("NEW", place));
  }
}
