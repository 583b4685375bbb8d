/** Shapes of SVG, and where numbers stand in a drawing. */

const SVG = "http://www.w3.org/2000/svg";
const TICKS = 4;

/** An element of SVG with its attributes and text. */
export function shape(name, attributes, text) {
  const element = document.createElementNS(SVG, name);
  for (const [attribute, value] of Object.entries(attributes)) {
    element.setAttribute(attribute, typeof value === "number" ? Math.round(value * 100) / 100 : value);
  }
  if (text !== undefined) element.textContent = text;
  return element;
}

/** Round numbers from the least to the most of some values, and zero, at even distances. */
export function ticks(values) {
  const [least, most] = [Math.min(0, ...values), Math.max(0, ...values)];
  const rough = Math.max(most - least, Number.MIN_VALUE) / TICKS;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max([1, 2, 5, 10].find((one) => one * power >= rough) * power, most - least > 0 ? 0 : 1);
  const whole = values.every(Number.isInteger) ? Math.max(1, Math.ceil(step)) : step;
  const first = Math.floor(least / whole);
  const last = Math.max(Math.ceil(most / whole), first + 1);
  return Array.from({ length: last - first + 1 }, (_, place) => (first + place) * whole);
}

/** Where intervals and values stand: x from the left, y from above. */
export class Scale {
  constructor({ width, height, edge, count, values }) {
    this.width = width;
    this.ticks = ticks(values);
    this.bottom = height - edge.bottom;
    this.step = (width - edge.left - edge.right) / Math.max(count, 1);
    this.#edge = edge;
  }

  #edge;

  x(place) {
    return this.#edge.left + place * this.step;
  }

  y(value) {
    const [first, last] = [this.ticks[0], this.ticks.at(-1)];
    return this.bottom - ((value - first) / (last - first)) * (this.bottom - this.#edge.top);
  }

  placeOf(x) {
    return Math.floor((x - this.#edge.left) / this.step);
  }
}
