/**
 * One connection to the stream, read as it is on the wire.
 *
 * The board's feed hands on what a page needs and hides the rest; this hides nothing: heartbeats,
 * retries, bytes, every attempt. It too goes on behind the last id, waits longer after each failure
 * and asks the log meanwhile.
 *
 * Events: "frame" with a frame (see sse.js) and `at` (ms since 1970), `seen` (performance.now()),
 * `way` ("stream" or "poll"), `event` (its data parsed, or null) and `replayed`; "state" whenever
 * `state` has changed: "connecting", "connected", "polling", "closed".
 */

import { get } from "../lib/api.js";
import { FrameReader } from "./sse.js";

const TO_OPEN = 10_000;
const FIRST_WAIT = 1_000;
const LONGEST_WAIT = 30_000;
const POLL_EVERY = 3_000;
const LONG = 5_000;
const FAILURES_BORNE = 2;
const PATIENCE = 2.5;
const REFUSALS = [401, 403, 404];

export class Connection extends EventTarget {
  state = "closed";
  since = Date.now();
  heartbeatAt = null;
  reconnects = 0;
  frames = 0;
  bytes = 0;
  retry = 2_600;
  refused = null;
  lastId;

  #stream;
  #log;
  #silence;
  #turn = 0;
  #failures = 0;
  #openedAt = 0;
  #asked = null;
  #watchdog = 0;

  /** `heartbeat`: seconds between two of the server's. */
  constructor({ stream, log, after, heartbeat }) {
    super();
    this.#stream = stream;
    this.#log = log;
    this.#silence = heartbeat * 1000 * PATIENCE;
    this.lastId = after;
  }

  /** Open the stream behind an id; an empty one means from now on. */
  connect(after = this.lastId) {
    this.#end();
    this.lastId = after;
    this.refused = null;
    this.#failures = 0;
    this.#run(this.#turn);
  }

  disconnect() {
    this.#end();
    this.#say("closed");
  }

  #end() {
    this.#turn += 1;
    clearTimeout(this.#watchdog);
    this.#asked?.abort();
  }

  async #run(turn) {
    while (turn === this.#turn) {
      if (this.#failures < FAILURES_BORNE) this.#say("connecting");
      const wait = await this.#attempt(turn);
      if (turn !== this.#turn) return;
      clearTimeout(this.#watchdog);
      if (this.refused) return this.#say("closed");
      this.reconnects += 1;
      if (this.state === "connected") this.#say("connecting");
      await this.#pause(wait, turn);
    }
  }

  /** Read the stream until it ends; the milliseconds to wait before the next attempt. */
  async #attempt(turn) {
    let least = 0;
    try {
      const answer = await this.#open();
      if (REFUSALS.includes(answer.status)) this.refused = answer.status;
      const isTold = answer.ok && (await this.#read(answer.body, turn));
      if (isTold) return this.retry * spread();
      if (answer.ok) least = this.retry;
    } catch {
      // The network, or our own watchdog: the wait says what that means.
    }
    if (turn === this.#turn) this.#failures += 1;
    return Math.max(least, Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** (this.#failures - 1))) * spread();
  }

  #open() {
    const asked = new AbortController();
    this.#asked = asked;
    this.#expect(TO_OPEN);
    this.#openedAt = Date.now();
    const address = `${this.#stream}?after=${encodeURIComponent(this.lastId ?? "")}`;
    return fetch(address, { headers: { Accept: "text/event-stream" }, cache: "no-store", signal: asked.signal });
  }

  /** Read to the end; whether anything was told but that it ends, as by a server that is full. */
  async #read(body, turn) {
    let isTold = false;
    const reader = body.pipeThrough(new TextDecoderStream()).getReader();
    const frames = new FrameReader();
    for (;;) {
      const { value, done } = await reader.read();
      if (done || turn !== this.#turn) return isTold;
      this.#expect(this.#silence);
      for (const frame of frames.read(value)) {
        isTold ||= frame.data !== null && frame.type !== "end";
        if (isTold) this.#flows();
        this.#take(frame, "stream");
      }
    }
  }

  #flows() {
    this.#failures = 0;
    this.#say("connected");
  }

  #expect(wait) {
    clearTimeout(this.#watchdog);
    this.#watchdog = setTimeout(() => this.#asked.abort(), wait);
  }

  async #pause(wait, turn) {
    const end = performance.now() + wait;
    const isLong = this.#failures >= FAILURES_BORNE || wait > LONG;
    while (turn === this.#turn && performance.now() < end) {
      if (isLong) await this.#poll(turn);
      await new Promise((done) => { setTimeout(done, Math.min(POLL_EVERY, end - performance.now())); });
    }
  }

  async #poll(turn) {
    try {
      const { events, next, reset } = await get(`${this.#log}?after=${encodeURIComponent(this.lastId ?? "")}&limit=200`);
      if (turn !== this.#turn) return;
      this.#say("polling");
      if (reset) this.#take(polled(next, { type: "reset", ...reset }), "poll");
      for (const { id, ...event } of events) this.#take(polled(id, event), "poll");
      this.lastId = next;
    } catch {
      if (turn === this.#turn) this.#say("connecting");
    }
  }

  #take(frame, way) {
    const at = Date.now();
    const event = parsed(frame.data);
    this.frames += 1;
    this.bytes += frame.bytes;
    if (frame.id) this.lastId = frame.id;
    if (frame.retry !== null) this.retry = frame.retry;
    if (frame.type === "heartbeat") this.heartbeatAt = at;
    const replayed = Boolean(event?.at) && Date.parse(event.at) < this.#openedAt;
    this.#tell("frame", { ...frame, event, at, seen: performance.now(), way, replayed });
  }

  #say(state) {
    if (state === this.state) return;
    this.state = state;
    this.since = Date.now();
    this.#tell("state", state);
  }

  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

/** Pages that lost the server together do not come back together. */
function spread() {
  return 0.7 + 0.6 * Math.random();
}

function polled(id, event) {
  const data = JSON.stringify(event);
  return { type: event.type, id, data, retry: null, bytes: new TextEncoder().encode(data).length };
}

function parsed(data) {
  try {
    return JSON.parse(data);
  } catch {
    return null;
  }
}
