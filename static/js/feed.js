/**
 * What happens to orders, as it happens: Server-Sent Events, with polling when they cannot be had.
 *
 *     const feed = new Feed({ stream: "/api/stream", poll: "/api/events", after: position, types });
 *     feed.addEventListener("message", ({ detail }) => apply(detail.order));
 *     feed.addEventListener("reset", async () => feed.resume(await readSnapshotAgain()));
 *     feed.addEventListener("state", ({ detail }) => show(detail.state, detail.position));
 *     feed.start();
 *
 * Promised: every event this listener may hear behind `after`, once, in the order of positions,
 * whichever way it came. An event is known by its position; what is not ahead of the last one
 * delivered is dropped, so stream and polling may overlap and neither needs to know of the other.
 *
 * `poll` is the address of the log, or an async function from a position to
 * `{events, next, reset}`; it throws `Refused` (feed/ask.js) when the server says no.
 *
 * Events: "message" `{id, position, type, at, actor, changes, was, order}`, or
 * with another thing under its own name, as `driver`; "signal" `{type, data}`;
 * "rights", when one may still listen and hears more or less from now on, as by another role;
 * "reset" `{reason, id}`, repeated until the page has read its snapshot and called `resume`;
 * "state" `{state, position, status}` whenever the state or the position has changed:
 *
 * - `live`: the stream is open and something has come through it within 2.5 heartbeats;
 * - `polling`: the stream cannot be had, the last question to the log was answered;
 * - `reconnecting`: neither, for now; what the page shows may be old;
 * - `off`: not started, stopped, or refused for good (`status` is the HTTP status then).
 *
 * A heartbeat ahead of the last event is no gap: the events between concern somebody else. An
 * event of a name not listened for is the one thing that can hide there; see feed/unheard.js.
 */

import { logReader } from "./feed/ask.js";
import { Line } from "./feed/line.js";
import { parsePosition, positionId, readPosition } from "./feed/position.js";
import { Unheard } from "./feed/unheard.js";
import { Wakeups } from "./feed/wakeups.js";

const RESET_AGAIN = 10_000;

/** Where somebody who is signed in listens: answered to nobody who signs in after them. */
export function streamOf(who) {
  const query = new URLSearchParams({ who });
  return { stream: `/api/stream?${query}`, poll: `/api/events?${query}` };
}

export class Feed extends EventTarget {
  #types;
  #ask;
  #position;
  #running = false;
  #resetting = null;
  #status = null;
  #pace;
  #line;
  #unheard = null;
  #wakeups;

  /**
   * Tabs of a browser with the same `stream` and the same names have one connection together
   * (feed/shared-stream.js). `types` are the names to listen for, which the server tells the page;
   * `pace` shortens every wait, for tests.
   */
  constructor({ stream, poll, after, types, pace = 1 }) {
    super();
    const ask = typeof poll === "function" ? poll : logReader(poll);
    this.#ask = ask;
    const url = new URL(stream, location.href);
    this.#types = new Set(types);
    this.#position = readPosition(after);
    this.#pace = pace;
    this.#line = new Line({ url, ask, types: this.#types, pace }, this.#lineEvents());
    if (typeof poll === "string") this.#unheard = new Unheard(ask, this.#types, pace);
    this.#wakeups = new Wakeups({
      wake: () => this.#line.wake(),
      hide: () => this.#line.hide(),
      leave: () => this.#line.leave(),
      offline: () => this.#line.offline(),
    });
  }

  get state() {
    return this.#line.state;
  }

  /** The id of the position everything is known up to. */
  get position() {
    return this.#position.id;
  }

  start() {
    if (this.#running) return;
    this.#running = true;
    this.#status = null;
    this.#wakeups.listen();
    this.#open();
  }

  stop() {
    this.#running = false;
    this.#endReset();
    this.#wakeups.ignore();
    this.#line.close("off");
  }

  /** The page has read its snapshot: go on right behind its position. */
  resume(id) {
    const position = readPosition(id);
    if (!this.#resetting && position.epoch === this.#position.epoch) return this.#reach(id);
    this.#endReset();
    this.#position = position;
    if (!this.#running) return;
    this.#line.close("reconnecting");
    this.#open();
  }

  #open() {
    this.#unheard?.startFrom(this.#position);
    this.#line.open();
    this.#announce();
  }

  #lineEvents() {
    return {
      position: () => this.#position.id,
      event: (type, id, data) => this.#frame(type, id, data),
      heartbeat: (id) => this.#heartbeat(id),
      signal: (type, data) => this.#dispatch("signal", { type, data: readData(data) }),
      end: (data) => readData(data)?.reason === "revoked" && this.#askWhetherAllowed(),
      reset: (id, data) => this.#reset(readData(data)?.reason ?? "unknown", id),
      answer: (answer) => this.#answer(answer),
      state: () => this.#announce(),
      refused: (status) => {
        this.#status = status;
        this.stop();
      },
    };
  }

  #frame(type, id, data) {
    const event = readData(data);
    if (!event || !parsePosition(id)) return this.#reset("unreadable", id);
    this.#deliver({ type, ...event, id });
  }

  async #heartbeat(id) {
    this.#reach(id);
    if (this.#resetting || !this.#unheard || !parsePosition(id)) return;
    const unknown = await this.#unheard.heartbeat(readPosition(id));
    if (unknown.length > 0) this.#reset("unheard", id);
  }

  /** Take what the log answered; whether there may be more. */
  #answer({ events, next, reset }) {
    const before = this.#position.id;
    const names = this.#types.size;
    if (reset) this.#reset(reset.reason, next);
    for (const event of events) {
      this.#types.add(event.type);
      this.#deliver({ ...event, id: event.id ?? positionId(this.#position.epoch, event.position) });
    }
    this.#reach(next);
    this.#unheard?.startFrom(this.#position);
    if (this.#types.size > names) this.#line.relisten();
    return !this.#resetting && events.length > 0 && this.#position.id !== before;
  }

  #deliver(event) {
    if (!this.#isNews(event.id)) return;
    this.#position = readPosition(event.id);
    this.#unheard?.event();
    this.#dispatch("message", event);
    this.#announce();
  }

  #reach(id) {
    if (!this.#isNews(id)) return;
    this.#position = readPosition(id);
    this.#announce();
  }

  #isNews(id) {
    const position = parsePosition(id);
    if (!position || this.#resetting) return false;
    if (position.epoch !== this.#position.epoch) this.#reset("epoch", id);
    return !this.#resetting && position.number > this.#position.number;
  }

  #reset(reason, id) {
    if (!this.#running || this.#resetting) return;
    const tell = () => this.#dispatch("reset", { reason, id });
    // Again and again: the page's reading may fail as well, and nothing goes on without it.
    this.#resetting = setInterval(tell, RESET_AGAIN * this.#pace);
    this.#line.close("reconnecting");
    tell();
  }

  async #askWhetherAllowed() {
    try {
      await this.#ask(this.#position.id);
    } catch {
      return; // Signed out, as the line finds out by itself; or nobody can be asked just now.
    }
    if (this.#running) this.#dispatch("rights", null);
  }

  #endReset() {
    clearInterval(this.#resetting);
    this.#resetting = null;
  }

  #announce() {
    this.#dispatch("state", { state: this.state, position: this.position, status: this.#status });
  }

  #dispatch(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

function readData(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
