/**
 * Finds events whose names the page did not know to listen for.
 *
 * EventSource delivers only names that were asked for, so a page loaded before an upgrade is deaf
 * to a kind of event the upgrade brought. Positions tell: a heartbeat at 12 after events 9 and 10
 * leaves 11 and 12 unaccounted for. That alone is no gap, they may concern somebody else; so the
 * log is asked for their names, seldom and ever more seldom while nothing unknown turns up.
 */

const FIRST_PAUSE = 10_000;
const LONGEST_PAUSE = 600_000;

export class Unheard {
  #from = null;
  #heard = 0;
  #pause;
  #notBefore = 0;
  #ask;
  #known;

  /** `ask(after)` reads the log; `known` is the live set of names listened for. */
  constructor(ask, known, pace) {
    this.#ask = ask;
    this.#known = known;
    this.#pause = FIRST_PAUSE * pace;
  }

  /** Everything up to this position is accounted for. */
  startFrom(position) {
    this.#from = position;
    this.#heard = 0;
  }

  /** One event behind it has been delivered. */
  event() {
    this.#heard += 1;
  }

  /** At a heartbeat: the unknown names in the log since, learnt; usually none. */
  async heartbeat(position) {
    const since = this.#from;
    if (position.number < since.number) return []; // Polling has been further than the stream.
    const skipped = position.number - since.number > this.#heard;
    if (skipped && Date.now() < this.#notBefore) return [];
    this.startFrom(position);
    if (!skipped) return [];
    try {
      return await this.#learn(since.id);
    } catch {
      this.#from = since; // Asked again at a later heartbeat; the stream itself is well.
      return [];
    }
  }

  async #learn(after) {
    this.#notBefore = Date.now() + this.#pause;
    this.#pause = Math.min(LONGEST_PAUSE, this.#pause * 2);
    const { events } = await this.#ask(after);
    const unknown = new Set(events.map(({ type }) => type).filter((type) => !this.#known.has(type)));
    for (const type of unknown) this.#known.add(type);
    return [...unknown];
  }
}
