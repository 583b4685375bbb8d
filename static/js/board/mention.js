/**
 * Names of the staff in a text: behind an @ they are offered, and picked with the arrows and Enter,
 * or by a press.
 */

import { el } from "../lib/dom.js";

const MOST = 6;
const BEGUN = /(^|[\s(])@([^\n@]{0,40})$/;

export class Mention {
  #text;
  #team;
  #at = 0;
  #offered = [];
  #list = el("ul.mention-list", { id: "mention-list", role: "listbox", "aria-label": "Staff", hidden: true });

  /** `text` is a textarea, which the list of names is put behind. */
  constructor(text, team) {
    this.#text = text;
    this.#team = team;
    for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-controls": "mention-list", "aria-expanded": "false", "aria-haspopup": "listbox" })) text.setAttribute(name, value);
    text.after(this.#list);
    text.addEventListener("input", () => this.#offer());
    text.addEventListener("keydown", (event) => this.#key(event));
    text.addEventListener("blur", () => this.#show([]));
  }

  /** The ids of those whom the text mentions. Of two names that begin alike the longer one is meant. */
  get ids() {
    let rest = this.#text.value;
    const longest = this.#team.all.toSorted((a, b) => b.name.length - a.name.length);
    return longest.filter(({ name }) => {
      const isThere = rest.includes(`@${name}`);
      rest = rest.replaceAll(`@${name}`, "");
      return isThere;
    }).map(({ id }) => id);
  }

  #offer() {
    const begun = BEGUN.exec(this.#before);
    if (!begun) return this.#show([]);
    const typed = begun[2].toLocaleLowerCase();
    const fits = ({ name }) => name.toLocaleLowerCase().split(/\s+/).some((word, place, words) => words.slice(place).join(" ").startsWith(typed));
    this.#show(this.#team.all.filter((member) => member.id !== this.#team.me && fits(member)).slice(0, MOST));
  }

  get #before() {
    return this.#text.value.slice(0, this.#text.selectionStart);
  }

  #show(members) {
    this.#offered = members;
    this.#at = 0;
    this.#list.hidden = !members.length;
    this.#text.setAttribute("aria-expanded", String(members.length > 0));
    // A press takes the focus, and with it the list, away before it is a click.
    this.#list.replaceChildren(...members.map((member, place) => el("li", {
      id: `mention-${member.id}`, role: "option",
      onpointerdown: (event) => { event.preventDefault(); this.#pick(place); },
    }, member.name)));
    this.#mark();
  }

  #mark() {
    for (const [place, option] of [...this.#list.children].entries()) option.setAttribute("aria-selected", String(place === this.#at));
    const current = this.#offered[this.#at];
    if (current) this.#text.setAttribute("aria-activedescendant", `mention-${current.id}`);
    else this.#text.removeAttribute("aria-activedescendant");
  }

  #key(event) {
    const count = this.#offered.length;
    if (!count || event.ctrlKey || event.metaKey || event.isComposing) return;
    const steps = { ArrowDown: 1, ArrowUp: count - 1 };
    if (event.key in steps) {
      this.#at = (this.#at + steps[event.key]) % count;
      this.#mark();
    } else if (event.key === "Enter" || event.key === "Tab") {
      this.#pick(this.#at);
    } else if (event.key === "Escape") {
      this.#show([]);
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  #pick(place) {
    const before = this.#before;
    const from = before.lastIndexOf("@");
    this.#text.setRangeText(`@${this.#offered[place].name} `, from, before.length, "end");
    this.#show([]);
    this.#text.dispatchEvent(new Event("input", { bubbles: true }));
  }
}
