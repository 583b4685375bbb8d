/**
 * The command palette: a field in a dialog, and below it what can be done and where one can go.
 *
 * `sources` are functions from what was typed to `[{heading, items: [{label, hint, icon, status, run}]}]`
 * or a promise of that. What is known here is there at once; what the server finds comes after it.
 */

import { ApiError } from "../lib/api.js";
import { debounced, el, icon, setText } from "../lib/dom.js";
import { plural } from "../lib/format.js";

const SETTLE_MS = 120;

export class Palette {
  #known;
  #search;
  #dialog = null;
  #input;
  #list;
  #said;
  #turn = 0;
  #found = [];
  #find = debounced(() => this.#ask(), SETTLE_MS);

  /** `known(text)` answers groups, `search(text)` a promise of further ones. */
  constructor(known, search) {
    this.#known = known;
    this.#search = search;
    addEventListener("keydown", (event) => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || event.key.toLowerCase() !== "k") return;
      if (document.querySelector("dialog[open]") && !this.#dialog) return;
      event.preventDefault();
      if (this.#dialog) this.#dialog.close();
      else this.open();
    });
  }

  open() {
    for (const menu of document.querySelectorAll(":popover-open")) menu.hidePopover();
    const from = document.activeElement;
    this.#make();
    this.#dialog.addEventListener("close", () => {
      this.#turn += 1;
      this.#dialog.remove();
      this.#dialog = null;
      if (document.activeElement === document.body) from?.focus?.({ preventScroll: true });
    });
    document.body.append(this.#dialog);
    this.#dialog.showModal();
    this.#show(this.#known(""), "");
  }

  #make() {
    this.#list = el("div.palette-list", { id: "palette-list", role: "listbox", "aria-label": "What was found" });
    this.#said = el("p.visually-hidden", { role: "status" });
    this.#input = el("input.palette-input", {
      type: "text", role: "combobox", autocomplete: "off", spellcheck: "false", maxlength: "200", autofocus: true,
      placeholder: "Go to an order, a page, a view, or do something", "aria-label": "Command or order",
      "aria-expanded": "true", "aria-controls": "palette-list", "aria-autocomplete": "list",
      oninput: () => this.#typed(), onkeydown: (event) => this.#walk(event),
    });
    this.#dialog = el("dialog.modal.palette", { "aria-label": "Command palette", onclick: ({ target }) => target === this.#dialog && this.#dialog.close() },
      el("div.palette-head", {}, icon("search"), this.#input, el("kbd", { "aria-hidden": "true" }, "Esc")), this.#list, this.#said);
  }

  #typed() {
    this.#turn += 1;
    const text = this.#input.value.trim();
    this.#show(this.#known(text), text, Boolean(text));
    if (text) this.#find();
  }

  async #ask() {
    const turn = ++this.#turn;
    const text = this.#input.value.trim();
    if (!text || !this.#dialog) return;
    try {
      const more = await this.#search(text);
      if (turn === this.#turn) this.#show([...more, ...this.#known(text)], text);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (turn === this.#turn) this.#show([...this.#known(text)], text);
    }
  }

  #show(groups, text, isAsking = false) {
    const full = groups.filter(({ items }) => items.length);
    this.#found = full.flatMap(({ items }) => items);
    let place = 0;
    const shown = full.map(({ heading, items }) => el("div.palette-group", { role: "group", "aria-label": heading },
      el("p.heading", { "aria-hidden": "true" }, heading), items.map((item) => this.#option(item, place++))));
    const nothing = el("p.palette-nothing.faint", {}, isAsking ? "Looking …" : `Nothing is called “${text}”.`);
    this.#list.replaceChildren(...(shown.length ? shown : [nothing]));
    this.#mark(0);
    if (!isAsking) setText(this.#said, this.#found.length ? plural(this.#found.length, "result") : "No result");
  }

  #option(item, place) {
    const mark = item.status ? el("span.status-dot", { data: { status: item.status } }) : icon(item.icon ?? "arrow-right");
    return el("div.palette-option", { role: "option", id: `palette-${place}`, "aria-selected": "false", onclick: () => this.#run(place), onpointermove: () => this.#mark(place, false) },
      mark, el("span.label.truncate", { dir: "auto" }, item.label), item.hint ? el("span.hint", {}, item.hint) : null);
  }

  #walk(event) {
    const at = this.#place;
    const count = this.#found.length;
    const steps = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: Math.min(at + 5, count - 1), PageUp: Math.max(at - 5, 0) };
    if (event.isComposing) return;
    if (event.key === "Enter") {
      event.preventDefault();
      this.#run(at);
    } else if (event.key in steps && count) {
      event.preventDefault();
      this.#mark((steps[event.key] + count) % count);
    }
  }

  get #place() {
    return this.#found.findIndex((_, place) => this.#row(place)?.getAttribute("aria-selected") === "true");
  }

  #row(place) {
    return this.#list.querySelector(`#palette-${place}`);
  }

  #mark(place, inSight = true) {
    for (const row of this.#list.querySelectorAll("[aria-selected=true]")) row.setAttribute("aria-selected", "false");
    const row = this.#row(place);
    if (!row) return this.#input.removeAttribute("aria-activedescendant");
    row.setAttribute("aria-selected", "true");
    if (inSight) row.scrollIntoView({ block: "nearest" });
    this.#input.setAttribute("aria-activedescendant", row.id);
  }

  #run(place) {
    const item = this.#found[place];
    if (!item) return;
    this.#dialog.close();
    item.run();
  }
}
