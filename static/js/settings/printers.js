/** The printers in the network: added, changed, tried out, removed. */

import { ApiError, patch, post } from "../lib/api.js";
import { ask } from "../lib/ask.js";
import { el } from "../lib/dom.js";
import { openForm } from "../lib/form-dialog.js";
import { field, typed } from "../lib/form-fields.js";
import { toast } from "../lib/toasts.js";

const WHEN = [["placed", "by itself when an order comes"], ["accepted", "by itself when an order is accepted"], ["asked", "only when somebody asks"]];
const WIDTHS = [["48", "48 characters (80 mm)"], ["42", "42 characters (80 mm)"], ["32", "32 characters (58 mm)"]];
const PAGES = [["cp858", "Western Europe, with the euro"], ["cp850", "Western Europe"], ["cp852", "Central Europe"], ["cp866", "Cyrillic"], ["cp1252", "Windows"], ["cp437", "USA"]];
const byId = (id) => document.getElementById(id);
let printers = [];

/** `version()` answers that of the settings that are shown; `saved(answer)` takes those after a change. */
export function printersSection({ settings, order_kinds: kinds }, version, saved) {
  const { value, fixed } = settings.printers;
  const keep = async (wanted) => {
    const answer = await patch("/api/settings", { printers: wanted }, version());
    saved(answer);
    show(answer.settings.printers.value);
  };
  const show = (now) => {
    printers = now;
    byId("printer-list").replaceChildren(...now.map((printer, at) => row(printer, at, fixed, kinds, keep)));
    byId("no-printers").hidden = now.length > 0;
  };
  byId("printer-add").addEventListener("click", () => edit(null, printers.length, kinds, keep));
  show(value);
}

function row(printer, at, fixed, kinds, keep) {
  const told = el("p.hint", { role: "status" });
  const button = (label, run) => el("button.button.small", { type: "button", "aria-label": `${label} ${printer.name}`, onclick: run }, label);
  return el("li", {},
    el("div.key-words", {}, el("span.key-name", { dir: "auto" }, printer.name), el("span.hint", {}, words(printer)), told),
    el("div.printer-tools", {},
      button("Test", ({ currentTarget }) => tryOut(printer, told, currentTarget)),
      fixed ? null : button("Edit", () => edit(printer, at, kinds, keep)),
      fixed ? null : button("Remove", () => remove(printer, keep))));
}

function words({ address, when, types, methods, width, copies }) {
  const what = [...types, ...methods].join(", ") || "all orders";
  return [address, WHEN.find(([code]) => code === when)[1], what, `${width} characters`, copies > 1 && `${copies} copies`].filter(Boolean).join(" · ");
}

async function tryOut(printer, told, button) {
  button.setAttribute("aria-busy", "true");
  told.textContent = "Printing a test…";
  try {
    const { printed, detail } = await post(`/api/printers/${printer.id}/test`, undefined);
    told.textContent = detail;
    told.classList.toggle("error", !printed);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    told.textContent = error.explanation;
  }
  button.removeAttribute("aria-busy");
}

async function remove(printer, keep) {
  const sure = await ask(`Remove ${printer.name}?`, "Remove", "Back", true, [el("p", {}, "What it has still to print is not printed.")]);
  if (!sure) return;
  try {
    await keep(printers.filter(({ id }) => id !== printer.id));
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    toast({ title: `${printer.name} was not removed`, detail: error.explanation, tone: "danger" });
  }
}

function edit(printer, at, kinds, keep) {
  const now = printer ?? { name: "", address: "", when: "placed", types: [], methods: [], width: 48, copies: 1, code_page: "cp858" };
  const name = (part) => `printers.${at}.${part}`;
  openForm({
    title: printer ? printer.name : "Add a printer",
    confirm: printer ? "Save" : "Add",
    content: el("div.stack", {},
      field(name("name"), "Name", { value: now.name, maxlength: "40", dir: "auto", hint: "Where it stands: Kitchen, Bar, Packing." }),
      field(name("address"), "Address", { value: now.address, maxlength: "260", spellcheck: false, placeholder: "192.168.1.50:9100", hint: "Its host and port in your network, as its own test print says it. Without a port: 9100." }),
      field(name("when"), "Prints", { tag: "select", options: WHEN, value: now.when }),
      boxes(name("types"), "Only orders of these types", kinds.types, now.types),
      boxes(name("methods"), "Only orders that are for", kinds.methods, now.methods),
      field(name("width"), "Width", { tag: "select", options: known(WIDTHS, now.width), value: String(now.width) }),
      field(name("copies"), "Copies", { tag: "select", options: ["1", "2", "3", "4", "5"].map((number) => [number, number]), value: String(now.copies) }),
      field(name("code_page"), "Letters", { tag: "select", options: PAGES, value: now.code_page, hint: "Others are written with the nearest that it has." }),
    ),
    send: async (form) => {
      const given = {
        ...(printer ? { id: printer.id } : {}),
        ...Object.fromEntries(["name", "address", "when", "code_page"].map((part) => [part, typed(form, name(part))])),
        ...Object.fromEntries(["types", "methods"].map((part) => [part, checked(form, name(part))])),
        ...Object.fromEntries(["width", "copies"].map((part) => [part, Number(typed(form, name(part)))])),
      };
      await keep(printers.toSpliced(at, 1, given));
      toast({ title: printer ? "Saved" : `${given.name} is added. Print a test on it.`, tone: "good", stays: 2500 });
    },
  });
}

function boxes(path, legend, codes, chosen) {
  return el("fieldset.field", { data: { path, label: legend } },
    el("legend", {}, legend),
    el("div.cluster", {}, codes.map((code) => el("label.checkbox", {}, el("input", { type: "checkbox", name: path, value: code, checked: chosen.includes(code) }), capitalised(code)))),
    el("p.hint", {}, "None: all of them."),
    el("p.error", { id: `${path}-error`, hidden: true }));
}

function capitalised(code) {
  return code.charAt(0).toUpperCase() + code.slice(1);
}

function checked(form, path) {
  return [...form.querySelectorAll(`[name="${CSS.escape(path)}"]:checked`)].map((box) => box.value);
}

/** A width that was set in another way stays. */
function known(options, width) {
  return options.some(([code]) => code === String(width)) ? options : [...options, [String(width), `${width} characters`]];
}
