/**
 * Bars over time, with the period before as a line behind them. It is drawn as large as it is shown,
 * tells each interval under the pointer or by the arrow keys, and has all of it as a table.
 */

import { el, setText } from "../lib/dom.js";
import { shape, Scale } from "./drawing.js";

const HEIGHT = 220;
const EDGE = { top: 12, right: 8, bottom: 26, left: 56 };
const LEAST_LABEL = 76;

export class Chart {
  #svg = shape("svg", { class: "plot-drawing", "aria-hidden": "true" });
  #tip = el("div.tip", { hidden: true });
  #said = el("p.visually-hidden", { role: "status" });
  #plot = el("div.plot", { tabindex: 0, role: "group" }, this.#svg, this.#tip);
  #rows = el("tbody");
  #head = el("tr");
  #section;
  #drawn = null;
  #at = -1;

  /** `section`: the card that the chart is in, with its heading and legend. */
  constructor(section) {
    this.#section = section;
    const table = el("table.numbers-table", {}, el("thead", {}, this.#head), this.#rows);
    section.append(
      this.#plot,
      this.#said,
      el("details.as-table", {}, el("summary", {}, "As a table"), el("div.wide", { tabindex: 0, role: "group", "aria-label": `${this.#name}, as a table` }, table)),
    );
    new ResizeObserver(() => this.#redraw()).observe(this.#plot);
    this.#plot.addEventListener("pointermove", (event) => this.#show(this.#placeOf(event)));
    this.#plot.addEventListener("pointerleave", () => this.#show(-1));
    this.#plot.addEventListener("blur", () => this.#show(-1));
    this.#plot.addEventListener("keydown", (event) => this.#key(event));
  }

  get #name() {
    return this.#section.querySelector("h2").textContent;
  }

  /**
   * `points`: `{label, title, value, text}`, the last one `isOpen` while it goes on; `before`: the
   * same of the period before, perhaps fewer or more; `axis` writes a number short.
   */
  draw({ points, before, axis, words }) {
    this.#drawn = { points, before, axis };
    setText(this.#section.querySelector(".key-now"), words.now);
    setText(this.#section.querySelector(".key-before"), words.before);
    this.#plot.setAttribute("aria-label", `${this.#name}: ${points.length} intervals, ${words.sum} in all. Left and right arrow keys tell each.`);
    this.#head.replaceChildren(...["", words.now, words.before].map((text, place) => el(place ? "th.end" : "th", { scope: "col" }, text || "Time")));
    this.#rows.replaceChildren(...points.map(({ title, text }, place) =>
      el("tr", {}, el("th", { scope: "row" }, title), el("td.end", {}, text), el("td.end", {}, before[place]?.text ?? ""))));
    this.#redraw();
  }

  #redraw() {
    const width = this.#plot.clientWidth;
    if (!this.#drawn || width === 0) return;
    const { points, before, axis } = this.#drawn;
    const scale = new Scale({ width, height: HEIGHT, edge: EDGE, count: points.length, values: [...points, ...before.slice(0, points.length)].map(({ value }) => value) });
    const parts = [
      ...scale.ticks.flatMap((tick) => gridLine(scale, tick, axis(tick))),
      ...points.map((point, place) => bar(scale, point, place)),
      beforeLine(scale, before.slice(0, points.length)),
      ...labels(scale, points),
      shape("rect", { class: "cursor", y: EDGE.top, height: scale.bottom - EDGE.top, width: Math.max(scale.step, 1), visibility: "hidden" }),
    ];
    this.#svg.setAttribute("viewBox", `0 0 ${width} ${HEIGHT}`);
    this.#svg.replaceChildren(...parts);
    this.#drawn.scale = scale;
    this.#show(this.#at, false);
  }

  #placeOf(event) {
    const { scale, points } = this.#drawn ?? {};
    if (!scale) return -1;
    const place = scale.placeOf(event.clientX - this.#plot.getBoundingClientRect().left);
    return Math.min(Math.max(place, 0), points.length - 1);
  }

  #key(event) {
    const last = (this.#drawn?.points.length ?? 0) - 1;
    const to = { ArrowLeft: this.#at < 0 ? last : this.#at - 1, ArrowRight: this.#at + 1, Home: 0, End: last }[event.key];
    if (event.key === "Escape") this.#show(-1);
    if (to === undefined || last < 0) return;
    event.preventDefault();
    this.#show(Math.min(Math.max(to, 0), last));
    const { points, before } = this.#drawn;
    setText(this.#said, told(points[this.#at], before[this.#at]).join(", "));
  }

  #show(place) {
    const { scale, points, before } = this.#drawn ?? {};
    const point = points?.[place];
    const cursor = this.#svg.querySelector(".cursor");
    this.#at = point ? place : -1;
    this.#tip.hidden = !point;
    cursor?.setAttribute("visibility", point ? "visible" : "hidden");
    if (!point) return;
    cursor.setAttribute("x", scale.x(place));
    const [title, ...lines] = told(point, before[place]);
    this.#tip.replaceChildren(el("b", {}, title), ...lines.map((line) => el("span", {}, line)));
    const middle = scale.x(place) + scale.step / 2;
    const half = this.#tip.offsetWidth / 2;
    this.#tip.style.left = `${Math.min(Math.max(middle, half + 4), scale.width - half - 4)}px`;
  }
}

function told(point, before) {
  return [point.title, point.isOpen ? `${point.text} so far` : point.text, ...(before ? [`${before.text} before (${before.short})`] : [])];
}

function gridLine(scale, tick, text) {
  const y = scale.y(tick);
  return [
    shape("line", { class: tick ? "grid" : "grid base", x1: EDGE.left, x2: scale.width - EDGE.right, y1: y, y2: y }),
    shape("text", { class: "tick", x: EDGE.left - 8, y: y + 4, "text-anchor": "end" }, text),
  ];
}

function bar(scale, { value, isOpen }, place) {
  const [top, bottom] = [scale.y(Math.max(value, 0)), scale.y(Math.min(value, 0))];
  const gap = Math.min(scale.step * 0.28, 10);
  const width = Math.min(Math.max(scale.step - gap, 0.75), 56);
  const x = scale.x(place) + (scale.step - width) / 2;
  return shape("rect", { class: isOpen ? "bar open" : "bar", x, y: top, width, height: Math.max(bottom - top, 0), rx: Math.min(3, width / 3) });
}

function beforeLine(scale, before) {
  const points = before.map(({ value }, place) => `${(scale.x(place) + scale.step / 2).toFixed(1)},${scale.y(value).toFixed(1)}`);
  return shape("polyline", { class: "before", points: points.join(" ") });
}

function labels(scale, points) {
  const every = Math.ceil(LEAST_LABEL / scale.step);
  return points.flatMap(({ label }, place) => {
    if (place % every || scale.width - scale.x(place) < LEAST_LABEL * 0.6) return [];
    return [shape("text", { class: "tick", x: scale.x(place) + scale.step / 2, y: HEIGHT - 8, "text-anchor": "middle" }, label)];
  });
}
