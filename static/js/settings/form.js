/** Between the form and the API: what it says, and what that changes. */

import { plainDecimal } from "../order/amounts.js";
import { DAYS, hoursEditor, readHours } from "./hours.js";

const TEXTS = ["shop_name", "accent", "imprint"];
const METHODS = ["delivery", "pickup"];
const CHARGE = ["fee", "free_from", "minimum"];
const CONTACT = ["phone", "email", "address"];
export const WORDS = {
  shop_name: "Name", accent: "Colour", imprint: "Imprint", contact: "Contact", opening_hours: "Opening hours",
  lead_minutes: "Lead time", accept_within: "Minutes to accept an order", undo_within: "Minutes to undo a change", duplicate_within: "Minutes to look for duplicates", decline_reasons: "Reasons for declining", methods: "Delivery and pickup", charges: "What delivery and pickup cost", unknown_skus: "Unknown products", public_intake: "Who may place orders",
};

/** All that the form says, as the API would say it. */
function readForm(form) {
  const fields = form.elements;
  return {
    ...Object.fromEntries(TEXTS.map((name) => [name, textOf(fields[name])])),
    contact: Object.fromEntries(CONTACT.map((name) => [name, textOf(fields[`contact-${name}`])])),
    opening_hours: readHours(form.querySelector("#hours")),
    lead_minutes: numberOf(fields.lead_minutes),
    accept_within: numberOf(fields.accept_within),
    undo_within: numberOf(fields.undo_within),
    duplicate_within: numberOf(fields.duplicate_within),
    decline_reasons: (textOf(fields.decline_reasons) ?? "").split("\n").map((line) => line.trim()).filter(Boolean),
    methods: [...form.querySelectorAll("[name=methods]:checked")].map((box) => box.value),
    charges: eachCharge((method, name) => { const text = textOf(fields[`charges-${method}-${name}`]); return text && plainDecimal(text); }),
    unknown_skus: fields.unknown_skus.checked ? "accept" : "refuse",
    public_intake: fields.public_intake.checked,
  };
}

/** Have the form say these values, of those settings that are named. */
export function fillForm(form, values, names, changed) {
  const fields = form.elements;
  const fill = {
    contact: (contact) => { for (const name of CONTACT) fields[`contact-${name}`].value = contact[name] ?? ""; },
    opening_hours: (week) => hoursEditor(form.querySelector("#hours"), week, changed),
    methods: (methods) => { for (const box of form.querySelectorAll("[name=methods]")) box.checked = methods.includes(box.value); },
    charges: (charges) => eachCharge((method, name) => { fields[`charges-${method}-${name}`].value = charges[method][name] ?? ""; }),
    decline_reasons: (reasons) => { fields.decline_reasons.value = reasons.join("\n"); },
    unknown_skus: (word) => { fields.unknown_skus.checked = word === "accept"; },
    public_intake: (on) => { fields.public_intake.checked = on; },
  };
  for (const name of names) {
    if (fill[name]) fill[name](values[name]);
    else fields[name].value = values[name] ?? "";
  }
}

/** The settings of which the form says something else than `before`. */
export function changesIn(form, before) {
  const now = readForm(form);
  const names = Object.keys(now).filter((name) => JSON.stringify(now[name]) !== JSON.stringify(before[name]));
  return Object.fromEntries(names.map((name) => [name, now[name]]));
}

/** What the form is about, of settings as an answer or a problem has them; keys in one order. */
export function valuesOf(settings) {
  const values = Object.fromEntries(Object.keys(WORDS).map((name) => [name, settings[name]]));
  values.contact = Object.fromEntries(CONTACT.map((name) => [name, settings.contact[name]]));
  values.charges = eachCharge((method, name) => settings.charges[method][name]);
  values.opening_hours = Object.fromEntries(DAYS.map((day) => [day, settings.opening_hours[day].map(({ from, until }) => ({ from, until }))]));
  return values;
}

/** The settings alone, without where each comes from. */
export function bare(settings) {
  return Object.fromEntries(Object.entries(settings).map(([name, { value }]) => [name, value]));
}

/** What `work(method, name)` answers of everything that a method costs. */
function eachCharge(work) {
  return Object.fromEntries(METHODS.map((method) => [method, Object.fromEntries(CHARGE.map((name) => [name, work(method, name)]))]));
}

/** A whole number; what is none goes to the server as it is, which says what is wrong with it. */
function numberOf(field) {
  const text = field.value.trim();
  return /^\d+$/.test(text) ? Number(text) : text;
}

function textOf(field) {
  const text = field.value.replaceAll("\r\n", "\n").trim();
  return text === "" ? null : text;
}
