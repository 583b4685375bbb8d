/**
 * The list of what came: the newest 500 frames, newest first, through a filter.
 *
 * While it is paused it stands still; what comes is kept and counted, and drawn when it goes on.
 * Events: "change" when `held` or the types to choose from may have changed.
 */

import { el, oncePerFrame } from "../lib/dom.js";
import { frameRow } from "./frame-row.js";

const MOST = 500;

export class Frames extends EventTarget {
  held = 0;
  total = 0;
  isPaused = false;
  types = new Set();

  #list;
  #act;
  #kept = [];
  #fresh = [];
  #rows = new Map();
  #filter = { type: "", number: "" };
  #drawSoon = oncePerFrame(() => this.#draw());

  constructor(list, act) {
    super();
    this.#list = list;
    this.#act = act;
  }

  add(frame) {
    this.total += 1;
    this.types.add(frame.type);
    this.#kept.push(frame);
    this.#fresh.push(frame);
    if (this.#kept.length > MOST) this.#kept.shift();
    if (this.#fresh.length > MOST) this.#fresh.shift();
    if (this.isPaused) this.held += 1;
    this.#drawSoon();
  }

  /** Stand still, or go on with all that has come meanwhile. */
  pause(isPaused) {
    this.isPaused = isPaused;
    this.held = 0;
    this.#draw();
  }

  /** Show one type, one order, or ("" and "") everything. `quiet` leaves out heartbeats. */
  filter(filter) {
    this.#filter = filter;
    this.#rebuild();
  }

  /** Those of an order that are kept, oldest first. */
  about(orderId) {
    return this.#kept.filter(({ event }) => event?.order?.id === orderId);
  }

  clear() {
    this.#kept = [];
    this.#rebuild();
  }

  get shown() {
    return this.#rows.size;
  }

  #rebuild() {
    this.#fresh = [];
    this.#rows.clear();
    const chosen = this.#kept.filter((frame) => this.#matches(frame));
    this.#list.replaceChildren(...chosen.map((frame) => this.#row(frame)).reverse());
    this.held = 0;
    this.#tell();
  }

  #draw() {
    if (!this.isPaused) this.#prepend();
    this.#tell();
  }

  #prepend() {
    const chosen = this.#fresh.filter((frame) => this.#matches(frame));
    this.#fresh = [];
    this.#list.prepend(...chosen.map((frame) => this.#row(frame)).reverse());
    for (const [frame, row] of this.#rows) {
      if (this.#rows.size <= MOST) break;
      row.remove();
      this.#rows.delete(frame);
    }
  }

  #row(frame) {
    const row = frameRow(frame, this.#act);
    this.#rows.set(frame, row);
    return row;
  }

  #matches({ type, event }) {
    const { type: wanted, number } = this.#filter;
    if (wanted === "no heartbeat" ? type === "heartbeat" : wanted && type !== wanted) return false;
    return !number || String(event?.order?.number ?? "") === number;
  }

  #tell() {
    this.dispatchEvent(new CustomEvent("change"));
  }
}

/** The command that has the server tell everything behind an id. */
export function curlCommand(after) {
  return `curl -N '${location.origin}/api/stream?after=${after ?? ""}' -H "Authorization: Bearer $KEY"`;
}

/** The command that has the server tell this frame again, as the first one. */
export function curlFor({ id, type }) {
  const [epoch, number] = id.split("-");
  return curlCommand(type.includes(".") ? `${epoch}-${Math.max(0, Number(number) - 1)}` : id);
}

/** The choices of a filter: those known from the start, and each type that has come. */
export function typeOptions(types, chosen) {
  const option = (value, label) => el("option", { value, selected: value === chosen }, label);
  return [option("", "All frames"), option("no heartbeat", "Without heartbeats"), ...[...types].toSorted().map((type) => option(type, type))];
}
