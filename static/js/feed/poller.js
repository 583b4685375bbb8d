/**
 * Asks again and again while it is wanted and somebody is looking, one question at a time.
 */

const EVERY = 3_000;
const SLOWEST = 30_000;

export class Poller {
  #wanted = false;
  #asking = false;
  #askAgain = false;
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

  get asking() {
    return this.#asking;
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
    if (!document.hidden) await this.once();
  }

  /** Ask now, even if nobody looks; once more if a question is just being answered. */
  async once() {
    clearTimeout(this.#timer);
    this.#askAgain = this.#asking;
    if (this.#asking) return;
    this.#asking = true;
    let answered;
    do {
      this.#askAgain = false;
      answered = await this.#ask();
    } while (answered && this.#askAgain);
    this.#asking = false;
    this.#failures = answered ? 0 : this.#failures + 1;
    if (this.#wanted) this.#timer = setTimeout(() => this.check(), this.#pause());
  }

  #pause() {
    const wait = Math.min(SLOWEST, EVERY * 2 ** Math.min(this.#failures, 4));
    return wait * this.#pace * (0.8 + 0.4 * Math.random());
  }
}
