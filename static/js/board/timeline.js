/** Who did what to an order, and when: newest first. */

import { get } from "../lib/api.js";
import { debounced, el } from "../lib/dom.js";
import { fullTime, moment } from "../lib/format.js";
import { mayChange } from "../lib/role.js";
import { part } from "./details.js";
import { Notes } from "./notes.js";
import { story, who } from "./words.js";

const SETTLE_MS = 200;
const AGAIN_MS = 3000;

export class Timeline {
  #list = el("ol.timeline", { "aria-live": "off" });
  #id = null;
  #number = 0;
  #shown = "";
  #turn = 0;
  #readSoon = debounced(() => this.#read(), SETTLE_MS);

  #notes;
  #undo;

  /** `undo` takes `{id, number, position}` back. */
  constructor(undo, team) {
    this.#notes = new Notes(team);
    this.element = part("Timeline", this.#notes.element, this.#list);
    this.#undo = undo;
  }

  show(order) {
    this.#number = order.number;
    if (order.id !== this.#id) {
      this.#id = order.id;
      this.#shown = "";
      this.#notes.show(order.id);
      this.#list.replaceChildren(el("li.faint", {}, "Reading…"));
      this.#read();
    } else {
      this.#readSoon();
    }
  }

  /** Answers may overtake each other: the one to the last question counts. */
  async #read() {
    const turn = ++this.#turn;
    try {
      const events = await readAll(this.#id);
      if (turn === this.#turn) this.#fill(events);
    } catch (error) {
      if (turn === this.#turn) this.#failed(error);
    }
  }

  #failed(error) {
    if (!this.#shown) this.#list.replaceChildren(el("li.faint", {}, "The timeline could not be read."));
    if (error.mayPass) setTimeout(this.#readSoon, AGAIN_MS);
  }

  #fill(events) {
    const state = events.map((event) => event.position).join();
    if (state === this.#shown) return;
    this.#shown = state;
    let before = null;
    const entries = events.map((event) => {
      const told = entry(event, before, this.#way(event));
      before = event.order ?? before;
      return told;
    });
    this.#list.replaceChildren(...entries.reverse());
  }

  /** The control that takes a change back, where that can be done. */
  #way({ position, undo_until: until }) {
    if (!mayChange || !until || Date.parse(until) < Date.now()) return null;
    const order = { id: this.#id, number: this.#number, position };
    return el("button.button.quiet.small", { type: "button", data: { undo: position }, onclick: () => this.#undo(order) }, "Undo");
  }
}

/** Every event of an order, oldest first. */
async function readAll(id) {
  const { events } = await get(`/api/orders/${id}/events`);
  return events.toSorted((a, b) => a.position - b.position);
}

function entry(event, before, way) {
  const { title, details } = story(event, before);
  const status = event.changes?.includes("status") || event.type === "order.created" ? event.order?.status : null;
  return el("li", { data: { type: event.type } },
    el("span.status-dot", { "aria-hidden": "true", data: status ? { status } : {} }),
    el("div.entry", {},
      el("p", {}, el("b", { dir: "auto" }, who(event.actor ?? {})), " ", title),
      details.map((detail) => el("p.muted", { dir: "auto" }, detail)),
      el("time", { datetime: event.at, title: fullTime(event.at) }, moment(event.at))),
    way);
}
