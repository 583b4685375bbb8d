/**
 * The way events come in: a stream when it can be had, polling while it cannot.
 *
 * Both may run at once, for a moment or for long; whoever listens drops what is not news. So the
 * stream is never given up: it is tried again, ever more slowly, and polling ends with the first
 * thing that comes through it.
 */

import { Refused } from "./ask.js";
import { Backoff } from "./backoff.js";
import { Poller } from "./poller.js";
import { Rhythm } from "./rhythm.js";
import { SharedStream } from "./shared-stream.js";
import { Stream } from "./stream.js";

const PATIENCE = 4_000;
const FAILURES_BORNE = 3;

export class Line {
  #url;
  #ask;
  #types;
  #pace;
  #on;
  #state = "off";
  #isOpen = false;
  #pollFailed = false;
  #turn = 0;
  #worry = 0;
  #retry = 0;
  #rhythm;
  #backoff;
  #stream;
  #poller;

  /**
   * `on` has `position()`, the id to go on from; `event(type, id, data)`, with the text of a
   * frame; `heartbeat(id)`; `signal(type, data)`; `end(data)`; `reset(id, data)`; `answer(answer)`,
   * which says whether to ask on at once; `state(state)`; `refused(status)`.
   */
  constructor({ url, ask, types, pace }, on) {
    this.#url = url;
    this.#ask = ask;
    this.#types = types;
    this.#pace = pace;
    this.#on = on;
    this.#rhythm = new Rhythm(pace);
    this.#backoff = new Backoff(pace);
    const Way = SharedStream.isPossible ? SharedStream : Stream;
    this.#stream = new Way(this.#rhythm, pace, this.#streamEvents());
    this.#poller = new Poller(() => this.#catchUp(), pace);
  }

  get state() {
    return this.#state;
  }

  open() {
    this.#isOpen = true;
    this.#say("reconnecting");
    this.#connect();
  }

  /** End everything; answers still to come are not for us any more. */
  close(state) {
    this.#isOpen = false;
    this.#turn += 1;
    this.#stream.close();
    this.#poller.end();
    clearTimeout(this.#retry);
    clearTimeout(this.#worry);
    this.#worry = 0;
    this.#say(state);
  }

  /** Something may have been missed: ask once, and doubt a stream that has been silent. */
  wake() {
    if (!this.#isOpen) return;
    this.#poller.check();
    const doubtful = this.#stream.silence > this.#rhythm.limit / 2;
    if (!this.#stream.isOpen || doubtful) this.#connect();
  }

  /** There are more names of events to listen for. */
  relisten() {
    if (this.#stream.isOpen) this.#connect();
  }

  /** Nobody looks, so nobody asks: what was caught up by polling no longer is. */
  hide() {
    if (this.#state === "polling") this.#say("reconnecting");
  }

  /** Let go of the connection, to be taken up again by `wake`. */
  leave() {
    this.#stream.close();
    if (this.#isOpen) this.#say("reconnecting");
  }

  offline() {
    if (this.#isOpen) this.#lost(this.#backoff.failed());
  }

  #connect() {
    clearTimeout(this.#retry);
    this.#url.searchParams.set("after", this.#on.position());
    this.#stream.open(this.#url, this.#types);
    this.#notLive();
  }

  #streamEvents() {
    return {
      frame: (type, id, data) => this.#flows(() => this.#on.event(type, id, data)),
      heartbeat: (id) => this.#flows(() => this.#on.heartbeat(id)),
      signal: (type, data) => this.#flows(() => this.#on.signal(type, data)),
      end: (data) => this.#on.end(data),
      reset: (id, data) => this.#on.reset(id, data),
      broken: () => this.#broken(),
      closed: () => this.#lost(this.#backoff.failed()),
      position: () => this.#on.position(),
      alone: () => this.#leaveOthers(),
    };
  }

  #leaveOthers() {
    this.#stream.close();
    this.#stream = new Stream(this.#rhythm, this.#pace, this.#streamEvents());
    this.#connect();
  }

  #flows(pass) {
    clearTimeout(this.#worry);
    this.#worry = 0;
    this.#poller.end();
    this.#backoff.wentWell();
    this.#say("live");
    pass();
  }

  /** The browser reconnects by itself; after some failures that is taken out of its hands. */
  #broken() {
    const wait = this.#backoff.failed();
    if (this.#backoff.failures >= FAILURES_BORNE) this.#lost(wait);
    else this.#notLive();
  }

  #lost(wait) {
    this.#stream.close();
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => this.#connect(), wait);
    this.#notLive();
    if (this.#backoff.failures >= FAILURES_BORNE) this.#poller.begin();
  }

  #notLive() {
    if (this.#state === "live") this.#say("reconnecting");
    this.#startToWorry();
  }

  #startToWorry() {
    this.#worry ||= setTimeout(() => this.#poller.begin(), PATIENCE * this.#pace);
  }

  /** Ask until nothing new comes; whether the server answered. */
  async #catchUp() {
    const turn = this.#turn;
    try {
      let more = true;
      while (more) {
        const answer = await this.#ask(this.#on.position());
        if (turn !== this.#turn) return true;
        more = this.#on.answer(answer);
      }
    } catch (error) {
      if (turn === this.#turn) this.#unanswered(error);
      return false;
    }
    if (turn === this.#turn) this.#answered();
    return true;
  }

  #answered() {
    if (this.#stream.flowing || !this.#poller.wanted) return;
    if (!document.hidden) this.#say("polling");
    // The server is back: no reason to wait until the stream's own pause is over.
    if (this.#pollFailed && !this.#stream.isOpen) this.#connect();
    this.#pollFailed = false;
  }

  #unanswered(error) {
    if (error instanceof Refused && error.isFinal) return this.#on.refused(error.status);
    this.#pollFailed = true;
    if (!this.#stream.flowing) this.#say("reconnecting");
  }

  #say(state) {
    if (state === this.#state) return;
    this.#state = state;
    this.#on.state(state);
  }
}
