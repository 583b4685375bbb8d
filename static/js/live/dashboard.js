/** The hub's figures, asked for every two seconds while somebody looks. */

import { get } from "../lib/api.js";
import { setText } from "../lib/dom.js";
import { count, plural } from "../lib/format.js";
import { Rates } from "./rates.js";
import { Sparkline } from "./sparkline.js";
import { rate } from "./units.js";

const EVERY = 2_000;
const PLACES = 150;
const KINDS = { board: "board", order: "customers", reader: "keys", driver: "drivers" };
const COUNTED = { replays: "replays", resets: "resets", slow: "slow_closes", gaps: "doorbell_gaps" };

export class Dashboard {
  #rates = new Rates();
  #tiles = new Map();
  #history = new Map();
  #first = null;
  #section = document.getElementById("figures");
  #note = document.getElementById("figures-note");

  constructor() {
    for (const tile of this.#section.querySelectorAll("[data-tile]")) this.#prepare(tile);
  }

  /** Ask now, and again and again. */
  async run() {
    for (;;) {
      if (!document.hidden) await this.#ask();
      await new Promise((done) => { setTimeout(done, EVERY); });
    }
  }

  #prepare(tile) {
    const name = tile.dataset.tile;
    const spark = tile.hasAttribute("data-spark") ? new Sparkline(PLACES) : null;
    if (spark) tile.append(spark.element);
    this.#tiles.set(name, { tile, spark, value: tile.querySelector(".tile-value"), note: tile.querySelector(".tile-note") });
    this.#history.set(name, []);
  }

  async #ask() {
    try {
      this.#show(await get("/api/stream/figures"));
    } catch (error) {
      this.#section.dataset.stale = "";
      setText(this.#note, `The figures could not be read: ${error.explanation ?? error.message}`);
    }
  }

  #show(answer) {
    const now = this.#rates.take(answer, performance.now());
    this.#first ??= now.totals;
    delete this.#section.dataset.stale;
    setText(this.#note, processesOf(answer));
    this.#tile("listeners", now.listeners, count(now.listeners), audiencesOf(answer.listeners));
    this.#tile("deliveries", now.deliveries, rate(now.deliveries), `${count(now.totals.deliveries)} since the start`);
    this.#tile("rounds", now.rounds, rate(now.rounds), `${count(now.totals.rounds)} since the start`);
    this.#tile("joined", now.joined, now.joined ? rate(now.joined) : "–", joinedOf(now.totals));
    this.#tile("behind", now.behind, count(now.behind), `at position ${count(answer.head)}`, now.behind > 100);
    for (const [name, counter] of Object.entries(COUNTED)) this.#counted(name, counter, now.totals);
    const isConnected = answer.doorbell === "connected";
    this.#tile("pubsub", null, isConnected ? "Connected" : "Away", isConnected ? "Redis is heard" : "events come from the log, within a second", !isConnected);
  }

  /** A counter: all of it, how much since this page was opened, and when it moved. */
  #counted(name, counter, totals) {
    const since = totals[counter] - this.#first[counter];
    const before = this.#tiles.get(name).total ?? totals[counter];
    this.#tiles.get(name).total = totals[counter];
    const note = since > 0 ? `${count(since)} since you look` : "none since you look";
    this.#tile(name, Math.max(0, totals[counter] - before), count(totals[counter]), note, false);
  }

  #tile(name, number, text, noteText, isAlarming = false) {
    const { tile, spark, value, note } = this.#tiles.get(name);
    setText(value, text);
    setText(note, noteText);
    tile.toggleAttribute("data-alarm", isAlarming);
    if (!spark) return;
    const history = this.#history.get(name);
    history.push(number);
    if (history.length > PLACES) history.shift();
    spark.draw(history);
  }
}

function audiencesOf(listeners) {
  const named = Object.entries(listeners).filter(([, number]) => number > 0);
  return named.map(([kind, number]) => `${count(number)} ${KINDS[kind] ?? kind}`).join(", ") || "nobody listens";
}

function joinedOf({ rounds, round_events: events }) {
  return rounds ? `${rate(events / rounds)} on average` : "no round yet";
}

function processesOf({ processes, process, pid }) {
  return `${plural(processes.length, "process", "processes")}; ${process} answered (pid ${pid})`;
}
