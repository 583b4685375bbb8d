/**
 * Listens with the npm package "eventsource" and prints each frame it hears as a line of JSON.
 *
 * A line on standard input says who listens: [{name, url, headers, after, types, silence}].
 * It ends with its standard input, however its parent ends.
 */

import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const { EventSource } = createRequire(`${process.env.EVENTSOURCE}/`)("eventsource");
const AGAIN = 500;

class Listener {
  #order;
  #lastId;
  #source;
  #watch;

  constructor(order) {
    this.#order = order;
    this.#lastId = order.after;
    this.#open();
  }

  /** The client sends the last id by itself only to those it knows: a new one is told it here. */
  #open() {
    const { url, headers, types } = this.#order;
    const fetchWithId = (address, init) =>
      fetch(address, { ...init, headers: { "Last-Event-ID": this.#lastId, ...headers, ...init.headers } });
    const source = new EventSource(url, { fetch: fetchWithId });
    this.#source = source;
    for (const type of types) source.addEventListener(type, (event) => this.#hear(event));
    source.addEventListener("open", () => this.#say({ type: "open" }));
    source.addEventListener("error", () => this.#failed(source));
    this.#beginToWatch();
  }

  #hear({ type, lastEventId, data }) {
    this.#lastId = lastEventId;
    this.#say({ type, id: lastEventId, data });
    this.#beginToWatch();
  }

  /** It comes back by itself from everything but an answer that is no stream. */
  #failed(source) {
    if (source.readyState === EventSource.CLOSED) setTimeout(() => this.#again(source), AGAIN);
  }

  /** A connection that only seems to be there is noticed by its silence. */
  #beginToWatch() {
    clearTimeout(this.#watch);
    const source = this.#source;
    this.#watch = setTimeout(() => this.#again(source), this.#order.silence);
  }

  #again(source) {
    source.close();
    if (source === this.#source) this.#open();
  }

  #say(what) {
    process.stdout.write(`${JSON.stringify({ name: this.#order.name, ...what })}\n`);
  }
}

const input = createInterface({ input: process.stdin });
input.on("line", (line) => JSON.parse(line).forEach((order) => new Listener(order)));
input.on("close", () => process.exit(0));
