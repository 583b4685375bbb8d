/** The drivers there are, kept as they are now. Event: "change". */

export class Drivers extends EventTarget {
  #all;

  constructor(known) {
    super();
    this.#all = new Map(known.map((driver) => [driver.id, driver]));
  }

  get all() {
    return [...this.#all.values()].sort((a, b) => a.name.localeCompare(b.name));
  }

  /** A driver as an answer or an event showed them. */
  take(driver) {
    this.#all.set(driver.id, driver);
    this.dispatchEvent(new Event("change"));
  }
}
