/**
 * One EventSource with a watchdog.
 *
 * EventSource alone cannot be trusted to say that it is connected: a half-open connection and a
 * proxy that holds everything back both look open for ever. So a stream counts as *flowing* only
 * once something has come through it, and is closed when nothing comes for too long.
 */

const SIGNALS = ["presence", "location", "typing", "figures", "views"];
const TO_OPEN = 10_000;

export class Stream {
  #source = null;
  #watchdog = 0;
  #heard = 0;
  #flowing = false;
  #rhythm;
  #pace;
  #on;

  /**
   * `on` has `frame(type, id, data)`, `heartbeat(id)`, `reset(id, data)`, `signal(type, data)`,
   * `end(data)` (the server's last word, which is no sign that anything flows), `broken()` (the
   * browser is reconnecting by itself) and `closed()` (it has given up, or we have: a new stream is
   * needed).
   */
  constructor(rhythm, pace, on) {
    this.#rhythm = rhythm;
    this.#pace = pace;
    this.#on = on;
  }

  /** Something has come through since it was last (re)connected. */
  get flowing() {
    return this.#flowing;
  }

  /** Milliseconds since anything came through, or it was opened; very many once it is broken. */
  get silence() {
    return Date.now() - this.#heard;
  }

  get isOpen() {
    return this.#source !== null && this.#source.readyState === EventSource.OPEN;
  }

  open(url, types) {
    this.close();
    this.#rhythm.restart();
    this.#heard = Date.now();
    this.#source = new EventSource(url);
    this.#expect(TO_OPEN * this.#pace);
    this.#source.onopen = () => this.#expect(this.#rhythm.limit);
    this.#source.onerror = () => this.#failed();
    this.#listen(types);
  }

  close() {
    clearTimeout(this.#watchdog);
    this.#flowing = false;
    this.#source?.close();
    this.#source = null;
  }

  #listen(types) {
    for (const type of types) {
      this.#hear(type, (message) => this.#on.frame(type, message.lastEventId, message.data));
    }
    for (const type of SIGNALS) this.#hear(type, ({ data }) => this.#on.signal(type, data));
    const source = this.#source;
    source.addEventListener("end", ({ data }) => source === this.#source && this.#on.end(data));
    this.#hear("reset", (message) => this.#on.reset(message.lastEventId, message.data));
    this.#hear("heartbeat", (message) => {
      this.#rhythm.beat(Date.now());
      this.#expect(this.#rhythm.limit);
      this.#on.heartbeat(message.lastEventId);
    });
  }

  #hear(type, deliver) {
    const source = this.#source;
    source.addEventListener(type, (message) => {
      // Frames already queued when the stream was closed still arrive: they are not ours any more.
      if (source !== this.#source) return;
      this.#heard = Date.now();
      this.#flowing = true;
      this.#expect(this.#rhythm.limit);
      deliver(message);
    });
  }

  #failed() {
    this.#flowing = false;
    if (this.#source.readyState === EventSource.CLOSED) this.#giveUp();
    else {
      this.#rhythm.restart();
      this.#heard = 0;
      this.#expect(TO_OPEN * this.#pace);
      this.#on.broken();
    }
  }

  #expect(wait) {
    clearTimeout(this.#watchdog);
    this.#watchdog = setTimeout(() => this.#giveUp(), wait);
  }

  #giveUp() {
    this.close();
    this.#on.closed();
  }
}
