/**
 * A stream that all tabs of a browser have together, in a shared worker (feed/worker.js).
 *
 * A browser opens six connections to a server that speaks HTTP/1.1, and a stream keeps one for
 * itself: the seventh tab would get neither stream nor answers. To its page it looks like a
 * `Stream`. Tabs share it when they ask for the same address and the same names of events; the
 * address therefore says for whom it is, and the server sees to it that it is answered to nobody
 * else.
 */

/** To be changed with what tabs and worker say to each other: a tab may be older than a worker. */
const LANGUAGE = 2;

export class SharedStream {
  #worker = null;
  #life = null;
  #flowing = false;
  #heard = 0;
  #watchdog = 0;
  #rhythm;
  #pace;
  #on;

  static get isPossible() {
    return "SharedWorker" in window;
  }

  /**
   * `on` has what a `Stream` needs, `position()`, the id to go on from, and `alone()`: there can
   * be no worker, so a stream of one's own is needed.
   */
  constructor(rhythm, pace, on) {
    this.#rhythm = rhythm;
    this.#pace = pace;
    this.#on = on;
  }

  get flowing() {
    return this.#flowing;
  }

  get isOpen() {
    return this.#flowing;
  }

  get silence() {
    return Date.now() - this.#heard;
  }

  /** Each time by a port of its own: what is still on its way through the last one is lost. */
  open(url, types) {
    this.close();
    this.#rhythm.restart();
    const name = nameOf(url, types, this.#pace);
    const worker = new SharedWorker(new URL("./worker.js", import.meta.url), { type: "module", name });
    this.#worker = worker;
    worker.onerror = () => worker === this.#worker && this.#on.alone();
    worker.port.onmessage = ({ data }) => this.#hear(worker, name, data);
    this.#goOn();
  }

  close() {
    clearTimeout(this.#watchdog);
    this.#life?.abort();
    this.#life = null;
    this.#flowing = false;
    this.#worker?.port.postMessage(null);
    this.#worker?.port.close();
    this.#worker = null;
  }

  #hear(worker, name, news) {
    for (const [kind, ...what] of news) {
      // What it was told may have made the page close the stream.
      if (worker !== this.#worker) return;
      this.#life ??= this.#follow(name);
      this.#note(kind);
      this.#on[kind](...what);
    }
    if (worker === this.#worker) this.#goOn();
  }

  #note(kind) {
    if (kind === "end") return;
    this.#flowing = kind !== "broken";
    this.#heard = Date.now();
    if (kind === "heartbeat") this.#rhythm.beat(this.#heard);
  }

  /** Everything up to the position is known: to be told what comes behind it. */
  #goOn() {
    clearTimeout(this.#watchdog);
    this.#watchdog = setTimeout(() => this.#giveUp(), this.#rhythm.limit);
    this.#worker.port.postMessage(this.#on.position());
  }

  /** A worker that has spoken has its lock: whoever else gets it knows that the worker is dead. */
  #follow(name) {
    const life = new AbortController();
    const died = () => life === this.#life && this.#giveUp();
    navigator.locks?.request(name, { signal: life.signal }, died).catch(() => {}); // No longer asked.
    return life;
  }

  #giveUp() {
    this.close();
    this.#on.closed();
  }
}

function nameOf(url, types, pace) {
  const address = new URL(url);
  address.searchParams.delete("after");
  return JSON.stringify({ language: LANGUAGE, address, types: [...types].sort(), pace });
}
