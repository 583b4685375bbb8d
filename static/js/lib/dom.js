/** Small helpers to build elements. Text given as children is always text, never markup. */

const SPRITE = new URL("../../icons/icons.svg", import.meta.url).pathname;
const HIDDEN_PAGE_MS = 250;
const SVG = "http://www.w3.org/2000/svg";

/**
 * An element: `el("a.button.primary", {href: "/", onclick: go}, "Open", child)`.
 * Properties starting with `on` are listeners, `data` is a mapping, true and false set and
 * leave out an attribute, null and undefined children and properties are skipped.
 */
export function el(selector, properties = {}, ...children) {
  const [tag, ...classes] = selector.split(".");
  const element = document.createElement(tag || "div");
  if (classes.length) element.className = classes.join(" ");
  for (const [name, value] of Object.entries(properties)) setProperty(element, name, value);
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

function setProperty(element, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (name === "data") Object.assign(element.dataset, value);
  else if (name === "value") element.value = value;
  else if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
  else element.setAttribute(name, value === true ? "" : value);
}

/** An icon of the sprite, hidden from assistive technology: give the control around it a name. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `${SPRITE}#${name}`);
  svg.append(use);
  return svg;
}

/** Change an element's text only when it differs, so that selections and live regions stay quiet. */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** The data a page came with, from `<script type="application/json" id=…>`. */
export function pageData(id) {
  return JSON.parse(document.getElementById(id).textContent);
}

/** Call `work` at most once per `wait` milliseconds, at once when it has been quiet. */
export function throttled(work, wait) {
  let timer = null;
  let last = -Infinity;
  const run = () => {
    timer = null;
    last = performance.now();
    work();
  };
  return () => {
    if (timer === null) timer = setTimeout(run, Math.max(0, last + wait - performance.now()));
  };
}

/** Call `work` once before the next frame is drawn, or soon on a page that draws none. */
export function oncePerFrame(work) {
  let planned = false;
  const run = () => {
    if (!planned) return;
    planned = false;
    work();
  };
  return () => {
    if (planned) return;
    planned = true;
    requestAnimationFrame(run);
    setTimeout(run, HIDDEN_PAGE_MS);
  };
}

/** Call `work` with the newest arguments once nothing came for `wait` milliseconds. */
export function debounced(work, wait) {
  let timer = null;
  return (...args) => {
    clearTimeout(timer);
    timer = setTimeout(() => work(...args), wait);
  };
}

/** Put text on the clipboard; answers whether it worked. */
export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text);
  }
}

/** The clipboard interface is missing outside https and localhost. */
function copyBySelection(text) {
  const box = el("textarea.visually-hidden", { value: text, readonly: true, "aria-hidden": "true" });
  const before = document.activeElement;
  document.body.append(box);
  box.select();
  const copied = document.execCommand("copy");
  box.remove();
  before?.focus();
  return copied;
}
