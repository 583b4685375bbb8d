/**
 * Asks again and again while it is wanted and somebody is looking, one question at a time.
 */

const EVERY = 3_000;
const SLOWEST = 30_000;

export class Poller {
  #wanted = false;
  #asking = false;
  #failures = 0;
  #timer = 0;
  #ask;
  #pace;

  /** `ask` is an async function that answers whether it succeeded. */
  constructor(ask, pace) {
    this.#ask = ask;
    this.#pace = pace;
  }

  get wanted() {
    return this.#wanted;
  }

  begin() {
    if (this.#wanted) return;
    this.#wanted = true;
    this.check();
  }

  end() {
    this.#wanted = false;
    this.#failures = 0;
    clearTimeout(this.#timer);
  }

  /** Ask now, whether polling is on or not; never while the page is hidden. */
  async check() {
    clearTimeout(this.#timer);
    if (this.#asking || document.hidden) return;
    this.#asking = true;
    const answered = await this.#ask();
    this.#asking = false;
    this.#failures = answered ? 0 : this.#failures + 1;
    if (this.#wanted) this.#timer = setTimeout(() => this.check(), this.#pause());
  }

  #pause() {
    const wait = Math.min(SLOWEST, EVERY * 2 ** Math.min(this.#failures, 4));
    return wait * this.#pace * (0.8 + 0.4 * Math.random());
  }
}
