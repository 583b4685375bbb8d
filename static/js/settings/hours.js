/** The opening hours: a row for each day with as many spans as it has. */

import { el, icon } from "../lib/dom.js";

const MOST = 6;
const FIRST = { from: "09:00", until: "18:00" };
export const DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
const nameOf = (day) => day[0].toUpperCase() + day.slice(1);

/** Show a week's hours in `holder`; `changed` is called after each change by hand. */
export function hoursEditor(holder, week, changed) {
  holder.replaceChildren(...DAYS.map((day) => dayRow(day, week[day] ?? [], changed)));
}

/** The week as the API takes it. */
export function readHours(holder) {
  const rows = [...holder.querySelectorAll("[data-day]")];
  return Object.fromEntries(rows.map((row) => [row.dataset.day, [...row.querySelectorAll(".span")].map(readSpan)]));
}

function readSpan(span) {
  const [from, until] = [...span.querySelectorAll("input")].map((input) => input.value);
  return { from, until: until === "00:00" ? "24:00" : until };
}

function dayRow(day, spans, changed) {
  const list = el("div.spans", {});
  const error = el("p.error", { id: `error-opening_hours-${day}`, hidden: true });
  const closed = el("span.faint.closed", {}, "Closed");
  const plus = el("button.button.quiet.small.icon-only", { type: "button", "aria-label": `Add hours on ${nameOf(day)}` }, icon("plus"));
  const settle = () => {
    closed.hidden = list.childElementCount > 0;
    plus.hidden = list.childElementCount >= MOST;
  };
  const add = (span) => list.append(spanOf(day, span, () => { settle(); changed(); plus.focus(); }, changed));
  plus.addEventListener("click", () => {
    add(list.childElementCount ? { from: "", until: "" } : FIRST);
    settle();
    changed();
    list.lastElementChild.querySelector("input").focus();
  });
  spans.forEach(add);
  settle();
  return el("div.day", { data: { day }, role: "group", "aria-label": nameOf(day) },
    el("span.day-name", { "aria-hidden": "true" }, nameOf(day)), el("div.day-hours", {}, closed, list, error), plus);
}

/** Midnight to midnight reads better as what it is. */
function tellAllDay(span) {
  span.querySelector(".all-day").hidden = [...span.querySelectorAll("input")].some((input) => input.value !== "00:00");
}

function spanOf(day, { from, until }, removed, changed) {
  const time = (value, label) => el("input.input", { type: "time", value, required: true, "aria-label": `${nameOf(day)} ${label}`, oninput: () => { tellAllDay(span); changed(); } });
  const span = el("div.span", {},
    time(from, "from"), el("span", { "aria-hidden": "true" }, "–"), time(until === "24:00" ? "00:00" : until, "until"),
    el("span.faint.all-day", {}, "all day"),
    el("button.button.quiet.small.icon-only", {
      type: "button", "aria-label": `Remove these hours of ${nameOf(day)}`, onclick: () => { span.remove(); removed(); },
    }, icon("close")));
  tellAllDay(span);
  return span;
}
