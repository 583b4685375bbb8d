/** The staff, kept as they are now, and who of them sits here. Event: "change". */

export class Team extends EventTarget {
  #all;

  constructor(known, me) {
    super();
    this.me = me;
    this.#all = new Map(known.map((member) => [member.id, member]));
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
