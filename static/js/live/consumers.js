/** What works through the log, and how far each has come; asked for every two seconds. */

import { get } from "../lib/api.js";
import { el, setText } from "../lib/dom.js";
import { count, fullTime, moment, plural } from "../lib/format.js";

const EVERY = 2_000;
const SHOWN = 20;

export class Consumers {
  #section = document.getElementById("consumers");
  #note = document.getElementById("consumers-note");
  #rows = this.#section.querySelector("tbody");
  #aside = document.getElementById("set-aside");
  #drawn = "";

  /** Ask now, and again and again. */
  async run() {
    for (;;) {
      if (!document.hidden) await this.#ask();
      await new Promise((done) => { setTimeout(done, EVERY); });
    }
  }

  async #ask() {
    try {
      this.#show(await get("/api/consumers"));
    } catch (error) {
      this.#section.dataset.stale = "";
      setText(this.#note, `They could not be read: ${error.explanation ?? error.message}`);
    }
  }

  #show({ courier, consumers }) {
    delete this.#section.dataset.stale;
    this.#section.toggleAttribute("data-alarm", !courier);
    setText(this.#note, courier ? `Moved on by ${courier.split(" ").slice(0, 2).join(", process ")}` : "No courier works: nothing moves on");
    // What somebody reads, or has selected, is left alone while it stays as it is.
    const drawn = JSON.stringify([courier, consumers]);
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    this.#rows.replaceChildren(...consumers.flatMap((one) => rows(one, courier)));
    document.getElementById("no-consumers").hidden = consumers.length > 0;
    this.#showAside(consumers.flatMap((one) => one.set_aside.map((event) => ({ ...event, consumer: one.name }))));
  }

  #showAside(events) {
    events.sort((a, b) => (a.at < b.at ? 1 : -1));
    this.#aside.hidden = events.length === 0;
    const rest = events.length - SHOWN;
    this.#aside.querySelector("ol").replaceChildren(
      ...events.slice(0, SHOWN).map(asideItem),
      ...(rest > 0 ? [el("li.faint", {}, `and ${count(rest)} more, older ones`)] : []));
  }
}

function rows({ name, position, lag, state, failures, error, set_aside: aside }, courier) {
  const waits = lag > 0 && (state !== "running" || !courier);
  const main = el("tr", { data: { consumer: name, state } },
    el("th", { scope: "row" }, name),
    el("td", {}, el("span.consumer-state", {}, state)),
    el("td.end.number", {}, count(position)),
    el("td.end.number", { data: waits ? { alarm: "" } : {} }, count(lag)),
    el("td.end.number", { data: aside.length ? { alarm: "" } : {} }, count(aside.length)));
  if (!error) return [main];
  const text = `${plural(failures, "try", "tries")} failed: ${error}`;
  return [main, el("tr.why", {}, el("td.consumer-error", { colspan: 5, dir: "auto" }, text))];
}

function asideItem({ consumer, position, type, error, at }) {
  return el("li", {},
    el("span.number", {}, `${consumer}, event ${count(position)}`), " ", el("code", {}, type), " ",
    el("time.faint", { datetime: at, title: fullTime(at) }, moment(at)),
    el("p.consumer-error", { dir: "auto" }, error));
}
