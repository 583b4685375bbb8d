/** The connection badge, the auto-refresh switch and what is said when the session has ended. */

import { oncePerFrame, setText } from "../lib/dom.js";
import { plural } from "../lib/format.js";

export class Connection {
  #live;
  #feed;
  #badge = document.getElementById("connection");
  #switch = document.getElementById("auto-refresh");
  #notice = document.getElementById("notice");
  #show = oncePerFrame(() => this.#showNow());
  #last = { state: "reconnecting", position: null };

  constructor(live, feed) {
    this.#live = live;
    this.#feed = feed;
    feed.addEventListener("state", ({ detail }) => this.#hear(detail));
    live.addEventListener("held", () => this.#show());
    live.addEventListener("change", () => this.#show());
    this.#switch.addEventListener("click", () => this.toggle());
  }

  start() {
    this.#feed.start();
  }

  /** Let the board stand still, or go on. */
  toggle() {
    this.#live.switch(!this.#live.isOff);
    this.#switch.setAttribute("aria-checked", String(!this.#live.isOff));
    this.#show();
  }

  #hear(detail) {
    this.#last = detail;
    if ([401, 403, 404].includes(detail.status)) this.#sayGoodbye();
    this.#show();
  }

  #showNow() {
    if (!this.#live.isOff) return this.#badge.show(this.#last);
    const { waiting, store } = this.#live;
    const note = waiting ? `${plural(waiting, "change")} waiting` : "nothing new";
    this.#badge.show({ state: "off", position: store.position, note, title: "Auto-refresh is off: the board stands still." });
  }

  /** The server refused for good: what is shown will not change any more. */
  #sayGoodbye() {
    const link = Object.assign(document.createElement("a"), { href: "/admin/sign-in", textContent: "Sign in again" });
    setText(this.#notice, "You are signed out; the board no longer follows the orders. ");
    this.#notice.append(link);
  }
}
