/**
 * A tab that hears the stream through the leader's tab.
 *
 * It passes on what goes on from where it is. What does not is held until the log has been asked
 * for what lies between. A leader that is silent for longer than a heartbeat is asked whether it
 * is there; one that does not answer has crashed, is frozen or was put away.
 */

import { isReached, parsePosition } from "./position.js";

const LATE = 1.2;
const MOST_HELD = 5_000;

export class Follower {
  #channel;
  #rhythm;
  #patience;
  #on;
  #isOpen = false;
  #flowing = false;
  #heard = 0;
  #isBehind = false;
  #held = [];
  #watch = 0;
  #interval;
  #acts = {
    frame: (message) => this.#take(message),
    heartbeat: (message) => this.#beat(message),
    here: (message) => (message.flowing ? this.#take(message) : this.#stall()),
    signal: (message) => this.#isBehind || this.#pass(message),
    stalled: () => this.#stall(),
    bye: () => this.#greet(),
  };

  /**
   * `patience()` is how long the leader may take to answer, in milliseconds. `on` has
   * `position()`, `frame(type, id, data)`, `heartbeat(id)`, `signal(type, data)`; `behind()`: the
   * log is to be asked, and `caughtUp` called once it has answered; `stillBehind()`: and again,
   * should it have failed; `stalled()`: nothing comes for now; `orphaned()`: there is no leader.
   */
  constructor(channel, rhythm, patience, on) {
    this.#channel = channel;
    this.#rhythm = rhythm;
    this.#interval = rhythm.interval;
    this.#patience = patience;
    this.#on = on;
  }

  /** Something has come through the leader, and nothing says that it does not any more. */
  get flowing() {
    return this.#flowing;
  }

  /** Milliseconds since anything came through. */
  get silence() {
    return Date.now() - this.#heard;
  }

  get isOpen() {
    return this.#isOpen && this.#flowing;
  }

  open() {
    this.close();
    this.#rhythm.restart();
    this.#isOpen = true;
    this.#greet();
  }

  close() {
    this.#isOpen = false;
    this.#flowing = false;
    this.#isBehind = false;
    this.#held = [];
    clearTimeout(this.#watch);
  }

  rest() {
    this.close();
  }

  hear(message) {
    const act = this.#acts[message.kind];
    if (!this.#isOpen || !act) return;
    this.#interval = message.interval ?? this.#interval;
    this.#expect(LATE * this.#interval, () => this.#greet());
    act(message);
  }

  /** The log has answered: everything up to the position is known. Whether that closed the gap. */
  caughtUp() {
    if (!this.#isBehind) return false;
    // What is of another epoch than the log itself would be held for ever.
    const { epoch } = parsePosition(this.#on.position());
    const held = this.#held.filter(({ from }) => parsePosition(from).epoch === epoch);
    while (this.#isOpen && held.length > 0 && this.#isNext(held[0])) this.#pass(held.shift());
    this.#held = held;
    this.#isBehind = held.length > 0;
    return !this.#isBehind;
  }

  #greet() {
    this.#channel.post("hello");
    this.#expect(this.#patience(), () => this.#orphaned());
  }

  #orphaned() {
    this.#stall();
    this.#on.orphaned();
  }

  #expect(wait, otherwise) {
    clearTimeout(this.#watch);
    this.#watch = setTimeout(otherwise, wait);
  }

  #beat(message) {
    this.#rhythm.beat(Date.now());
    this.#take(message);
    if (this.#isBehind) this.#on.stillBehind();
  }

  #take(message) {
    if (!this.#isOpen) return;
    if (!this.#isBehind && this.#isNext(message)) return this.#pass(message);
    this.#held = [...this.#held, message].slice(-MOST_HELD);
    if (!this.#isBehind) this.#fallBehind();
  }

  #isNext({ from }) {
    return isReached(from, this.#on.position());
  }

  #fallBehind() {
    this.#isBehind = true;
    this.#stall();
    this.#on.behind();
  }

  #pass({ kind, type, id, data }) {
    this.#flowing = true;
    this.#heard = Date.now();
    if (kind === "frame") this.#on.frame(type, id, data);
    else if (kind === "signal") this.#on.signal(type, data);
    else this.#on.heartbeat(id);
  }

  #stall() {
    this.#flowing = false;
    this.#on.stalled();
  }
}
