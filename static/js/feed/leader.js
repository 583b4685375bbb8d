/**
 * The tab that has the connection: what comes through it is passed on to the others.
 *
 * Positions skip what concerns somebody else, so a frame alone does not tell whether another one
 * was missed before it. Each therefore says `from` where it goes on: whoever knows everything up
 * to there, and hears it, knows everything up to its `id`.
 */

import { parsePosition } from "./position.js";
import { Stream } from "./stream.js";

export class Leader {
  #channel;
  #rhythm;
  #on;
  #stream;
  #chain = null;
  #newest = null;

  /** `on` has what a `Stream` needs, and `wanted()`: a follower asks for the stream. */
  constructor(channel, rhythm, pace, on) {
    this.#channel = channel;
    this.#rhythm = rhythm;
    this.#on = on;
    this.#stream = new Stream(rhythm, pace, this.#streamEvents());
  }

  get flowing() {
    return this.#stream.flowing;
  }

  get silence() {
    return this.#stream.silence;
  }

  get isOpen() {
    return this.#stream.isOpen;
  }

  open(url, types) {
    this.#goOnFrom(url.searchParams.get("after"));
    this.#stream.open(url, types);
    this.#tell();
  }

  close() {
    this.#stream.close();
  }

  /** Closed for a while, and still the leader. */
  rest() {
    this.close();
    this.#channel.post("stalled");
  }

  caughtUp() {
    return false;
  }

  hear({ kind }) {
    if (kind !== "hello") return;
    if (this.#stream.isIdle) this.#on.wanted();
    this.#tell();
  }

  #tell() {
    const interval = this.#rhythm.interval;
    this.#channel.post("here", { from: this.#chain, id: this.#newest, flowing: this.flowing, interval });
  }

  #goOnFrom(id) {
    if (parsePosition(id)) this.#chain = this.#newest = id;
  }

  #streamEvents() {
    return {
      frame: (type, id, data) => {
        this.#channel.post("frame", { from: this.#chain, id, type, data });
        this.#goOnFrom(id);
        this.#on.frame(type, id, data);
      },
      heartbeat: (id) => {
        this.#channel.post("heartbeat", { from: this.#chain, id, interval: this.#rhythm.interval });
        this.#newest = id;
        this.#on.heartbeat(id);
      },
      signal: (type, data) => {
        this.#channel.post("signal", { type, data });
        this.#on.signal(type, data);
      },
      // Whoever is reset leaves, and the next one leads from where it is.
      reset: (id, data) => this.#on.reset(id, data),
      broken: () => {
        this.#channel.post("stalled");
        this.#on.broken();
      },
      closed: () => this.#on.closed(),
    };
  }
}
