/**
 * From counters that only count up to figures of the moment.
 *
 * Each answer has every process's counters, and how old they are; a process's rate is the
 * difference of two of its own tellings, whichever process answered. One that is new begins at 0.
 */

const SHORTEST_MS = 500;
const NAMES = ["deliveries", "rounds", "round_events", "replays", "resets", "slow_closes", "doorbell_gaps"];

export class Rates {
  #known = new Map();

  /** The figures of an answer that came at `now` (ms). Rates are per second, totals since start. */
  take(answer, now) {
    const names = new Set(answer.processes.map(({ process }) => process));
    for (const name of this.#known.keys()) if (!names.has(name)) this.#known.delete(name);
    for (const each of answer.processes) this.#note(each, now - each.age * 1000);
    const rate = (name) => sum([...this.#known.values()].map(({ rates }) => rates[name]));
    const total = (name) => sum(answer.processes.map(({ counters }) => counters[name] ?? 0));
    return {
      listeners: sum(Object.values(answer.listeners)),
      deliveries: rate("deliveries"),
      rounds: rate("rounds"),
      joined: rate("rounds") ? rate("round_events") / rate("rounds") : 0,
      behind: Math.max(answer.behind, answer.behind_log),
      totals: Object.fromEntries(NAMES.map((name) => [name, total(name)])),
    };
  }

  #note({ process, counters }, at) {
    const before = this.#known.get(process);
    if (!before) {
      this.#known.set(process, { at, counters, rates: Object.fromEntries(NAMES.map((name) => [name, 0])) });
    } else if (at - before.at >= SHORTEST_MS) {
      const rates = Object.fromEntries(NAMES.map((name) => [name, perSecond(before, counters, at, name)]));
      this.#known.set(process, { at, counters, rates });
    }
  }
}

function perSecond(before, counters, at, name) {
  const counted = (counters[name] ?? 0) - (before.counters[name] ?? 0);
  return Math.max(0, counted) / ((at - before.at) / 1000);
}

function sum(numbers) {
  return numbers.reduce((total, number) => total + number, 0);
}
