/** The public order page: the same form as without JavaScript, with a live sum and one request. */

import { el } from "../lib/dom.js";
import { clearComplaint, clearComplaints, complain } from "./complaints.js";
import { fieldName, readDraft } from "./draft.js";
import { Lines } from "./lines.js";
import { NotPlaced, Sending } from "./sending.js";

const form = document.getElementById("order-form");
const place = document.getElementById("place");
const message = document.getElementById("order-message");
const lines = new Lines(form);
const sending = new Sending(form.elements.idempotency_key.value, form.elements.idempotency_secret.value);
let underWay = false;

form.noValidate = true;
form.addEventListener("input", ({ target }) => clearComplaint(target));
form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (event.submitter?.name === "add-line") lines.add();
  else send();
});
lines.show();

async function send() {
  if (underWay) return;
  working(true);
  clearComplaints(form);
  say("");
  const { order, places } = readDraft(form);
  try {
    const placed = await sending.place(order);
    location.assign(pathOf(placed));
  } catch (error) {
    working(false);
    if (!(error instanceof NotPlaced)) throw error;
    await explain(error.problem, places);
  }
}

async function explain(problem, places) {
  if (problem === null) {
    say("The shop could not be reached. Your order may or may not have arrived; press the button again and it will not be placed twice.");
  } else if (problem.errors?.some(({ path }) => path === "Idempotency-Key")) {
    await explainPlacedBefore();
  } else {
    complainAbout(problem, places);
  }
}

function complainAbout(problem, places) {
  const named = (problem.errors ?? []).map(({ path, message }) => [fieldName(path, places), message]);
  const homeless = complain(form, named);
  const marked = form.querySelectorAll("[aria-invalid]").length;
  if (homeless.length > 0 || named.length === 0) say([problem.detail, ...homeless].join(" "));
  else say(`Nothing was sent yet: please look at the ${marked === 1 ? "field" : "fields"} marked below.`);
  form.querySelector("[aria-invalid]")?.focus();
}

async function explainPlacedBefore() {
  const placed = await sending.placedBefore();
  if (!placed) return say("This form has been sent before. Please reload the page to place another order.");
  say("This order had arrived before you changed the form; what you changed since was not sent. ");
  message.querySelector("p").append(el("a", { href: pathOf(placed) }, "See the order as placed"));
}

/** The status page at the address this page was opened under, which need not be the public one. */
function pathOf(order) {
  return new URL(order.track_url).pathname;
}

function say(text) {
  message.querySelector("p").textContent = text;
  message.hidden = !text;
  if (text) message.focus();
}

function working(is) {
  underWay = is;
  place.setAttribute("aria-busy", String(is));
}
