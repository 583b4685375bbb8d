/** What of the page follows the order, as the server renders it now (templates/track/_order.html). */

import { readText } from "../feed/ask.js";

export class Fragment {
  /** `root` is the rendered element; `position` where the log was, `asked` when it was asked for. */
  constructor(root, position, asked) {
    this.version = Number(root.dataset.version);
    this.title = root.dataset.title;
    this.position = position;
    this.asked = asked;
    this.parts = new Map([...root.querySelectorAll("[data-part]")].map((part) => [part.dataset.part, part.innerHTML]));
  }

  /** Of one life of the log the higher version is the newer one; another life begins anew. */
  isOlderThan(other) {
    return this.#epoch === other.#epoch && this.version < other.version;
  }

  get #epoch() {
    return this.position.slice(0, this.position.lastIndexOf("-"));
  }
}

/** Asks `address` for the newest: a Fragment, or its new position alone where nothing differs. */
export function fragmentReader(address) {
  let etag = null;
  return async () => {
    const asked = performance.now();
    const { text, headers } = await readText(address, etag);
    const position = headers.get("Orderboard-Position");
    if (text === null) return { position, fragment: null };
    const page = new DOMParser().parseFromString(text, "text/html");
    const fragment = new Fragment(page.getElementById("order"), position, asked);
    etag = headers.get("ETag");
    return { position, fragment };
  };
}
