/** The staff, kept as they are now, and who of them sits here. Event: "change". */

import { Presence } from "./presence.js";

export class Team extends EventTarget {
  #all;

  /** `presence`: which of them are here too. */
  constructor(known, me, feed) {
    super();
    this.me = me;
    this.presence = new Presence(me, feed);
    this.#all = new Map(known.map((member) => [member.id, member]));
    feed.addEventListener("message", ({ detail }) => detail.staff && this.take(detail.staff));
  }

  /** Whoever sits here first, the others by name. */
  get all() {
    return [...this.#all.values()].sort((a, b) => (b.id === this.me) - (a.id === this.me) || a.name.localeCompare(b.name));
  }

  /** Somebody as an event showed them; without a role they are there no more. */
  take(member) {
    if (member.role) this.#all.set(member.id, member);
    else this.#all.delete(member.id);
    this.dispatchEvent(new Event("change"));
  }
}
