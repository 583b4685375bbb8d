/** Finding something while typing: a combobox whose choices the server knows. */

import { ApiError } from "./api.js";
import { debounced, el, icon } from "./dom.js";

const SETTLE_MS = 150;
let made = 0;

export class Finder {
  #input;
  #list;
  #ask;
  #show;
  #pick;
  #found = [];
  #turn = 0;
  #find = debounced(() => this.#search(), SETTLE_MS);

  /** `ask(text)` answers things, `show(thing)` what stands in its row, `pick(thing)` takes one. */
  constructor({ label, placeholder, ask, show, pick, data }) {
    this.#ask = ask;
    this.#show = show;
    this.#pick = pick;
    const id = `finder-${made += 1}`;
    this.#list = el("ul.finder-list", { id, role: "listbox", "aria-label": label, hidden: true });
    this.#input = el("input.input", {
      type: "search", role: "combobox", autocomplete: "off", spellcheck: "false", maxlength: "200", placeholder, data,
      "aria-label": label, "aria-expanded": "false", "aria-controls": id, "aria-autocomplete": "list",
      oninput: (event) => { event.stopPropagation(); this.#find(); }, onkeydown: (event) => this.#walk(event), onblur: () => this.#close(),
    });
    this.element = el("div.finder", {}, icon("search"), this.#input, this.#list);
  }

  focus() {
    this.#input.focus();
  }

  /** Answers may overtake each other: the one to the last question counts. */
  async #search() {
    const turn = ++this.#turn;
    const text = this.#input.value.trim();
    if (!text) return this.#close();
    try {
      const found = await this.#ask(text);
      if (turn === this.#turn) this.#open(found);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (turn === this.#turn) this.#tell(error.explanation);
    }
  }

  #open(found) {
    this.#found = found;
    if (!found.length) return this.#tell("Nothing matches.");
    this.#list.replaceChildren(...found.map((thing, place) =>
      el("li", { role: "option", id: `${this.#list.id}-${place}`, "aria-selected": "false", onmousedown: (event) => this.#take(event, place) }, this.#show(thing))));
    this.#unfold(true);
    this.#mark(0);
  }

  #tell(text) {
    this.#found = [];
    this.#list.replaceChildren(el("li.faint", { role: "option", "aria-disabled": "true", "aria-selected": "false" }, text));
    this.#unfold(true);
  }

  #walk(event) {
    const at = this.#found.findIndex((_, place) => this.#row(place)?.getAttribute("aria-selected") === "true");
    const isOpen = !this.#list.hidden;
    const steps = { ArrowDown: at + 1, ArrowUp: at - 1 };
    if (event.key === "Enter") event.preventDefault();
    if (event.key === "Enter" && isOpen && at >= 0) this.#take(event, at);
    else if (event.key === "Escape" && isOpen) {
      event.preventDefault();
      event.stopPropagation();
      this.#close();
    } else if (event.key in steps && isOpen && this.#found.length) {
      event.preventDefault();
      this.#mark((steps[event.key] + this.#found.length) % this.#found.length);
    }
  }

  #mark(place) {
    for (const row of this.#list.children) row.setAttribute("aria-selected", "false");
    const row = this.#row(place);
    row.setAttribute("aria-selected", "true");
    row.scrollIntoView({ block: "nearest" });
    this.#input.setAttribute("aria-activedescendant", row.id);
  }

  #row(place) {
    return this.#list.children[place];
  }

  #take(event, place) {
    event.preventDefault();
    const thing = this.#found[place];
    this.#input.value = "";
    this.#close();
    this.#pick(thing);
  }

  #close() {
    this.#turn += 1;
    this.#unfold(false);
  }

  #unfold(open) {
    this.#list.hidden = !open;
    this.#input.setAttribute("aria-expanded", String(open));
    this.#input.removeAttribute("aria-activedescendant");
  }
}
