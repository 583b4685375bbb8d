/**
 * Selecting rows of the table: by their boxes, with Shift for all between two, by keys, and on a
 * touch screen by holding a row, after which others are tapped.
 */

const HOLD_MS = 450;
const MOVED_PX = 10;
const TOUCHES = matchMedia("(max-width: 47.5rem)");

export class Picking {
  #root;
  #all;
  #list;
  #shown;
  #selection;
  #isHeld = false;
  #shows = 0;

  /** `list` has `count()`, `at(place)` and `find(id)`; `shown` the row in hand and its neighbours. */
  constructor(root, list, shown, selection) {
    this.#root = root;
    this.#all = root.querySelector("#select-all");
    this.#list = list;
    this.#shown = shown;
    this.#selection = selection;
    root.addEventListener("click", (event) => this.#clicked(event), { capture: true });
    root.addEventListener("mousedown", (event) => event.shiftKey && event.target.closest(".row") && event.preventDefault());
    root.addEventListener("pointerdown", (event) => this.#pressed(event));
    root.addEventListener("contextmenu", (event) => this.#isHeld && event.preventDefault());
    selection.addEventListener("change", () => this.show());
  }

  /** Select the order in hand, or let it go. Answers whether there is one. */
  toggle() {
    const row = this.#rowInHand;
    if (row) this.#selection.toggle(row.order);
    return Boolean(row);
  }

  /** Go a step and select what is there as well. */
  extend(step) {
    const row = this.#rowInHand;
    if (!row) return false;
    if (!this.#selection.has(this.#selection.anchor)) this.#selection.set(row.order, true);
    const next = this.#shown.neighbour(step);
    this.#shown.focus(next.id);
    this.#upTo(next);
    return true;
  }

  /** Have the rows that are in the page say whether they are selected. */
  show() {
    const { size } = this.#selection;
    if (!size && !this.#shows) return;
    this.#shows = size;
    document.body.classList.toggle("is-selecting", size > 0);
    for (const element of this.#root.querySelectorAll(".row")) {
      const isChosen = this.#selection.has(element.dataset.id);
      if (element.hasAttribute("data-selected") !== isChosen) element.toggleAttribute("data-selected", isChosen);
      const box = element.querySelector(".row-check");
      if (box.checked !== isChosen) box.checked = isChosen;
    }
    const isAll = this.#hasAll();
    this.#all.checked = isAll;
    this.#all.indeterminate = size > 0 && !isAll;
  }

  get #rowInHand() {
    return document.body.classList.contains("view-table") ? this.#shown.current : null;
  }

  #inList() {
    return Array.from({ length: this.#list.count() }, (_, place) => this.#list.at(place));
  }

  #hasAll() {
    const count = this.#list.count();
    if (!count || this.#selection.size < count) return false;
    for (let place = 0; place < count; place += 1) if (!this.#selection.has(this.#list.at(place).id)) return false;
    return true;
  }

  #clicked(event) {
    if (event.target === this.#all) return this.#clickedAll();
    const id = event.target.closest(".row")?.dataset.id;
    const order = id && this.#list.at(this.#list.find(id));
    const isBox = event.target.matches(".row-check");
    if (!order || !(isBox || event.shiftKey || this.#isHeld || this.#isTapping(event))) return;
    event.stopPropagation();
    if (event.shiftKey) this.#upTo(order);
    else if (isBox) this.#selection.set(order, event.target.checked);
    else if (!this.#isHeld) this.#selection.toggle(order);
    if (!isBox) event.preventDefault();
    this.#isHeld = false;
    this.show();
  }

  #clickedAll() {
    const wanted = this.#all.checked;
    if (wanted) this.#selection.add(this.#inList());
    else this.#selection.clear();
  }

  /** Where there is little room the whole row is a box, once one is selected. */
  #isTapping() {
    return TOUCHES.matches && (this.#selection.size > 0 || document.body.classList.contains("is-choosing"));
  }

  #upTo(order) {
    const from = this.#list.find(this.#selection.anchor);
    const to = this.#list.find(order.id);
    if (from < 0) return this.#selection.set(order, true);
    const [first, last] = [Math.min(from, to), Math.max(from, to)];
    return this.#selection.add(Array.from({ length: last - first + 1 }, (_, n) => this.#list.at(first + n)));
  }

  /** A finger that rests on a row selects it. */
  #pressed(event) {
    const id = event.target.closest(".row")?.dataset.id;
    this.#isHeld = false;
    if (event.pointerType === "mouse" || !id) return;
    const timer = setTimeout(() => {
      this.#isHeld = true;
      const order = this.#list.at(this.#list.find(id));
      if (order) this.#selection.toggle(order);
      navigator.vibrate?.(10);
    }, HOLD_MS);
    const ends = new AbortController();
    const end = () => { clearTimeout(timer); ends.abort(); };
    const isFar = (now) => Math.hypot(now.clientX - event.clientX, now.clientY - event.clientY) > MOVED_PX;
    addEventListener("pointermove", (now) => isFar(now) && end(), { signal: ends.signal });
    for (const name of ["pointerup", "pointercancel"]) addEventListener(name, end, { signal: ends.signal });
  }
}
