/** The discount codes: made, ended and taken up again; how often each is used. */

import { get, patch, post } from "../lib/api.js";
import { el } from "../lib/dom.js";
import { money, moment } from "../lib/format.js";
import { toast } from "../lib/toasts.js";
import { plainDecimal } from "../order/amounts.js";
import { clearComplaint, clearComplaints, complain } from "../order/complaints.js";

const PATH = "/api/discounts";
const byId = (id) => document.getElementById(id);

/** Show the codes there are, and let staff make, end and reopen some. */
export function discountsSection() {
  const form = byId("discount-form");
  form.addEventListener("input", ({ target }) => clearComplaint(target));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    clearComplaints(form);
    attempt(() => make(form));
  });
  attempt(list);
}

async function list() {
  const { discounts } = await get(PATH);
  byId("discount-list").replaceChildren(...discounts.map(codeRow));
  byId("no-discounts").hidden = discounts.length > 0;
}

function codeRow(code) {
  const words = code.active ? "End" : "Reopen";
  const turn = el("button.button.small", {
    type: "button", "aria-label": `${words} ${code.code}`, onclick: () => attempt(() => turnOver(code)),
  }, words);
  return el("li", { data: { code: code.code }, class: code.active ? null : "is-over" },
    el("div.key-words", {}, el("span.key-name", {}, code.code), el("span.hint", { dir: "auto" }, wordsOf(code))), turn);
}

function wordsOf(code) {
  const { name, percent, amount, minimum, currency, valid_from: begin, valid_until: end, most_uses: most, used, active } = code;
  return [
    percent === null ? `${money(amount, currency)} off` : `${percent} % off`,
    name,
    minimum && `from ${money(minimum, currency)}`,
    begin && `from ${moment(begin)}`,
    end && `until ${moment(end)}`,
    most === null ? `used ${used} times` : `used ${used} of ${most} times`,
    !active && "ended",
  ].filter(Boolean).join(" · ");
}

async function make(form) {
  const value = (name) => form.elements[name].value.trim();
  const kind = value("discount-kind");
  const given = {
    code: value("discount-code"),
    name: value("discount-name"),
    [kind]: plainDecimal(value("discount-worth")),
    minimum: plainDecimal(value("discount-minimum")),
    valid_from: timeOf(value("discount-valid_from")),
    valid_until: timeOf(value("discount-valid_until")),
    most_uses: wholeOf(value("discount-most_uses")),
  };
  await post(PATH, Object.fromEntries(Object.entries(given).filter(([, said]) => said !== "")));
  form.reset();
  form.elements["discount-code"].focus();
  await list();
  toast({ title: "The code can be used", tone: "good", stays: 2500 });
}

async function turnOver({ code, active, version }) {
  await patch(`${PATH}/${code}`, { active: !active }, version);
  await list();
}

/** A time as its field has it, in this browser's zone, as the API takes it. */
function timeOf(text) {
  return text && new Date(text).toISOString();
}

function wholeOf(text) {
  return /^\d{1,12}$/.test(text) ? Number(text) : text;
}

async function attempt(work) {
  const place = byId("error-discounts");
  place.hidden = true;
  try {
    await work();
  } catch (error) {
    const wrong = (error.problem?.errors ?? []).map(({ path, message }) => [nameOf(path), message]);
    const homeless = complain(byId("discount-form"), wrong);
    byId("discount-form").querySelector("[aria-invalid]")?.focus();
    if (wrong.length && !homeless.length) return;
    place.textContent = error.explanation ?? String(error);
    place.hidden = false;
    if (error.status === 412) await list();
  }
}

function nameOf(path) {
  return path === "percent" || path === "amount" ? "discount-worth" : `discount-${path}`;
}
