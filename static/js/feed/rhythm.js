/**
 * How long a stream may be silent before it counts as dead.
 *
 * The contract promises a heartbeat at least every 15 s; a server may beat faster, and then a
 * dead connection is noticed sooner. The longest of the last few gaps is taken, never the first
 * one alone: servers spread their beats over time, so the first gap of a stream may be short.
 */

const PROMISED = 15_000;
const SHORTEST = 1_000;
const PATIENCE = 2.5;
const REMEMBERED = 3;

export class Rhythm {
  #gaps = [];
  #last = null;
  #pace;

  constructor(pace = 1) {
    this.#pace = pace;
  }

  /** A new stream: the pause since the old one's last beat says nothing. */
  restart() {
    this.#last = null;
  }

  beat(now) {
    if (this.#last !== null) this.#gaps = [...this.#gaps, now - this.#last].slice(-REMEMBERED);
    this.#last = now;
  }

  /** Milliseconds of silence after which the stream is given up. */
  get limit() {
    return PATIENCE * this.#interval();
  }

  #interval() {
    const promised = PROMISED * this.#pace;
    if (this.#gaps.length < 2) return promised;
    return Math.min(promised, Math.max(SHORTEST * this.#pace, ...this.#gaps));
  }
}
