/** The events that came last, in their order, for tabs that join late or were busy. */

import { isBefore, parsePosition } from "./position.js";

const MOST = 5_000;

export class Recent {
  #start;
  #reached;
  #events = [];

  /** `after` is the id that what comes goes on from. */
  constructor(after) {
    this.#start = this.#reached = after;
  }

  /** The id everything is told up to. */
  get reached() {
    return this.#reached;
  }

  /** Whether who knows everything up to an id can go on from here without a gap. */
  covers(id) {
    return this.#isOfThisEpoch(id) && !isBefore(id, this.#start);
  }

  /** Everything up to an id is told now. */
  reach(id) {
    if (isBefore(this.#reached, id)) this.#reached = id;
  }

  /** Keep an event that is not a repetition. Whether it goes on from what was told before. */
  add(id, event) {
    if (!this.#isOfThisEpoch(id)) return false;
    if (isBefore(this.#reached, id)) this.#events.push({ id, event });
    if (this.#events.length > MOST) this.#start = this.#events.shift().id;
    this.reach(id);
    return true;
  }

  /** The events behind an id; all of them when it is of another epoch. */
  since(id) {
    const isOld = (one) => one.id === id || isBefore(one.id, id);
    return this.#events.slice(this.#events.findLastIndex(isOld) + 1).map(({ event }) => event);
  }

  #isOfThisEpoch(id) {
    return parsePosition(id)?.epoch === parsePosition(this.#start).epoch;
  }
}
