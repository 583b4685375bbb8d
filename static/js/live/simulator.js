/** The form that starts and stops simulated orders, their steps and how long each took to be seen. */

import { el, setText } from "../lib/dom.js";
import { statusLabel } from "../board/words.js";
import { Simulation } from "./simulation.js";
import { Sparkline } from "./sparkline.js";
import { duration, median } from "./units.js";

const REMEMBERED = 60;

export class Simulator {
  #connection;
  #follow;
  #announce;
  #simulation = null;
  #took = [];
  #spark = new Sparkline(REMEMBERED);
  #form = document.getElementById("simulate-form");
  #start = document.getElementById("simulate");
  #stop = document.getElementById("simulate-stop");
  #steps = document.getElementById("steps");
  #result = document.getElementById("simulate-result");
  #speed = document.getElementById("speed");

  constructor(connection, follow, announce) {
    this.#connection = connection;
    this.#follow = follow;
    this.#announce = announce;
    document.getElementById("speed-spark").append(this.#spark.element);
    this.#form.addEventListener("submit", (event) => this.#begin(event));
    this.#stop.addEventListener("click", () => this.#end());
    addEventListener("pagehide", () => this.#simulation?.abandon());
  }

  async #begin(event) {
    event.preventDefault();
    if (this.#simulation) return;
    const given = new FormData(this.#form);
    const simulation = new Simulation(this.#connection, Number(given.get("pace")));
    this.#simulation = simulation;
    this.#running(true);
    this.#steps.replaceChildren();
    setText(this.#result, "");
    const rows = new Map();
    simulation.addEventListener("step", ({ detail }) => this.#step(rows, detail));
    simulation.addEventListener("end", ({ detail }) => this.#ended(detail));
    if (given.has("follow")) simulation.addEventListener("order", ({ detail }) => this.#follow.start(detail), { once: true });
    await simulation.run(given.get("way"));
    this.#simulation = null;
    this.#running(false);
  }

  #end() {
    this.#stop.disabled = true;
    this.#simulation?.stop();
  }

  #running(isRunning) {
    const hadFocus = [this.#start, this.#stop].includes(document.activeElement);
    this.#start.hidden = isRunning;
    this.#stop.hidden = !isRunning;
    this.#stop.disabled = false;
    if (hadFocus) (isRunning ? this.#stop : this.#start).focus();
  }

  #step(rows, step) {
    if (!rows.has(step)) rows.set(step, this.#steps.appendChild(el("li", { data: { step: step.status } })));
    const { status, sent, answered, seen } = step;
    rows.get(step).replaceChildren(
      el("span.status-dot", { "aria-hidden": "true", data: { status } }),
      el("span.step-name", {}, statusLabel("purchase", status)),
      el("span.step-time", {}, answered === null ? "sending" : `answered ${duration(answered - sent)}`),
      el("b.step-seen", {}, seen === null ? "not seen yet" : `seen ${duration(seen - sent)}`));
    if (seen !== null && !step.isCounted) this.#count(step);
  }

  #count(step) {
    step.isCounted = true;
    this.#took.push(step.seen - step.sent);
    if (this.#took.length > REMEMBERED) this.#took.shift();
    this.#spark.draw(this.#took);
    this.#speed.hidden = false;
    setText(document.getElementById("speed-median"), duration(median(this.#took)));
    setText(document.getElementById("speed-worst"), duration(Math.max(...this.#took)));
    setText(document.getElementById("speed-last"), this.#took.slice(-6).reverse().map((ms) => Math.round(ms)).join(", "));
  }

  #ended(complaint) {
    const { order, nextEnd } = this.#simulation;
    const how = order ? statusLabel(order.type, order.status).toLowerCase() : "";
    const where = order ? `Order #${order.number} ${nextEnd ? "still stands on the board" : "has ended"}: ${how}.` : "";
    const text = complaint ? `It was broken off: ${complaint} ${where}` : where;
    setText(this.#result, text);
    this.#announce(text);
  }
}
