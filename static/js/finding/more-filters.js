/** The filters that are not always at hand: a small form, and what of it holds as chips to take away. */

import { capitalised } from "../board/words.js";
import { el, icon } from "../lib/dom.js";
import { field } from "../lib/form-fields.js";
import { dayIn, momentOf, narrowings } from "./words.js";

const DAYS = ["created_from", "created_to", "due_before"];

export class MoreFilters {
  #button;
  #chips;
  #filters;
  #known;
  #form = null;

  /** `known`: `{zone, currency, payments, methods, drivers(), team(), seen(name)}`. */
  constructor(button, chips, filters, known) {
    this.#button = button;
    this.#chips = chips;
    this.#filters = filters;
    this.#known = known;
    button.addEventListener("click", () => this.open());
    filters.addEventListener("change", () => this.#show());
    this.#show();
  }

  open() {
    if (this.#form) return this.#form.hidePopover();
    const form = this.#make();
    this.#form = form;
    form.addEventListener("toggle", ({ newState }) => {
      if (newState !== "closed") return;
      const hadFocus = form.contains(document.activeElement) || document.activeElement === document.body;
      form.remove();
      this.#form = null;
      this.#button.setAttribute("aria-expanded", "false");
      if (hadFocus) this.#button.focus({ preventScroll: true });
    });
    document.body.append(form);
    form.showPopover();
    this.#place(form);
    this.#button.setAttribute("aria-expanded", "true");
    form.querySelector("input, select").focus();
  }

  #make() {
    const { payments, methods, drivers, team } = this.#known;
    const value = this.#filters.value;
    const dates = DAYS.map((name) => [name, dayIn(name, value[name], this.#known.zone)]);
    const days = Object.fromEntries(dates);
    const form = el("form.menu.more-filters", { popover: "auto", role: "dialog", "aria-label": "More filters", autocomplete: "off" },
      this.#typed("channel", "Channel"), this.#typed("tag", "Tag"),
      choice("payment", "Payment", payments.map((code) => [code, capitalised(code)])),
      choice("method", "Method", methods.map((code) => [code, capitalised(code)])),
      choice("driver", "Driver", drivers().map(({ id, name }) => [id, name])),
      choice("assigned_to", "Assigned to", [["me", "Me"], ["none", "Nobody"], ...team().map(({ id, name }) => [String(id), name])]),
      field("due_before", "Due by", { type: "date", value: days.due_before }),
      field("created_from", "Placed from", { type: "date", value: days.created_from }),
      field("created_to", "Placed until", { type: "date", value: days.created_to }),
      field("total_from", "Total at least", { inputmode: "decimal", placeholder: "0.00", maxlength: "20", value: value.total_from }),
      field("total_to", "Total at most", { inputmode: "decimal", placeholder: "0.00", maxlength: "20", value: value.total_to }));
    form.addEventListener("change", ({ target }) => this.#take(target));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#take(document.activeElement);
    });
    return form;
  }

  /** A field that offers what the orders at hand have. */
  #typed(name, label) {
    const list = el("datalist", { id: `seen-${name}` }, this.#known.seen(name).map((text) => el("option", { value: text })));
    const made = field(name, label, { maxlength: name === "tag" ? "50" : "100", list: list.id });
    made.append(list);
    return made;
  }

  #take(control) {
    const name = control.name;
    const text = control.value?.trim() ?? "";
    if (DAYS.includes(name)) this.#filters.set({ [name]: momentOf(name, text, this.#known.zone) });
    else if (name?.startsWith("total_")) this.#takeAmount(control, name, text);
    else if (name && text) {
      control.value = "";
      this.#filters.set({ [name]: [...new Set([...this.#filters.value[name], text])] });
    }
  }

  #takeAmount(control, name, text) {
    const amount = text.replace(",", ".");
    const isGood = /^(\d{1,12}(\.\d{1,3})?)?$/.test(amount);
    const wrong = control.parentElement.querySelector(".error");
    wrong.hidden = isGood;
    wrong.textContent = isGood ? "" : "Must be an amount, as in 19.90";
    if (isGood) control.removeAttribute("aria-invalid");
    else control.setAttribute("aria-invalid", "true");
    if (isGood) this.#filters.set({ [name]: amount });
  }

  #show() {
    const found = narrowings(this.#filters.value, { ...this.#known, drivers: this.#known.drivers(), team: this.#known.team() });
    this.#chips.hidden = !found.length;
    const at = [...this.#chips.children].indexOf(document.activeElement);
    this.#chips.replaceChildren(...found.map(({ name, value, label }) =>
      el("button.chip.filter-chip", { type: "button", "aria-label": `Remove filter ${label}`, onclick: () => this.#remove(name, value) },
        el("span.truncate", { dir: "auto" }, label), icon("close"))));
    if (at >= 0) (this.#chips.children[Math.min(at, found.length - 1)] ?? this.#button).focus();
    this.#button.toggleAttribute("data-active", found.length > 0);
  }

  #remove(name, value) {
    const now = this.#filters.value[name];
    this.#filters.set({ [name]: Array.isArray(now) ? now.filter((one) => one !== value) : "" });
  }

  #place(form) {
    const at = this.#button.getBoundingClientRect();
    const { width, height } = form.getBoundingClientRect();
    form.style.top = `${Math.max(8, Math.min(at.bottom + 4, innerHeight - height - 8))}px`;
    form.style.left = `${Math.max(8, Math.min(at.right - width, innerWidth - width - 8))}px`;
  }
}

function choice(name, label, options) {
  return field(name, label, { tag: "select", options: [["", "Any"], ...options] });
}
