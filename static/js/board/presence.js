/**
 * Who else of the staff has a board open, and which order they look at. Each page says so every few
 * seconds, and the server passes it on; what was not said again for a while is over. Event: "change".
 */

import { post } from "../lib/api.js";
import { throttled } from "../lib/dom.js";

const BEAT_MS = 8000;
const LEAST_MS = 3000;
const GONE_MS = 20_000;
const PATH = "/api/presence";

export class Presence extends EventTarget {
  #me;
  #page = nameOfPage();
  #order = null;
  #others = new Map();
  #isNew = true;
  #tellSoon = throttled(() => this.#tell(), LEAST_MS);

  /** `me` is the id of the member who sits here: their other pages are not somebody else. */
  constructor(me, feed) {
    super();
    this.#me = me;
    feed.addEventListener("signal", ({ detail }) => detail.type === "presence" && this.#hear(detail.data));
    document.addEventListener("visibilitychange", () => this.#tellSoon());
    addEventListener("pagehide", () => this.#leave());
    addEventListener("pageshow", ({ persisted }) => {
      this.#isNew ||= persisted;
      if (persisted) this.#tellSoon();
    });
    setInterval(() => this.#tellSoon(), BEAT_MS);
    setInterval(() => this.#forget(Date.now()), 1000);
    this.#tellSoon();
  }

  /** This page shows an order, or none. */
  look(id) {
    if (id === this.#order) return;
    this.#order = id;
    this.#tellSoon();
    this.#changed();
  }

  /** Everybody else who is here, each once, by name. */
  get everybody() {
    return people([...this.#others.values()]);
  }

  /** Those of them who look at an order. */
  lookingAt(id) {
    return people([...this.#others.values()].filter(({ order }) => order === id));
  }

  #hear({ page, staff, order_id: order, new: isNew, gone }) {
    if (page === this.#page || staff.id === this.#me) return;
    const before = this.#others.get(page);
    if (gone) this.#others.delete(page);
    else this.#others.set(page, { staff, order, until: Date.now() + GONE_MS });
    if (gone ? before : before?.order !== order || before?.staff.name !== staff.name) this.#changed();
    // Whoever has just come wants to know who was here before; not all in the same instant.
    if (isNew && !gone) setTimeout(this.#tellSoon, Math.random() * 1000);
  }

  #forget(now) {
    const over = [...this.#others].filter(([, { until }]) => until < now);
    for (const [page] of over) this.#others.delete(page);
    if (over.length) this.#changed();
  }

  /** That it could not be told is no trouble: it is told again. */
  #tell() {
    const isNew = this.#isNew;
    this.#isNew = false;
    const order = document.hidden ? null : this.#order;
    post(PATH, { page: this.#page, order, new: isNew }).catch(() => { this.#isNew ||= isNew; });
  }

  #leave() {
    const body = JSON.stringify({ page: this.#page, gone: true });
    fetch(PATH, { method: "POST", body, headers: { "Content-Type": "application/json" }, keepalive: true }).catch(() => {});
  }

  #changed() {
    this.dispatchEvent(new Event("change"));
  }
}

function people(seen) {
  const known = new Map(seen.map(({ staff }) => [staff.id, staff]));
  return [...known.values()].sort((a, b) => a.name.localeCompare(b.name));
}

function nameOfPage() {
  return [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
