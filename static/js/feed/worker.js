/**
 * The stream of all tabs of a browser that listen for the same, in a shared worker.
 *
 * It is to them what the server's hub is to browsers: a tab is a listener with a position. A tab
 * says the id it knows everything up to, and is told what comes behind; then nothing more until it
 * says the next one. So one that is frozen or busy holds nobody up and fills no memory, it is
 * simply behind. Where it goes on from is always what it said itself: what it has missed is told
 * first, from what came last or, if that does not reach back, by the server anew.
 *
 * Tabs say an id, or null as a farewell. They are told lists of `[name, ...what]`, the events of a
 * `Stream`; after "reset" and "closed" nothing more comes. Where there are Web Locks the worker
 * holds the one of its name: it is free when the process that the worker was in has crashed, which
 * nothing else tells.
 */

import { Recent } from "./recent.js";
import { Rhythm } from "./rhythm.js";
import { Stream } from "./stream.js";

const MOST_OWED = 50;

const { address, types, pace } = JSON.parse(self.name);
const tabs = new Set();
const rhythm = new Rhythm(pace);
const stream = new Stream(rhythm, pace, {
  frame: (...event) => (recent.add(event[1], ["frame", ...event]) ? tellAll() : end("frame", ...event)),
  heartbeat: (id) => beat(id),
  signal: (...signal) => tellAll(["signal", ...signal]),
  end: (data) => tellAll(["end", data]),
  broken: () => tellAll(["broken"]),
  reset: (...reset) => end("reset", ...reset),
  closed: () => end("closed"),
});
let recent = null;

class Tab {
  /** The id it goes on from; null while it deals with what it was told. */
  after = null;
  isNew = true;
  isOwedBeat = stream.flowing;
  #owed = [];
  #port;

  constructor(port) {
    this.#port = port;
  }

  /** To be told, behind the events there are; it is not kept for long. */
  owe(what) {
    this.#owed = [...this.#owed, what].slice(-MOST_OWED);
  }

  tell() {
    if (this.after === null) return;
    // The heartbeat says what was told by now, not when it came: it must never overtake an event.
    const heartbeat = this.isOwedBeat ? [["heartbeat", recent.reached]] : [];
    const news = [...recent.since(this.after), ...heartbeat, ...this.#owed];
    if (news.length === 0) return;
    this.after = null;
    this.#owed = [];
    this.isOwedBeat = false;
    this.#port.postMessage(news);
  }

  dismiss(what) {
    this.#port.postMessage([what]);
  }
}

const ready = new Promise((resolve) => {
  const holdForEver = () => new Promise(() => resolve());
  if (navigator.locks) navigator.locks.request(self.name, holdForEver).catch(resolve);
  else resolve();
});

self.addEventListener("connect", async ({ ports: [port] }) => {
  const tab = new Tab(port);
  tabs.add(tab);
  port.addEventListener("message", ({ data }) => (data === null ? leave(tab) : goOn(tab, data)));
  await ready;
  port.start();
});

function goOn(tab, after) {
  if (!tabs.has(tab)) return;
  // Whoever is new has waited as long as seemed right, or somebody has just looked at its page.
  const isDoubtful = tab.isNew && stream.silence > rhythm.limit / 2;
  tab.isNew = false;
  tab.after = after;
  // Where the kept events do not reach back to it, all others that wait are ahead of it.
  if (!recent?.covers(after)) open(new Recent(after));
  else if (isDoubtful) open(recent);
  else tab.tell();
}

function open(goingOn) {
  const url = new URL(address);
  url.searchParams.set("after", goingOn.reached);
  recent = goingOn;
  stream.open(url, types);
}

function beat(id) {
  recent.reach(id);
  for (const tab of tabs) tab.isOwedBeat = true;
  tellAll();
}

function tellAll(...more) {
  for (const tab of tabs) {
    for (const what of more) tab.owe(what);
    tab.tell();
  }
}

function leave(tab) {
  tabs.delete(tab);
  if (tabs.size === 0) close();
}

/** Tell all and begin anew with the next that comes: each goes on from what it knows itself. */
function end(...what) {
  for (const tab of tabs) tab.dismiss(what);
  tabs.clear();
  close();
}

function close() {
  stream.close();
  recent = null;
}
