/**
 * Who leads, by a Web Lock: it goes to the next tab in the queue the moment its holder is closed
 * or crashes. A holder that is there and does nothing loses it only by being stolen from.
 */

const PATIENCE = 2_000;

export class Locks {
  #name;
  #on;
  #turn = null;

  static get areHere() {
    return "locks" in navigator;
  }

  /** `on` has `granted()` and `lost()`. */
  constructor(name, on) {
    this.#name = name;
    this.#on = on;
  }

  /**
   * Milliseconds a leader has to answer in; one that draws a long table answers late. A third of
   * it is chance: not all should steal at once.
   */
  get patience() {
    return PATIENCE * (1 + Math.random() / 2);
  }

  /** Lead once nobody else does. */
  request() {
    const waiting = new AbortController();
    this.#ask({ signal: waiting.signal }, () => waiting.abort());
  }

  /** Lead at once. */
  steal() {
    this.#ask({ steal: true });
  }

  release() {
    this.#turn?.end();
    this.#turn = null;
  }

  hear() {
    // What other tabs say decides nothing here.
  }

  async #ask(options, giveUp = () => {}) {
    this.release();
    const turn = { end: giveUp };
    this.#turn = turn;
    const lead = () => new Promise((end) => {
      if (turn !== this.#turn) return end();
      turn.end = end;
      this.#on.granted();
    });
    try {
      await navigator.locks.request(this.#name, options, lead);
    } catch (error) {
      if (turn === this.#turn) this.#failed(error);
    }
  }

  /** Stolen from; or this page may have no locks at all, and then it looks after itself. */
  #failed(error) {
    this.#turn = null;
    if (error.name === "AbortError") this.#on.lost();
    else this.#on.granted();
  }
}
