/** The top of the panel: number, status, what can be done next, and a customer's wish to cancel. */

import { el, icon } from "../lib/dom.js";
import { capitalised, statusLabel } from "./words.js";

const ENDS = ["declined", "cancelled"];

export function head(order, actions) {
  const [first] = order.allowed;
  return el("header.panel-head", {},
    el("div.panel-bar", {},
      el("h2", { id: "panel-title", tabindex: "-1", data: { key: "title" } }, el("span.faint", {}, "Order "), `#${order.number}`),
      el("span.tag", {}, capitalised(order.type)),
      el("span.panel-space"),
      order.track_url ? el("button.button.quiet.small.icon-only", { type: "button", title: "Copy the customer’s link", "aria-label": "Copy the customer’s link", data: { key: "copy" }, onclick: actions.copy }, icon("copy")) : null,
      order.track_url ? el("a.button.quiet.small.icon-only", { href: order.track_url, target: "_blank", rel: "noopener", title: "Open the customer’s page", "aria-label": "Open the customer’s page", data: { key: "track" } }, icon("external")) : null,
      el("button.button.quiet.small.icon-only", { type: "button", title: "Close (Esc)", "aria-label": "Close", data: { key: "close" }, onclick: actions.close }, icon("close"))),
    el("div.panel-actions", {},
      el("span.badge.large", { data: { status: order.status } }, order.status_label),
      el("span.panel-space"),
      first && !ENDS.includes(first) ? el("button.button.small.primary", { type: "button", data: { key: "first" }, onclick: actions.first }, statusLabel(order.type, first), icon("arrow-right")) : null,
      first ? el("button.button.small", { type: "button", "aria-haspopup": "menu", data: { key: "move", action: "move" }, onclick: actions.move }, "Move to", icon("chevron-down")) : null));
}

export function wish(order, moves) {
  if (order.cancellation_request) {
    return el("div.notice.danger.wish", { role: "group", "aria-label": "The customer asks to cancel" },
      el("div.stack", {},
        el("p", {}, el("b", {}, "The customer asks to cancel."), " ", el("span", { dir: "auto" }, order.cancellation_request.reason ?? "")),
        el("div.cluster", {},
          el("button.button.small.primary.danger", { type: "button", data: { key: "accept" }, onclick: () => moves.answerWish(order, true) }, "Accept and cancel"),
          el("button.button.small", { type: "button", data: { key: "refuse" }, onclick: () => moves.answerWish(order, false) }, "Refuse"))));
  }
  if (!order.cancel_reason) return null;
  return el("div.notice.danger.wish", {}, el("p", {}, el("b", {}, `${order.status_label}: `), el("span", { dir: "auto" }, order.cancel_reason)));
}
