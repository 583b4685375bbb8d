/** The orders that are selected, whether they are in the page or not. Event: "change". */

export class Selection extends EventTarget {
  #known;
  #chosen = new Map();
  #anchor = null;

  /** `known(id)` is an order as it is now, where the page knows it. */
  constructor(known) {
    super();
    this.#known = known;
  }

  get size() {
    return this.#chosen.size;
  }

  get ids() {
    return [...this.#chosen.keys()];
  }

  /** The selected orders, as new as the page knows them. */
  get orders() {
    return [...this.#chosen].map(([id, order]) => this.#known(id) ?? order);
  }

  /** The order from which a range is selected, if there is one. */
  get anchor() {
    return this.#anchor;
  }

  has(id) {
    return this.#chosen.has(id);
  }

  /** Select an order or let it go; ranges begin here. */
  set(order, isChosen) {
    this.#anchor = order.id;
    if (isChosen) this.#chosen.set(order.id, order);
    else this.#chosen.delete(order.id);
    this.#tell();
  }

  toggle(order) {
    this.set(order, !this.has(order.id));
  }

  /** Select these as well. */
  add(orders) {
    for (const order of orders) this.#chosen.set(order.id, order);
    this.#tell();
  }

  /** Let all go but these. */
  keep(ids) {
    const kept = new Set(ids);
    for (const id of this.ids) if (!kept.has(id)) this.#chosen.delete(id);
    this.#tell();
  }

  clear() {
    this.#anchor = null;
    this.keep([]);
  }

  #tell() {
    this.dispatchEvent(new Event("change"));
  }
}
