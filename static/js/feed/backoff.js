/** Waits longer after each failure, with jitter, and forgets them once things have gone well. */

const FIRST = 1_000;
const LONGEST = 60_000;
const WELL_AFTER = 20_000;

export class Backoff {
  #failures = 0;
  #wellSince = null;
  #pace;

  constructor(pace = 1) {
    this.#pace = pace;
  }

  get failures() {
    return this.#failures;
  }

  wentWell() {
    this.#wellSince ??= Date.now();
  }

  /** Note a failure; the milliseconds to wait before trying again. */
  failed() {
    // A connection that breaks right after it opened has not gone well.
    const well = this.#wellSince !== null && Date.now() - this.#wellSince > WELL_AFTER * this.#pace;
    this.#wellSince = null;
    this.#failures = well ? 1 : this.#failures + 1;
    const wait = Math.min(LONGEST, FIRST * 2 ** Math.min(this.#failures - 1, 6));
    return wait * this.#pace * (0.5 + Math.random());
  }
}
