/** On hold: until somebody ends that, or until a time at which the order comes back by itself. */

import { ask } from "../lib/ask.js";
import { el } from "../lib/dom.js";
import { moment } from "../lib/format.js";

export const HELD = "on_hold";

const MINUTE = 60_000;
const MORNING = 9;
const OFFERED = [15, 30, 60];
const NEVER = "";
const AT = "at";

/** The name of an order's status, and until when it has that. */
export function statusUntil({ status_label: label, held_until: until }) {
  return until ? `${label} until ${moment(until)}` : label;
}

/** What is said in the panel of an order that waits; `change` asks for another time. */
export function holdNotice(order, change) {
  const back = order.held_until ? `It comes back by itself at ${moment(order.held_until)}.` : "It waits until somebody brings it back.";
  return el("div.notice.wish", { role: "group", "aria-label": "On hold" },
    el("div.stack", {},
      order.cancel_reason && el("p", { dir: "auto" }, el("b", {}, "On hold: "), order.cancel_reason),
      el("p", {}, back),
      el("div.cluster", {}, el("button.button.small", { type: "button", data: { key: "hold" }, onclick: change }, "Change…"))));
}

/** Ask until when, and why. Answers what to send, or null when dismissed. */
export async function askHold(order) {
  const isHeld = order.status === HELD;
  const title = isHeld ? `#${order.number} stays on hold` : `Put #${order.number} on hold`;
  const answer = await ask(title, isHeld ? "Change" : "Put on hold", "Back", false, [times(order), reasonField(order)]);
  if (!answer) return null;
  const chosen = answer.get("until");
  const until = chosen === AT ? new Date(answer.get("at")).toISOString() : chosen || null;
  const reason = answer.get("reason").trim();
  return { status: HELD, ...(until || isHeld ? { until } : {}), ...(reason || isHeld ? { reason } : {}) };
}

function times({ held_until: until }) {
  const clock = el("input.input", { type: "datetime-local", name: "at", "aria-label": "Until when", min: local(new Date()), value: until ? local(new Date(until)) : "" });
  const options = [
    option("Until somebody brings it back", NEVER, !until),
    ...OFFERED.map((minutes) => timed(`For ${minutes} minutes`, new Date(Date.now() + minutes * MINUTE))),
    timed("Until tomorrow morning", tomorrow()),
    option("Until a time", AT, Boolean(until), clock),
  ];
  const list = el("fieldset.hold-times", { "aria-label": "How long" }, options);
  const radio = options.at(-1).querySelector("input");
  const follow = () => { clock.required = radio.checked; };
  clock.addEventListener("focus", () => { radio.checked = true; follow(); });
  list.addEventListener("change", follow);
  follow();
  return list;
}

function timed(label, at) {
  return option(label, at.toISOString(), false, el("span.faint", {}, moment(at)));
}

function option(label, value, checked, more = null) {
  return el("label", {}, el("input", { type: "radio", name: "until", value, checked, "aria-label": label }), el("span", {}, label), more);
}

function reasonField(order) {
  const text = el("textarea", { id: "hold-reason", name: "reason", rows: "2", maxlength: "500", "aria-describedby": "hold-hint" });
  text.value = order.status === HELD ? order.cancel_reason ?? "" : "";
  return el("div.field", {},
    el("label", { for: "hold-reason" }, "Reason", el("span.optional", {}, " (optional)")),
    text,
    el("p.hint", { id: "hold-hint" }, "The customer sees this reason, and not until when."));
}

function tomorrow() {
  const at = new Date();
  at.setDate(at.getDate() + 1);
  at.setHours(MORNING, 0, 0, 0);
  return at;
}

/** A moment as an input for a date and a time has it. */
function local(at) {
  return new Date(at - at.getTimezoneOffset() * MINUTE).toISOString().slice(0, 16);
}
