/** The settings' page: shows what is not saved yet, saves it, and tells who was faster. */

import { patch } from "../lib/api.js";
import { clearComplaint, clearComplaints, complain } from "../order/complaints.js";
import { pageData } from "../lib/dom.js";
import { prepareToasts, toast } from "../lib/toasts.js";
import { bare, changesIn, fillForm, valuesOf, WORDS } from "./form.js";
import { discountsSection } from "./discounts.js";
import { keysSection } from "./keys.js";
import { logoField } from "./logo.js";
import { printersSection } from "./printers.js";

const COLOUR = /^#[0-9a-f]{6}$/i;
const byId = (id) => document.getElementById(id);
const form = byId("settings-form");
const data = pageData("settings-data");
let version = data.version;
let seen = valuesOf(bare(data.settings));

prepareToasts();
// A reloaded page keeps what was typed before it: what it shows is then no longer what is set.
fillForm(form, seen, Object.keys(WORDS), showState);
byId("accent-picker").value = seen.accent ?? byId("accent-picker").defaultValue;
showState();
logoField((answer) => { version = answer.version; });
keysSection();
discountsSection();
printersSection(data, () => version, (answer) => { version = answer.version; });

byId("accent-picker").addEventListener("input", ({ target }) => { form.elements.accent.value = target.value; showState(); });
form.elements.accent.addEventListener("input", ({ target }) => { if (COLOUR.test(target.value)) byId("accent-picker").value = target.value; });
form.addEventListener("input", ({ target }) => { clearComplaint(target); showState(); });
form.addEventListener("submit", save);
byId("settings-undo").addEventListener("click", () => {
  fillForm(form, seen, Object.keys(changesIn(form, seen)), showState);
  clearComplaints(form);
  showState();
});
addEventListener("beforeunload", (event) => { if (Object.keys(changesIn(form, seen)).length) event.preventDefault(); });

function showState() {
  const names = Object.keys(changesIn(form, seen));
  byId("save-state").textContent = names.length ? `Not saved yet: ${names.map((name) => WORDS[name]).join(", ")}.` : "Everything is saved.";
  byId("settings-undo").hidden = !names.length;
}

async function save(event) {
  event.preventDefault();
  const given = changesIn(form, seen);
  say("");
  clearComplaints(form);
  if (!Object.keys(given).length) return;
  const button = byId("settings-save");
  button.setAttribute("aria-busy", "true");
  try {
    const answer = await patch("/api/settings", given, version);
    version = answer.version;
    seen = valuesOf(bare(answer.settings));
    fillForm(form, seen, Object.keys(given), showState);
    toast({ title: "Saved", detail: "Every page has it now.", tone: "good", stays: 2500 });
  } catch (error) {
    if (error.problem?.settings) meanwhile(error.problem, given);
    else tell(error);
  }
  button.removeAttribute("aria-busy");
  showState();
}

/** Somebody was faster: show what they made of the rest, and keep what is typed here. */
function meanwhile({ settings, changed_by: by }, given) {
  const theirs = valuesOf(settings);
  const differs = (name) => JSON.stringify(theirs[name]) !== JSON.stringify(seen[name]);
  const both = Object.keys(given).filter(differs);
  fillForm(form, theirs, Object.keys(WORDS).filter((name) => !(name in given) && differs(name)), showState);
  seen = theirs;
  version = settings.version;
  const what = both.length ? `${both.map((name) => WORDS[name]).join(", ")}. Save again to put yours in its place` : "other settings, which are shown now. Save again to add yours";
  say(`${by.name ?? "Somebody"} changed meanwhile: ${what}.`);
}

function tell(error) {
  const wrong = (error.problem?.errors ?? []).map(({ path, message }) => [nameOf(path), message]);
  const homeless = complain(form, wrong);
  if (homeless.length || !wrong.length) say(homeless.map((text) => `${text}.`).join(" ") || error.explanation || String(error));
  form.querySelector("[aria-invalid=true]")?.focus();
}

/** `contact.email` → `contact-email`; of the hours the day alone. */
function nameOf(path) {
  const [first, second] = path.split(".");
  if (first === "methods") return "methods";
  if (first === "charges") return path.replaceAll(".", "-");
  return second ? `${first}-${second}` : first;
}

function say(text) {
  const place = byId("settings-message");
  place.textContent = text;
  place.hidden = !text;
  if (text) place.focus();
}
