/** A menu at a control: arrow keys, typing is not needed, Escape and a click elsewhere close it. */

import { el, icon } from "./dom.js";

const EDGE = 8;

/**
 * Open a menu under `anchor`.
 * @param {{heading?: string, items: {label: string, hint?: string, status?: string, icon?: string, run: function}[],
 *          onclose?: function}} content
 * @returns {{close: function, show: function}} `show(items)` replaces what is offered
 */
export function openMenu(anchor, { heading, items, onclose }) {
  const list = el("div", { role: "none" });
  const title = heading ? el("p.heading", { "aria-hidden": "true" }, heading) : null;
  const menu = el("div.menu", { role: "menu", popover: "auto", "aria-label": heading }, title, list);
  const close = () => menu.isConnected && menu.hidePopover();
  const show = (offered) => fill(list, offered, close);
  menu.addEventListener("keydown", (event) => walk(event, list));
  menu.addEventListener("toggle", ({ newState }) => {
    if (newState !== "closed") return;
    const hadFocus = menu.contains(document.activeElement) || document.activeElement === document.body;
    menu.remove();
    anchor.setAttribute("aria-expanded", "false");
    if (hadFocus && anchor.isConnected) anchor.focus({ preventScroll: true });
    onclose?.();
  });
  document.body.append(menu);
  show(items);
  menu.showPopover();
  place(menu, anchor);
  anchor.setAttribute("aria-expanded", "true");
  list.firstElementChild?.focus();
  return { close, show };
}

function fill(list, items, close) {
  const focused = document.activeElement?.closest(".menu") === list.parentElement ? document.activeElement.textContent : null;
  list.replaceChildren(...items.map((item) => entry(item, close)));
  if (focused === null) return;
  const again = [...list.children].find((child) => child.textContent === focused);
  (again ?? list.firstElementChild)?.focus();
}

function entry(item, close) {
  const run = () => {
    close();
    item.run();
  };
  const mark = item.status ? el("span.status-dot", { data: { status: item.status } }) : item.icon ? icon(item.icon) : null;
  return el("button.menu-item", { type: "button", role: "menuitem", tabindex: "-1", data: item.status ? { move: item.status } : {}, onclick: run },
    mark, el("span.label", {}, item.label), item.hint ? el("span.hint", {}, item.hint) : null);
}

function walk(event, list) {
  const entries = [...list.children];
  const at = entries.indexOf(document.activeElement);
  const steps = { ArrowDown: at + 1, ArrowUp: at - 1, j: at + 1, k: at - 1, Home: 0, End: entries.length - 1 };
  if (!(event.key in steps)) return;
  event.preventDefault();
  event.stopPropagation();
  entries[(steps[event.key] + entries.length) % entries.length]?.focus();
}

function place(menu, anchor) {
  const at = anchor.getBoundingClientRect();
  const { width, height } = menu.getBoundingClientRect();
  const below = at.bottom + 4 + height <= innerHeight - EDGE;
  const top = below ? at.bottom + 4 : Math.max(EDGE, at.top - 4 - height);
  const left = Math.min(at.left, innerWidth - width - EDGE);
  menu.style.top = `${top}px`;
  menu.style.left = `${Math.max(EDGE, left)}px`;
}
