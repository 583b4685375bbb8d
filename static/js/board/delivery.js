/** The driver and the tracking form of the panel. What somebody is typing is never overwritten. */

import { ApiError, post, put } from "../lib/api.js";
import { askDriver } from "../lib/ask.js";
import { copyText, el, icon } from "../lib/dom.js";
import { mayChange } from "../lib/role.js";
import { toast } from "../lib/toasts.js";
import { part } from "./details.js";

const ADD = "add";
const FIELDS = [
  { name: "carrier", label: "Carrier", maxlength: "100" },
  { name: "number", label: "Tracking number", maxlength: "100" },
  { name: "url", label: "Tracking link", type: "url", placeholder: "https://", maxlength: "1000" },
  { name: "eta", label: "Expected", type: "datetime-local" },
];

export class Delivery {
  #moves;
  #drivers;
  #order = null;
  #select = el("select.select", { id: "driver-select", disabled: !mayChange, onchange: () => this.#assign() });
  #link = el("button.button.small.quiet", { type: "button", data: { changes: "" }, onclick: () => this.#copyDriverLink() }, icon("link"), "Copy a new link for the driver");
  #inputs = new Map();
  #save = el("button.button.small", { type: "submit", data: { changes: "" } }, "Save delivery");
  #form;

  constructor(moves, drivers) {
    this.#moves = moves;
    this.#drivers = drivers;
    this.#form = this.#makeForm();
    drivers.addEventListener("change", () => this.#order && this.#fillDrivers(this.#order));
    this.element = part("Delivery",
      el("div.field", {}, el("label", { for: "driver-select" }, "Driver"), this.#select, this.#link),
      this.#form);
  }

  show(order) {
    const isOther = order.id !== this.#order?.id;
    this.#order = order;
    this.#fillDrivers(order);
    for (const [name, input] of this.#inputs) fillInput(input, shown(name, order.tracking?.[name]), isOther);
    this.#offerSaving();
  }

  #makeForm() {
    const fields = FIELDS.map(({ name, label, ...properties }) => {
      const input = el("input", { id: `tracking-${name}`, name, autocomplete: "off", disabled: !mayChange, ...properties });
      this.#inputs.set(name, input);
      return el("div.field", {}, el("label", { for: input.id }, label), input);
    });
    const form = el("form.tracking", {}, fields, el("div.tracking-actions", {}, this.#save));
    form.addEventListener("input", () => this.#offerSaving());
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#track();
    });
    return form;
  }

  #fillDrivers({ driver }) {
    const known = this.#drivers.all;
    if (driver && !known.some(({ id }) => id === driver.id)) known.push(driver);
    this.#select.replaceChildren(
      el("option", { value: "" }, "Nobody yet"),
      ...known.map(({ id, name, phone }) => el("option", { value: id }, phone ? `${name} (${phone})` : name)),
      el("option", { value: ADD }, "Add a driver…"));
    this.#select.value = driver?.id ?? "";
    this.#link.hidden = !driver;
  }

  async #assign() {
    const order = this.#order;
    const chosen = this.#select.value === ADD ? (await this.#add())?.id : this.#select.value;
    const before = order.driver?.id ?? "";
    if (chosen === undefined || chosen === before) return this.#fillDrivers(this.#order);
    const send = () => put(`/api/orders/${order.id}/driver`, { driver: chosen || null });
    const assigned = await this.#moves.change(order, send, "could not be given to the driver");
    if (!assigned) this.#fillDrivers(this.#order);
  }

  async #add() {
    const wanted = await askDriver();
    if (!wanted) return null;
    try {
      const driver = await post("/api/drivers", wanted.phone ? wanted : { name: wanted.name });
      this.#drivers.take(driver);
      return driver;
    } catch (error) {
      tell(error, "The driver could not be added");
      return null;
    }
  }

  async #copyDriverLink() {
    try {
      const { url } = await post(`/api/drivers/${this.#order.driver.id}/link`);
      const copied = await copyText(url);
      const title = copied ? "The driver’s link was copied" : "The driver’s link";
      const detail = copied ? "It opens this driver’s orders. The link before it no longer works." : url;
      toast({ title, detail, tone: "good", icon: "link" });
    } catch (error) {
      tell(error, "The link could not be made");
    }
  }

  async #track() {
    const order = this.#order;
    const typed = [...this.#inputs].filter(([, input]) => isDirty(input));
    if (!typed.length) return;
    const changes = Object.fromEntries(typed.map(([name, input]) => [name, meant(name, input.value)]));
    const send = () => put(`/api/orders/${order.id}/tracking`, changes);
    const saved = await this.#moves.change(order, send, "was not updated");
    if (!saved || this.#order.id !== order.id) return;
    for (const [name, input] of this.#inputs) fillInput(input, shown(name, this.#order.tracking?.[name]), true);
    this.#offerSaving();
  }

  #offerSaving() {
    this.#save.disabled = ![...this.#inputs.values()].some(isDirty);
  }
}

function tell(error, title) {
  if (!(error instanceof ApiError)) throw error;
  toast({ title, detail: error.explanation, tone: "danger" });
}

function isDirty(input) {
  return input.value.trim() !== (input.dataset.saved ?? "");
}

function fillInput(input, value, overwrite) {
  if (overwrite || !isDirty(input)) input.value = value;
  input.dataset.saved = value;
}

/** A stored value as its input shows it: an expected time in local time, without a zone. */
function shown(name, value) {
  if (!value) return "";
  if (name !== "eta") return value;
  const local = new Date(Date.parse(value) - new Date(value).getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 16);
}

function meant(name, text) {
  const value = text.trim();
  if (!value) return null;
  return name === "eta" ? new Date(value).toISOString() : value;
}
