/**
 * The rows that are in the page: made, changed and removed as the list and the view want it.
 *
 * A row with the focus or an open menu stays when it leaves the view, apart from the others: the
 * keyboard would lose its place.
 */

import { Row } from "./row.js";

const MOST_FLASHED = 20;

export class Rows {
  #body;
  #list;
  #fresh;
  #all = new Map();
  #inFlow = [];
  #marked = null;

  constructor(body, list, fresh) {
    this.#body = body;
    this.#list = list;
    this.#fresh = fresh;
  }

  /** The rows of the view, from above to below. */
  get inFlow() {
    return this.#inFlow;
  }

  get(id) {
    return this.#all.get(id) ?? null;
  }

  /** The row that has the focus, or the one that is marked. */
  get current() {
    return this.get(document.activeElement?.closest?.(".row")?.dataset.id) ?? this.get(this.#marked);
  }

  /** Where the current row stands in the list, in the page or not; -1 where there is none. */
  get currentPlace() {
    return this.#list.find(this.current?.order.id ?? this.#marked);
  }

  /** Have the rows from one place to before another in the page, each `height` pixels high.
   *  Answers whether anything on the page has changed. */
  show({ first, end }, height) {
    const wanted = new Map();
    for (let place = first; place < end; place += 1) wanted.set(this.#list.at(place).id, place);
    const lost = this.#letGo(wanted, height);
    const inHand = this.#body.contains(document.activeElement) ? document.activeElement : null;
    const isOther = this.#fill(wanted) || lost.any;
    if (inHand?.isConnected && inHand !== document.activeElement) inHand.focus({ preventScroll: true });
    if (lost.focusAt !== null) this.#focusNear(lost.focusAt - first);
    if (isOther) this.#keepReachable();
    return isOther;
  }

  mark(id = null) {
    if (id !== this.#marked) this.get(this.#marked)?.setMarked(false);
    this.#marked = id;
    this.get(id)?.setMarked(true);
  }

  /** Bring a row into hand: focused, in sight, and the one that tabbing comes back to. */
  focus(id) {
    const { element } = this.get(id);
    for (const other of this.#body.querySelectorAll('.row[tabindex="0"]')) other.tabIndex = -1;
    element.tabIndex = 0;
    element.focus({ preventScroll: true });
    element.scrollIntoView({ block: "nearest" });
  }

  tick(now) {
    for (const row of this.#all.values()) row.tick(now);
  }

  #letGo(wanted, height) {
    const lost = { any: false, focusAt: null };
    for (const [id, row] of this.#all) {
      const isWanted = wanted.has(id);
      const place = isWanted ? wanted.get(id) : this.#list.find(id);
      const { isInHand } = row;
      if (isWanted || (place >= 0 && isInHand)) {
        row.place = place;
        row.standApart(isWanted ? null : place * height);
        continue;
      }
      if (row.hasFocus) lost.focusAt = row.place;
      lost.any = true;
      this.#all.delete(id);
      row.element.remove();
    }
    return lost;
  }

  #fill(wanted) {
    const flash = this.#flashes();
    const inFlow = [];
    let isOther = false;
    let next = this.#body.firstElementChild;
    for (const [id, place] of wanted) {
      const order = this.#list.at(place);
      const row = this.#all.get(id) ?? this.#make(order, place, flash);
      if (row.order !== order) {
        row.update(order, flash());
        isOther = true;
      }
      while (this.#standsBefore(next, place)) next = next.nextElementSibling;
      if (row.element === next) next = next.nextElementSibling;
      else {
        this.#body.insertBefore(row.element, next);
        isOther = true;
      }
      inFlow.push(row);
    }
    this.#inFlow = inFlow;
    return isOther;
  }

  #standsBefore(element, place) {
    const row = element && this.get(element.dataset.id);
    return Boolean(row) && row.place < place;
  }

  #make(order, place, flash) {
    const row = new Row(order);
    row.place = place;
    if (order.id === this.#marked) row.setMarked(true);
    if (this.#fresh.has(order.id) && flash()) row.markFresh();
    this.#all.set(order.id, row);
    return row;
  }

  /** Too much light at once says nothing. */
  #flashes() {
    let flashed = 0;
    return () => ++flashed <= MOST_FLASHED;
  }

  /** The focus goes on to the neighbour, so that the keyboard does not lose its place. */
  #focusNear(at) {
    const near = this.#inFlow[Math.max(0, Math.min(this.#inFlow.length - 1, at))];
    near?.element.focus({ preventScroll: true });
  }

  /** One row is always in the order of tabbing, so that the keyboard finds the table. */
  #keepReachable() {
    if (!this.#body.querySelector('.row[tabindex="0"]')) this.#inFlow[0]?.element.setAttribute("tabindex", "0");
  }
}
