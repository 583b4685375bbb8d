/**
 * A real order that takes its way by itself: placed, moved step by step, and ended, so that no
 * board stays full of such orders.
 *
 * Events: "step" with `{status, sent, answered, seen}` (performance.now(), null until known)
 * whenever one has come further; "order" with the order as it is; "end" with a word about it.
 */

import { get, post, put } from "../lib/api.js";

const WAYS = {
  completed: ["processing", "ready", "shipped", "delivered", "completed"],
  cancelled: ["processing", "ready", "cancelled"],
  returned: ["processing", "shipped", "delivered", "returned"],
};
const ENDS = ["cancelled", "delivered", "completed"];
const SEEN_WITHIN = 10_000;
const REASON = "A simulated order, ended by the page that placed it.";

export class Simulation extends EventTarget {
  order = null;
  isRunning = false;
  #connection;
  #pause;
  #goOn = null;
  #waiting = new Set();
  #mark;

  /** `pause`: milliseconds between two moves. */
  constructor(connection, pause) {
    super();
    this.#connection = connection;
    this.#pause = pause;
    this.#mark = `simulated-${crypto.getRandomValues(new Uint32Array(2)).join("-")}`;
  }

  /** Place an order and take it along a way ("completed", "cancelled" or "returned"). */
  async run(way) {
    const hear = ({ detail }) => this.#hear(detail);
    this.#connection.addEventListener("frame", hear);
    this.isRunning = true;
    try {
      await this.#place();
      for (const status of WAYS[way]) if (!(await this.#next(status))) break;
      await this.#finish();
      await this.#allSeen();
      this.#tell("end", null);
    } catch (error) {
      await this.#rescue();
      this.#tell("end", error.explanation ?? error.message);
    } finally {
      this.isRunning = false;
      this.#connection.removeEventListener("frame", hear);
    }
  }

  /** Move it no further but to its end. */
  stop() {
    this.isRunning = false;
    this.#goOn?.();
  }

  /** The next status on the shortest way to an end; undefined when the order has come to one. */
  get nextEnd() {
    return ENDS.find((end) => this.order?.allowed.includes(end));
  }

  /** The page is left: a last word that the browser sends although nobody waits for the answer. */
  abandon() {
    const status = this.nextEnd;
    if (!this.isRunning || !status) return;
    const headers = { "Content-Type": "application/json" };
    const body = JSON.stringify({ status, reason: REASON });
    fetch(`/api/orders/${this.order.id}/status`, { method: "PUT", keepalive: true, headers, body });
  }

  async #finish() {
    while (this.nextEnd) await this.#move(this.nextEnd);
  }

  /** Something went wrong on the way, or somebody else moved the order: it is to end all the same. */
  async #rescue() {
    if (!this.order) return;
    try {
      this.order = await get(`/api/orders/${this.order.id}`);
      await this.#finish();
    } catch {
      // The server cannot be reached. Where the order stands is told with the complaint.
    }
  }

  #place() {
    const order = {
      customer: "Simulated order",
      external_id: this.#mark,
      note: "Placed from the live page to try the stream. It ends by itself.",
      items: [{ name: "Nothing, this is a test", quantity: 1 }],
    };
    return this.#step("pending", () => post("/api/orders", order));
  }

  async #next(status) {
    await this.#rest();
    if (!this.isRunning || !this.order.allowed.includes(status)) return false;
    await this.#move(status);
    return true;
  }

  #move(status) {
    const body = ["cancelled", "returned"].includes(status) ? { status, reason: REASON } : { status };
    return this.#step(status, () => put(`/api/orders/${this.order.id}/status`, body));
  }

  async #step(status, send) {
    const step = { status, sent: performance.now(), answered: null, seen: null };
    this.#waiting.add(step);
    this.#tell("step", step);
    const order = await send();
    if (!this.order || order.version > this.order.version) this.order = order;
    step.answered = performance.now();
    this.#tell("order", this.order);
    this.#tell("step", step);
  }

  /** An event may come before the answer to what made it, so orders are known by their mark. */
  #hear({ event, seen }) {
    if (event?.order?.external_id !== this.#mark) return;
    if (!this.order || event.order.version > this.order.version) this.order = event.order;
    for (const step of this.#waiting) {
      if (step.status !== event.order.status) continue;
      this.#waiting.delete(step);
      step.seen = seen;
      this.#tell("step", step);
    }
  }

  #rest() {
    return new Promise((done) => {
      this.#goOn = done;
      setTimeout(done, this.#pause);
    });
  }

  async #allSeen() {
    const end = performance.now() + SEEN_WITHIN;
    while (this.#waiting.size && this.#connection.state !== "closed" && performance.now() < end) {
      await new Promise((done) => { setTimeout(done, 50); });
    }
  }

  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}
