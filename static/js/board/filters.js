/** What is looked for: the controls of search, status and type, the address bar, and what all filters ask for. */

import { debounced } from "../lib/dom.js";
import { replaceQuery } from "./address.js";
import { filterOf, isNarrowed, NO_FILTER, query } from "./filter.js";
import { LOOKS } from "./views.js";

const TYPING_MS = 220;

export class Filters extends EventTarget {
  #search = document.getElementById("search");
  #statusChips = [...document.querySelectorAll(".chip[data-status]")];
  #typeChips = [...document.querySelectorAll(".chip[data-type]")];
  #figures = [...document.querySelectorAll("[data-filter-status]")];
  #risk = document.querySelector(".chip[data-risk]");
  #all = document.querySelector(".chip[data-all]");
  #clear = document.getElementById("clear-filters");
  #exports = [...document.querySelectorAll("[data-export]")];
  #value;

  constructor() {
    super();
    this.#value = filterOf(new URLSearchParams(location.search));
    this.#listen();
    this.#show();
  }

  get value() {
    return this.#value;
  }

  get isActive() {
    return isNarrowed(this.#value);
  }

  clear() {
    this.set({ ...NO_FILTER, sort: this.#value.sort });
  }

  clearSearch() {
    this.set({ q: "" });
    this.#search.value = "";
  }

  /** Look for something else; what `part` does not name stays. */
  set(part) {
    const value = { ...this.#value, ...part };
    if (query(value) === query(this.#value)) return;
    this.#value = value;
    this.#show();
    replaceQuery(query(value), LOOKS);
    this.dispatchEvent(new Event("change"));
  }

  #listen() {
    const typed = debounced(() => this.set({ q: this.#search.value.trim() }), TYPING_MS);
    this.#search.addEventListener("input", typed);
    document.getElementById("search-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.set({ q: this.#search.value.trim() });
    });
    for (const chip of this.#statusChips) chip.addEventListener("click", () => this.#toggle("status", chip.dataset.status));
    for (const chip of this.#typeChips) chip.addEventListener("click", () => this.#toggle("type", chip.dataset.type));
    for (const figure of this.#figures) figure.addEventListener("click", () => this.#choose(statuses(figure)));
    this.#risk.addEventListener("click", () => this.set({ at_risk: this.#value.at_risk ? "" : "yes" }));
    this.#all.addEventListener("click", () => this.set({ status: [], at_risk: "" }));
    for (const button of [this.#clear, ...document.querySelectorAll("[data-clear]")]) button.addEventListener("click", () => this.clear());
  }

  #toggle(name, code) {
    const chosen = this.#value[name];
    this.set({ [name]: chosen.includes(code) ? chosen.filter((other) => other !== code) : [...chosen, code] });
  }

  /** A figure stands for its statuses; pressed again it lets them go. */
  #choose(codes) {
    this.set({ status: same(codes, this.#value.status) ? [] : codes });
  }

  #show() {
    const { q, status, type } = this.#value;
    if (this.#search.value.trim() !== q) this.#search.value = q;
    for (const link of this.#exports) link.href = exportOf(this.#value, link.dataset.export);
    for (const chip of this.#statusChips) press(chip, status.includes(chip.dataset.status));
    for (const chip of this.#typeChips) press(chip, type.includes(chip.dataset.type));
    for (const figure of this.#figures) press(figure, same(statuses(figure), status));
    press(this.#risk, Boolean(this.#value.at_risk));
    press(this.#all, status.length === 0 && !this.#value.at_risk);
    this.#clear.hidden = !this.isActive;
  }
}

function statuses(figure) {
  return figure.dataset.filterStatus.split(" ");
}

function same(a, b) {
  return a.length === b.length && a.every((code) => b.includes(code));
}

function press(control, pressed) {
  control.setAttribute("aria-pressed", String(pressed));
}

/** All orders that are looked for, as a file. */
function exportOf(value, format) {
  const parameters = query(value);
  return `/api/orders/export?format=${format}${parameters ? `&${parameters}` : ""}`;
}
