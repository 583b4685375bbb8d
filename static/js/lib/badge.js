/**
 * <connection-badge>: how the page hears of changes, and how far it has caught up.
 *
 *   badge.follow(feed)              show a feed's own state from now on
 *   badge.show({state, position, note, title})
 *
 * With the attribute `plain`, for customers and drivers, it says whether the page is live, and no
 * positions.
 */

import { el, setText } from "./dom.js";
import { count } from "./format.js";

const WORDS = {
  live: ["Live", "Changes appear here the moment they happen."],
  reconnecting: ["Reconnecting", "The connection was lost. Nothing is missed: it goes on where it stopped."],
  polling: ["Polling", "The live stream cannot be had; changes are fetched every few seconds."],
  off: ["Off", "This page does not change by itself at the moment."],
};

class ConnectionBadge extends HTMLElement {
  #state = el("span.state", { role: "status" });
  #position = el("span.position", { "aria-hidden": "true" });
  #feed = null;
  #listener = (event) => this.show(event.detail);

  connectedCallback() {
    this.replaceChildren(this.#state, this.#position);
    if (!this.hasAttribute("state")) this.show({ state: "reconnecting", position: null });
  }

  follow(feed) {
    this.unfollow();
    this.#feed = feed;
    feed.addEventListener("state", this.#listener);
  }

  unfollow() {
    this.#feed?.removeEventListener("state", this.#listener);
    this.#feed = null;
  }

  show({ state, position, note, title }) {
    const [word, meaning] = WORDS[state];
    const reached = this.hasAttribute("plain") ? null : positionNumber(position);
    this.setAttribute("state", state);
    setText(this.#state, word);
    setText(this.#position, note ?? (reached === null ? "" : `#${count(reached)}`));
    this.title = [title ?? meaning, reached === null ? "" : `Caught up to change ${count(reached)} (${position}).`].join(" ").trim();
    if (position) this.dataset.position = position;
  }
}

/** The counting part of `9c41-1042`; a bare number is taken as it is. */
function positionNumber(position) {
  if (position === null || position === undefined || position === "") return null;
  return Number(String(position).split("-").pop());
}

customElements.define("connection-badge", ConnectionBadge);
