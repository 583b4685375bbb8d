/** Short messages in the corner, read out politely, never taking the focus. */

import { el, icon } from "./dom.js";

const STAYS_MS = 6000;
const MOST = 4;

const shown = new Map();
let holder = null;

/**
 * Show a message. A message with the `key` of one still shown replaces it in place.
 * @param {{title: string, detail?: string, tone?: "info"|"good"|"danger", icon?: string, key?: string,
 *          action?: {label: string, run: function}, stays?: number}} message
 */
export function toast(message) {
  const key = message.key ?? Symbol("toast");
  const entry = shown.get(key) ?? add(key);
  fill(entry, message, key);
  rest(entry, key, message.stays ?? STAYS_MS);
  while (shown.size > MOST) remove(shown.keys().next().value);
}

/** Make the live region now: one that appears together with its first message is not read out. */
export function prepareToasts() {
  holder ??= document.body.appendChild(el("div.toasts", { role: "status", "aria-live": "polite", "aria-label": "Messages" }));
}

function add(key) {
  prepareToasts();
  const entry = { element: el("div.toast"), timer: null, hovered: false };
  entry.element.addEventListener("pointerenter", () => clearTimeout(entry.timer));
  entry.element.addEventListener("pointerleave", () => rest(entry, key, 2000));
  shown.set(key, entry);
  holder.append(entry.element);
  return entry;
}

function fill({ element }, message, key) {
  const { title, detail, tone = "info", action } = message;
  element.className = `toast ${tone}`;
  element.replaceChildren(
    icon(message.icon ?? { info: "inbox", good: "check", danger: "alert" }[tone]),
    el("div.body", {},
      el("div.title", { dir: "auto" }, title),
      detail ? el("div.detail", { dir: "auto" }, detail) : null),
  );
  if (action) {
    const run = () => { remove(key); action.run(); };
    element.append(el("button.button.quiet.small", { type: "button", onclick: run }, action.label));
  }
  element.append(el("button.button.quiet.small.icon-only", { type: "button", "aria-label": "Dismiss", onclick: () => remove(key) }, icon("close")));
}

function rest(entry, key, wait) {
  clearTimeout(entry.timer);
  entry.timer = setTimeout(() => remove(key), wait);
}

function remove(key) {
  const entry = shown.get(key);
  if (!entry) return;
  shown.delete(key);
  clearTimeout(entry.timer);
  entry.element.classList.add("leaving");
  setTimeout(() => entry.element.remove(), 250);
}
