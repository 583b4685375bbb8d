/**
 * Keeps the store up to date: follows the feed, reads pages, holds changes back while the person
 * wants the board to stand still.
 *
 * Events: "change" (what is shown may differ now), "read" (the newest orders were read
 * afresh), "heard" with the events that were news, "held" (the number of changes waiting has
 * changed), "failed" with an ApiError.
 */

import { get } from "../lib/api.js";
import { throttled } from "../lib/dom.js";
import { query } from "./filter.js";
import * as stores from "./store.js";

const MOST_AT_ONCE = 200;
const MOST_HELD = 5000;
const AGAIN_MS = 3000;
const NEWS = new Set(["new", "changed"]);

export class Live extends EventTarget {
  #reading = 0;
  #lookedAt = 0;
  #filling = false;
  #held = [];
  #dropped = 0;
  #isOff = false;
  #isReadingAgain = false;
  #isOutdated = false;
  #readSoon = throttled(() => this.#readAgain(), 1000);

  constructor(store, feed) {
    super();
    this.store = store;
    this.feed = feed;
    feed.addEventListener("message", ({ detail }) => this.#hear(detail));
    feed.addEventListener("reset", () => this.#recover());
  }

  get isOff() {
    return this.#isOff;
  }

  /** How many changes wait for the board to be switched on again. */
  get waiting() {
    return this.#held.length + this.#dropped;
  }

  /** Let the board stand still, or go on with all that waited. */
  switch(off) {
    this.#isOff = off;
    if (!off) this.#release();
    this.#tell("held");
  }

  /** Read the newest orders that match the filter, afresh. Answers whether that succeeded. */
  async read(filter = this.store.filter) {
    const turn = ++this.#reading;
    try {
      // No more than is looked at: far down the list, reading all there was would take long.
      const size = stores.sizeFor(query(filter) === query(this.store.filter) ? this.#lookedAt : 0);
      const snapshot = await readPages(filter, size);
      if (turn !== this.#reading) return false;
      stores.replace(this.store, snapshot, filter);
      this.store.size = size;
      this.#forgetHeld(snapshot.position);
      this.#tell("read");
      this.#tell("change");
      return true;
    } catch (error) {
      if (turn === this.#reading) this.#tell("failed", error);
      return false;
    }
  }

  /** Show one page more. */
  more() {
    stores.grow(this.store);
    this.#tell("change");
    return this.fill();
  }

  /** Somebody looks as far as this place: have what comes next before they get there. */
  lookAt(place) {
    this.#lookedAt = place;
    if (stores.sizeFor(place) > this.store.size && stores.hasMore(this.store)) this.more();
  }

  /** Read further pages until what should be shown is there. */
  async fill() {
    if (this.#filling) return;
    this.#filling = true;
    try {
      while (stores.wantsPage(this.store) && (await this.#readNext()));
    } catch (error) {
      this.#tell("failed", error);
    } finally {
      this.#filling = false;
    }
  }

  /** Take an order that an answer showed. */
  absorb(order) {
    if (stores.absorb(this.store, order)) this.#tell("change");
  }

  /** One reading after the other, however fast reasons for it come in. */
  async #readAgain() {
    this.#isOutdated = this.#isReadingAgain;
    if (this.#isReadingAgain) return;
    this.#isReadingAgain = true;
    const isRead = await this.read();
    this.#isReadingAgain = false;
    if (this.#isOutdated) this.#readSoon();
    else if (!isRead && this.feed.state !== "off") setTimeout(this.#readSoon, AGAIN_MS);
  }

  /** Answers false when a reading afresh has come in between. */
  async #readNext() {
    const turn = this.#reading;
    const page = await get(`/api/orders?${query(this.store.filter, { limit: stores.PAGE, cursor: this.store.next })}`);
    if (turn !== this.#reading) return false;
    stores.take(this.store, page);
    this.#tell("change");
    return true;
  }

  #hear(event) {
    if (!this.#isOff) return this.#take([event]);
    this.#held.push(event);
    if (this.#held.length > MOST_HELD) this.#drop();
    this.#tell("held");
  }

  /** Too much to keep: going on will then mean reading afresh. */
  #drop() {
    this.#dropped += this.#held.length;
    this.#held = [];
  }

  #release() {
    const events = this.#held;
    if (this.#dropped) this.read();
    this.#held = [];
    this.#dropped = 0;
    this.#take(events);
  }

  #take(events) {
    const results = events.map((event) => this.#apply(event));
    const news = events.filter((_, at) => NEWS.has(results[at]));
    if (news.length) this.#tell("heard", news);
    if (results.some((result) => result !== "stale")) this.#tell("change");
    if (stores.isOvergrown(this.store)) this.#readSoon();
  }

  #apply(event) {
    const result = stores.apply(this.store, event);
    if (stores.searchAffected(this.store, event)) this.#readSoon();
    return result;
  }

  /** The feed cannot go on from where it was: read everything anew and go on from there. */
  async #recover() {
    if (!(await this.read())) return;
    this.#held = [];
    this.#dropped = 0;
    this.feed.resume(this.store.position);
    this.#tell("held");
  }

  /** What was read already holds these changes. */
  #forgetHeld(position) {
    const reached = stores.number(position);
    this.#held = this.#held.filter((event) => stores.number(event.id) > reached);
    this.#dropped = 0;
    this.#tell("held");
  }

  #tell(type, detail = null) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

/** The first page's position stands for all: what changed while reading on is heard again. */
async function readPages(filter, size) {
  const limit = Math.min(size, MOST_AT_ONCE);
  const { position, ...first } = await get(`/api/orders?${query(filter, { limit })}`);
  let { orders, next } = first;
  while (next && orders.length < size) {
    const page = await get(`/api/orders?${query(filter, { limit, cursor: next })}`);
    orders = orders.concat(page.orders);
    next = page.next;
  }
  return { orders, next, position };
}
