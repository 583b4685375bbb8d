/**
 * The things that a page lists, read page by page, in the order of the server's list.
 *
 * Events: "change" (which are shown), "failed" with an ApiError; subclasses tell of more.
 */

import { get } from "./api.js";

export class PagedStore extends EventTarget {
  #path;
  #key;
  #limit;
  #filter = {};
  #next = null;
  #reading = 0;
  #shown = new Map();

  /** `path`: of the API, whose last word names the list; `key`: the field that tells two apart. */
  constructor(path, key, limit, page) {
    super();
    this.#path = path;
    this.#key = key;
    this.#limit = limit;
    this.#take(page);
  }

  get all() {
    return [...this.#shown.values()];
  }

  get hasMore() {
    return this.#next !== null;
  }

  get isFiltered() {
    return Object.keys(this.#filter).length > 0;
  }

  find(key) {
    return this.#shown.get(key);
  }

  /** Read what matches, from the beginning; as many as are shown now if it is the same filter. */
  async read(filter = this.#filter) {
    const turn = ++this.#reading;
    const wanted = JSON.stringify(filter) === JSON.stringify(this.#filter) ? this.#shown.size : 0;
    this.#filter = filter;
    try {
      let page = await this.#ask(null);
      const found = [...this.#in(page)];
      while (page.next && found.length < wanted) {
        page = await this.#ask(page.next);
        found.push(...this.#in(page));
      }
      if (turn !== this.#reading) return;
      this.#shown.clear();
      this.#put(found, page.next);
      this.tell("change");
    } catch (error) {
      if (turn === this.#reading) this.tell("failed", error);
    }
  }

  async more() {
    const turn = this.#reading;
    try {
      const page = await this.#ask(this.#next);
      if (turn !== this.#reading) return;
      this.#take(page);
      this.tell("change");
    } catch (error) {
      this.tell("failed", error);
    }
  }

  /** Show a thing as it is now; whether it was shown before. */
  replace(thing) {
    const key = thing[this.#key];
    const known = this.#shown.has(key);
    if (known) this.#shown.set(key, thing);
    return known;
  }

  /** Somebody or something is not in the list any more. */
  drop(key) {
    if (this.#shown.delete(key)) this.tell("change");
  }

  tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  #ask(cursor) {
    const query = new URLSearchParams({ ...this.#filter, limit: this.#limit });
    if (cursor) query.set("cursor", cursor);
    return get(`${this.#path}?${query}`);
  }

  #in(page) {
    return page[this.#path.split("/").at(-1)];
  }

  #take(page) {
    this.#put(this.#in(page), page.next);
  }

  #put(things, next) {
    for (const thing of things) this.#shown.set(thing[this.#key], thing);
    this.#next = next;
  }
}
