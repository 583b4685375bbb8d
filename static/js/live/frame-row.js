/** One frame of the list: a line to read, and what came with it when it is unfolded. */

import { el, icon } from "../lib/dom.js";
import { duration, preciseTime, size } from "./units.js";
import { jsonTree } from "./json.js";

let serial = 0;

/**
 * A list entry for a frame. `act` has `follow(order)`, `copy(text, what)` and `curl(frame)`, the
 * command that has the server tell this frame again.
 */
export function frameRow(frame, act) {
  const body = el("div.frame-body", { id: `frame-${++serial}`, hidden: true });
  const head = el("button.frame-head", { type: "button", "aria-expanded": "false", "aria-controls": body.id },
    icon("chevron-down"), columns(frame));
  head.addEventListener("click", () => {
    if (!body.hasChildNodes()) body.append(...inside(frame, act));
    body.hidden = !body.hidden;
    head.setAttribute("aria-expanded", String(!body.hidden));
  });
  return el("li.frame", { data: { kind: kindOf(frame), type: frame.type, id: frame.id ?? "" } },
    el("div.frame-line", {}, head, followButton(frame, act)), body);
}

/** What sort of frame it is, for its colour: "order", "heartbeat", "reset", "signal" or "line". */
function kindOf({ type, id }) {
  if (["heartbeat", "reset"].includes(type)) return type;
  if (["retry", "comment"].includes(type)) return "line";
  return id ? "order" : "signal";
}

function columns(frame) {
  const { at, type, id, bytes, event } = frame;
  return [
    el("time", { datetime: new Date(at).toISOString() }, preciseTime(at)),
    el("span.frame-type", {}, el("span.type-name", {}, type), mark(frame)),
    el("span.frame-order", {}, event?.order?.number ? `#${event.order.number}` : about(frame)),
    el("span.frame-id", {}, id ?? "no id"),
    el("span.frame-size", {}, size(bytes)),
    el("span.frame-lag", { title: lagTitle(frame) }, lag(frame)),
  ];
}

function mark({ way, replayed }) {
  if (way === "poll") return el("span.tag", { title: "Fetched from the log while the stream cannot be had." }, "polled");
  return replayed ? el("span.tag", { title: "Happened before this connection was opened." }, "replayed") : null;
}

function about({ retry, event, type }) {
  const said = ["reset", "end"].includes(type) ? [event?.reason] : [];
  if (retry !== null) said.push(`retry ${retry} ms`);
  return said.filter(Boolean).join(", ");
}

function lag({ event, at }) {
  if (!event?.at) return "";
  return duration(Math.max(0, at - Date.parse(event.at)));
}

function lagTitle({ event }) {
  return event?.at ? "From when it happened, by the server's clock, to its arrival, by this computer's." : null;
}

function followButton({ event }, act) {
  const order = event?.order;
  if (!order) return null;
  return el("button.button.quiet.small.frame-follow", { type: "button", "aria-label": `Follow order ${order.number}`, onclick: () => act.follow(order) }, "Follow");
}

function inside(frame, act) {
  const tools = el("div.cluster.frame-tools", {},
    frame.data === null ? null : el("button.button.small", { type: "button", onclick: () => act.copy(frame.data, "The data") }, icon("copy"), "Copy data"),
    frame.id ? el("button.button.small", { type: "button", onclick: () => act.copy(act.curl(frame), "The command") }, icon("copy"), "Copy as curl") : null);
  return [tools, frame.event === null ? el("pre", {}, frame.data ?? "No data came with it.") : jsonTree(frame.event)];
}
