/** The top of the panel: number, status, what can be done next, and a customer's wish to cancel. */

import { el, icon } from "../lib/dom.js";
import { isUnaccepted } from "./accepting.js";
import { HELD, holdNotice, statusUntil } from "./holding.js";
import { asksWhy } from "./moves.js";
import { capitalised, statusLabel } from "./words.js";

/** Controls carry a `data-key`, by which the focus finds them again when this is drawn anew. */
export function head(order, actions) {
  return el("header.panel-head", {}, bar(order, actions), nextSteps(order, actions));
}

/** `answer(whether)` accepts the wish or refuses it; `hold` asks until when an order waits. */
export function wish(order, answer, hold) {
  if (order.cancellation_request) return openWish(order, answer);
  if (order.status === HELD) return holdNotice(order, hold);
  if (!order.cancel_reason) return null;
  const reason = el("span", { dir: "auto" }, order.cancel_reason);
  return el("div.notice.danger.wish", {}, el("p", {}, el("b", {}, `${order.status_label}: `), reason));
}

function bar(order, actions) {
  return el("div.panel-bar", {},
    el("h2", { id: "panel-title", tabindex: "-1", data: { key: "title" } }, el("span.faint", {}, "Order "), `#${order.number}`),
    el("span.tag", {}, capitalised(order.type)),
    el("span.panel-space"),
    order.track_url ? tool("button", "copy", "Copy the customer’s link", "copy", { type: "button", onclick: actions.copy }) : null,
    order.track_url ? tool("a", "track", "Open the customer’s page", "external", { href: order.track_url, target: "_blank", rel: "noopener" }) : null,
    printTool(order, actions.print),
    tool("button", "edit", "Edit the order (e)", "edit", { type: "button", data: { key: "edit", changes: "" }, onclick: actions.edit }),
    tool("button", "close", "Close", "close", { type: "button", onclick: actions.close }));
}

function printTool(order, open) {
  const name = order.printed ? "Print again (p)" : "Print (p)";
  return tool("button", "print", name, "print", { type: "button", data: { key: "print", changes: "" }, "aria-haspopup": "menu", onclick: open });
}

function tool(tag, key, name, picture, properties) {
  return el(`${tag}.button.quiet.small.icon-only`, { title: name, "aria-label": name, data: { key }, ...properties }, icon(picture));
}

function nextSteps(order, actions) {
  const [first] = order.allowed;
  return el("div.panel-actions", {},
    el("span.badge.large", { data: { status: order.status } }, statusUntil(order)),
    el("span.panel-space"),
    isUnaccepted(order) ? acceptMenu(actions.accept) : first && !asksWhy(first)
      ? action("primary", "first", actions.first, statusLabel(order.type, first), icon("arrow-right"))
      : null,
    first ? moveMenu(actions.move) : null);
}

function moveMenu(open) {
  const button = action("plain", "move", open, "Move to", icon("chevron-down"));
  button.setAttribute("aria-haspopup", "menu");
  button.dataset.action = "move";
  return button;
}

function acceptMenu(open) {
  const button = action("primary", "accept", open, "Accept", icon("chevron-down"));
  button.setAttribute("aria-haspopup", "menu");
  button.title = "Accept it, and say when it will be ready (a)";
  return button;
}

function openWish(order, answer) {
  return el("div.notice.danger.wish", { role: "group", "aria-label": "The customer asks to cancel" },
    el("div.stack", {},
      el("p", {},
        el("b", {}, "The customer asks to cancel."), " ",
        el("span", { dir: "auto" }, order.cancellation_request.reason ?? "")),
      el("div.cluster", {},
        action("primary.danger", "accept", () => answer(true), "Accept and cancel"),
        action("plain", "refuse", () => answer(false), "Refuse"))));
}

function action(look, key, run, ...content) {
  return el(`button.button.small.${look}`, { type: "button", data: { key, changes: "" }, onclick: run }, content);
}
