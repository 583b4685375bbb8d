/**
 * One stream for all tabs of a browser that show the same to the same person.
 *
 * A browser opens six connections to a server that speaks HTTP/1.1, and a stream keeps one for
 * itself: the seventh tab would get neither stream nor answers. So one tab leads: it has the
 * connection and passes on what comes. The others follow, each from its own position, each ready
 * to lead. To its page it looks like a `Stream`.
 */

import { Channel } from "./channel.js";
import { Claims } from "./claims.js";
import { Follower } from "./follower.js";
import { Leader } from "./leader.js";
import { Locks } from "./locks.js";

const DOUBLINGS = 6;

export class SharedStream {
  #mark;
  #rhythm;
  #pace;
  #on;
  #name = null;
  #url = null;
  #types = null;
  #channel = null;
  #leadership = null;
  #role = null;
  #inVain = 0;

  static get isPossible() {
    return "BroadcastChannel" in window;
  }

  /**
   * Tabs with the same `mark` share: it stands for whoever is signed in. `on` has what a `Stream`
   * needs, `wanted()`: another tab asks for a stream that is closed, and `position()`, `behind()`,
   * `stillBehind()` and `stalled()`, as a `Follower` needs them.
   */
  constructor(mark, rhythm, pace, on) {
    this.#mark = mark;
    this.#rhythm = rhythm;
    this.#pace = pace;
    this.#on = on;
  }

  get flowing() {
    return this.#role?.flowing ?? false;
  }

  get silence() {
    return this.#role?.silence ?? Infinity;
  }

  get isOpen() {
    return this.#role?.isOpen ?? false;
  }

  open(url, types) {
    this.#url = url;
    this.#types = types;
    const name = nameOf(this.#mark, url, types);
    if (name !== this.#name) return this.#join(name);
    this.#role.open(url, types);
  }

  /** Let go of the connection, if it is ours, and stay the one who opens it again. */
  close() {
    this.#role?.rest();
  }

  /** Nothing to do with the other tabs any more. */
  leave() {
    this.#name = null;
    this.#role?.close();
    this.#leadership?.release();
    this.#channel?.close();
    this.#role = this.#leadership = this.#channel = null;
  }

  caughtUp() {
    return this.#role?.caughtUp() ?? false;
  }

  #join(name) {
    this.leave();
    this.#name = name;
    this.#channel = new Channel(name, (message) => this.#hear(message));
    const on = { granted: () => this.#lead(), lost: () => this.#giveWay() };
    this.#leadership = Locks.areHere ? new Locks(name, on) : new Claims(this.#channel, on);
    this.#follow();
    this.#leadership.request();
  }

  #hear(message) {
    if (message.kind === "here") this.#inVain = 0;
    this.#leadership.hear(message);
    this.#role?.hear(message);
  }

  #follow() {
    // Where a leader is never heard, whoever leads: to be ever slower to take over from it.
    const patience = () => this.#leadership.patience * this.#pace * 2 ** Math.min(this.#inVain, DOUBLINGS);
    this.#role = new Follower(this.#channel, this.#rhythm, patience, {
      ...this.#on,
      orphaned: () => this.#takeOver(),
    });
    this.#role.open();
  }

  #takeOver() {
    this.#inVain += 1;
    this.#leadership.steal();
  }

  #lead() {
    this.#role.close();
    this.#role = new Leader(this.#channel, this.#rhythm, this.#pace, this.#on);
    this.#url.searchParams.set("after", this.#on.position());
    this.#role.open(this.#url, this.#types);
    this.#on.stalled();
  }

  /** Somebody has found this tab asleep, and leads now. */
  #giveWay() {
    this.#role.close();
    this.#follow();
    this.#on.stalled();
    this.#leadership.request();
  }
}

/** A page that listens for other names of events than this one would leave some out for it. */
function nameOf(mark, url, types) {
  const address = new URL(url);
  address.searchParams.delete("after");
  return ["orderboard.1", mark, address.pathname + address.search, ...[...types].sort()].join(" ");
}
