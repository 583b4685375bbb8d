/** The parts of the customer's page: what the server has rendered, swapped where it differs. */

import { setText } from "../lib/dom.js";
import { localise } from "../lib/localise.js";
import { heldFocus } from "./focus.js";
import { newsBetween, sayings } from "./news.js";
import { Place } from "./place.js";

export class View {
  #shown;
  #place = new Place();
  #prepare;

  /** `fragment` is what the page came with; `prepare(part)` is called with each part put in. */
  constructor(fragment, prepare) {
    this.#shown = fragment;
    this.#prepare = prepare;
    localise(document.querySelector("main"));
    for (const part of document.querySelectorAll("[data-part]")) prepare(part);
  }

  get version() {
    return this.#shown.version;
  }

  /** Show what the server has rendered; parts that came out as they were are left alone. */
  take(fragment) {
    if (fragment.isOlderThan(this.#shown)) return;
    const before = sayings();
    for (const [name, html] of fragment.parts) {
      if (html !== this.#shown.parts.get(name)) this.#swap(name, html);
    }
    this.#shown = fragment;
    this.#place.settle(fragment.asked);
    Object.assign(document.getElementById("order").dataset, { version: fragment.version, title: fragment.title });
    document.title = fragment.title;
    const news = newsBetween(before, sayings());
    if (news.length > 0) setText(document.getElementById("announcements"), news.join(" "));
  }

  /** Where the order is just now, which is no change of it. */
  place(location) {
    this.#place.hear(location);
  }

  #swap(name, html) {
    const part = document.querySelector(`[data-part="${CSS.escape(name)}"]`);
    if (!part) return;
    const giveBack = heldFocus(part);
    part.innerHTML = html;
    localise(part);
    this.#prepare(part);
    giveBack();
    if (!("quiet" in part.dataset)) pointOut(part);
  }
}

function pointOut(part) {
  part.classList.remove("changed");
  void part.offsetWidth; // Without a layout in between the animation would not begin again.
  part.classList.add("changed");
}
