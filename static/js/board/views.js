/**
 * The ways to look at the orders: table, board and wall; and how close the table's rows stand.
 *
 * Both are in the address, so that a link leads to what was looked at; how close the rows stand is
 * remembered by the device too. Events: "change" when another view was chosen, "density" when the
 * rows stand closer or wider.
 */

import { setAddress } from "./address.js";
import { Switch } from "./switch.js";

/** Parameters of the address that say how orders are shown, not which. */
export const LOOKS = ["view", "density"];
const PLAIN = "table";
const COMPACT = "compact";

export class Views extends EventTarget {
  #buttons = [...document.querySelectorAll("[data-view]")];
  #names = this.#buttons.map(({ dataset }) => dataset.view);
  #density = document.getElementById("density");
  #current = named("view", this.#names, PLAIN);
  #remembered = new Switch("orderboard.compact");
  #isCompact = this.#remembered.isOn || named("density", [COMPACT], "") === COMPACT;

  constructor() {
    super();
    for (const button of this.#buttons) button.addEventListener("click", () => this.choose(button.dataset.view));
    this.#density.addEventListener("click", () => this.#setCompact(!this.#isCompact));
    this.#show();
  }

  get current() {
    return this.#current;
  }

  choose(name) {
    if (name === this.#current || !this.#names.includes(name)) return;
    this.#current = name;
    setAddress({ view: name === PLAIN ? null : name });
    this.#show();
    this.dispatchEvent(new Event("change"));
  }

  /** Look at orders as the parameters of an address say. */
  take(parameters) {
    this.choose(parameters.get("view") ?? PLAIN);
    if (parameters.has("density")) this.#setCompact(parameters.get("density") === COMPACT);
  }

  /** The next view, and after the last one the first. */
  next() {
    this.choose(this.#names[(this.#names.indexOf(this.#current) + 1) % this.#names.length]);
  }

  #setCompact(isCompact) {
    this.#isCompact = isCompact;
    this.#remembered.set(isCompact);
    setAddress({ density: isCompact ? COMPACT : null });
    this.#show();
    this.dispatchEvent(new Event("density"));
  }

  #show() {
    const { classList } = document.body;
    for (const name of this.#names) classList.toggle(`view-${name}`, name === this.#current);
    classList.toggle("is-compact", this.#isCompact);
    this.#density.setAttribute("aria-pressed", String(this.#isCompact));
    for (const button of this.#buttons) button.setAttribute("aria-pressed", String(button.dataset.view === this.#current));
  }
}

/** What the address says, where that is something there is. */
function named(parameter, known, otherwise) {
  const said = new URLSearchParams(location.search).get(parameter);
  return known.includes(said) ? said : otherwise;
}
