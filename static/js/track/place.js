/** Where the order is: told again and again on its way, and shown without asking the server. */

import { localiseTime } from "../lib/localise.js";

const MAP = "https://www.openstreetmap.org/";

export class Place {
  #newest = null;
  #heardAt = -Infinity;

  /** A place, or null for none. Signals may overtake each other. */
  hear(location) {
    if (location && this.#shownAt > location.at) return;
    this.#newest = location;
    this.#heardAt = performance.now();
    this.#show();
  }

  /** The part was rendered anew, from what was known when it was asked for, or somewhat later. */
  settle(asked) {
    if (this.#heardAt < asked) return;
    if (!this.#newest || !(this.#shownAt > this.#newest.at)) this.#show();
  }

  get #shownAt() {
    return document.querySelector("[data-place] time")?.getAttribute("datetime") ?? null;
  }

  #show() {
    const location = this.#newest;
    for (const element of document.querySelectorAll("[data-place]")) element.hidden = !location;
    const time = document.querySelector("[data-place] time");
    if (!time) return;
    if (!location) return time.removeAttribute("datetime");
    const { lat, lng, at } = location;
    document.querySelector("[data-place] a").href = `${MAP}?mlat=${lat}&mlon=${lng}#map=15/${lat}/${lng}`;
    time.dateTime = at;
    localiseTime(time);
  }
}
