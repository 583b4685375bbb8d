/** Small lines that show how a figure went. Drawn to be seen only: the figure stands beside it. */

const SVG = "http://www.w3.org/2000/svg";
const WIDTH = 120;
const HEIGHT = 32;
const EDGE = 2;
const FEW = 20;

export class Sparkline {
  #line = make("polyline", { class: "spark-line" });
  #area = make("polygon", { class: "spark-area" });
  #places;

  element = make("svg", { class: "spark", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none", "aria-hidden": "true" });

  /** `places`: how many values the width holds at most; a few fill a part of it, from the right. */
  constructor(places) {
    this.#places = places;
    this.element.append(this.#area, this.#line);
  }

  /** Draw values, oldest first. The least is at the bottom, or zero where that is less. */
  draw(values) {
    const shown = values.slice(-this.#places);
    const top = Math.max(...shown, 1e-9);
    const step = WIDTH / (Math.max(shown.length, Math.min(FEW, this.#places)) - 1);
    const points = shown.map((value, place) => {
      const x = WIDTH - (shown.length - 1 - place) * step;
      const y = HEIGHT - EDGE - (value / top) * (HEIGHT - 2 * EDGE);
      return `${x.toFixed(1)},${y.toFixed(1)}`;
    });
    this.#line.setAttribute("points", points.join(" "));
    const [first = "0,0"] = points;
    this.#area.setAttribute("points", [`${first.split(",")[0]},${HEIGHT}`, ...points, `${WIDTH},${HEIGHT}`].join(" "));
  }
}

function make(name, attributes) {
  const element = document.createElementNS(SVG, name);
  for (const [attribute, value] of Object.entries(attributes)) element.setAttribute(attribute, value);
  return element;
}
