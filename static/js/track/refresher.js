/**
 * Asks for the newest, one question at a time. What is wanted while a question is under way may be
 * missing from its answer, so one more follows, however often it was wanted. What fails is tried
 * again, later and later, until it works or the answer is no for good.
 */

import { Backoff } from "../feed/backoff.js";

export class Refresher {
  #ask;
  #failed;
  #isEnough = () => true;
  #current = null;
  #next = null;
  #isTrying = false;
  #backoff = new Backoff();

  /** `ask` is an async function; `failed(error)` says whether to try again. */
  constructor(ask, failed) {
    this.#ask = ask;
    this.#failed = failed;
  }

  /** The answer to a question asked from now on; whoever asks meanwhile shares the one after it. */
  read() {
    if (!this.#current) {
      const forget = () => { this.#current = null; };
      this.#current = this.#ask().finally(forget);
      return this.#current;
    }
    this.#next ??= this.#current.catch(() => {}).then(() => {
      this.#next = null;
      return this.read();
    });
    return this.#next;
  }

  /** Read until `isEnough()`. */
  async want(isEnough) {
    this.#isEnough = isEnough;
    if (this.#isTrying) return;
    this.#isTrying = true;
    while (!this.#isEnough() && (await this.#tryOnce()));
    this.#isTrying = false;
  }

  /** Whether to go on. */
  async #tryOnce() {
    try {
      await this.read();
      if (!this.#isEnough()) throw new Error("what was read is older than what was heard of");
      this.#backoff = new Backoff();
    } catch (error) {
      if (!this.#failed(error)) return false;
      await new Promise((done) => setTimeout(done, this.#backoff.failed()));
    }
    return true;
  }
}
