/**
 * Dragging cards from column to column, by mouse, pen or finger. A finger has to rest on the card a
 * moment first: moved at once, it scrolls.
 *
 * While a card is dragged the columns it may not come to are dimmed (`data-illegal`), and the one it
 * is over is marked (`data-over`). Escape puts it back.
 */

const FAR_PX = 5;
const REST_MS = 280;
const EDGE_PX = 48;
const SCROLL_PX = 14;

export class Dragging {
  #root;
  #rules;
  #grip = null;
  #ghost = null;
  #over = null;
  #isStopped = false;

  /** `rules`: `orderOf(id)`, `isLegal(order, column)` and `drop(order, column)`; columns are elements. */
  constructor(root, rules) {
    this.#root = root;
    this.#rules = rules;
    root.addEventListener("pointerdown", (event) => this.#take(event));
    addEventListener("pointermove", (event) => this.#move(event));
    addEventListener("pointerup", (event) => this.#letGo(event));
    addEventListener("pointercancel", () => this.#end());
    addEventListener("keydown", (event) => this.#escape(event), { capture: true });
    root.addEventListener("dragstart", (event) => event.preventDefault());
    // A browser begins to scroll unless it is told not to, with each move of the finger.
    root.addEventListener("touchmove", (event) => this.#ghost && event.preventDefault(), { passive: false });
    root.addEventListener("contextmenu", (event) => this.#grip?.isTouch && event.preventDefault());
    // What ends a drag is no click on the card.
    root.addEventListener("click", (event) => this.#swallow(event), { capture: true });
  }

  #take(event) {
    const card = event.target.closest(".order-card");
    const order = card && this.#rules.orderOf(card.dataset.id);
    if (!order || event.button !== 0 || !event.isPrimary || event.target.closest("button")) return;
    const isTouch = event.pointerType === "touch";
    this.#isStopped = false;
    this.#grip = { card, order, isTouch, x: event.clientX, y: event.clientY, at: event };
    if (isTouch) this.#grip.timer = setTimeout(() => this.#lift(), REST_MS);
  }

  #move(event) {
    const grip = this.#grip;
    if (!grip || !event.isPrimary) return;
    grip.at = event;
    const isFar = Math.hypot(event.clientX - grip.x, event.clientY - grip.y) > FAR_PX;
    if (this.#ghost) this.#follow();
    else if (isFar && grip.isTouch) this.#end();
    else if (isFar) this.#lift();
  }

  #lift() {
    const { card, order } = this.#grip;
    const { left, top, width } = card.getBoundingClientRect();
    this.#grip.offset = { x: this.#grip.x - left, y: this.#grip.y - top };
    this.#ghost = card.cloneNode(true);
    this.#ghost.classList.add("ghost");
    this.#ghost.setAttribute("aria-hidden", "true");
    this.#ghost.removeAttribute("tabindex");
    this.#ghost.style.width = `${width}px`;
    document.body.append(this.#ghost);
    card.classList.add("is-dragged");
    document.body.classList.add("is-dragging");
    for (const column of this.#columns) {
      const isOwn = column.contains(card);
      column.toggleAttribute("data-illegal", !isOwn && !this.#rules.isLegal(order, column));
    }
    getSelection()?.removeAllRanges();
    this.#follow();
    this.#scroll();
  }

  #follow() {
    const { at, offset } = this.#grip;
    this.#ghost.style.transform = `translate(${at.clientX - offset.x}px, ${at.clientY - offset.y}px) rotate(1.5deg)`;
    const over = document.elementFromPoint(at.clientX, at.clientY)?.closest(".column") ?? null;
    if (over === this.#over) return;
    this.#over?.removeAttribute("data-over");
    over?.setAttribute("data-over", "");
    this.#over = over;
  }

  /** Near an edge the columns come along. */
  #scroll() {
    if (!this.#ghost) return;
    const { left, right } = this.#root.getBoundingClientRect();
    const { clientX } = this.#grip.at;
    const by = clientX > right - EDGE_PX ? SCROLL_PX : clientX < left + EDGE_PX ? -SCROLL_PX : 0;
    if (by) {
      this.#root.scrollBy({ left: by, behavior: "instant" });
      this.#follow();
    }
    requestAnimationFrame(() => this.#scroll());
  }

  #letGo(event) {
    if (!this.#grip || !event.isPrimary) return;
    const { card, order } = this.#grip;
    const column = this.#ghost ? this.#over : null;
    const isOwn = column?.contains(card);
    this.#end();
    // Meanwhile it may have changed.
    if (column && !isOwn) this.#rules.drop(this.#rules.orderOf(order.id) ?? order, column);
  }

  #end() {
    if (!this.#grip) return;
    clearTimeout(this.#grip.timer);
    this.#isStopped = this.#ghost !== null;
    this.#grip.card.classList.remove("is-dragged");
    this.#ghost?.remove();
    this.#over?.removeAttribute("data-over");
    for (const column of this.#columns) column.removeAttribute("data-illegal");
    document.body.classList.remove("is-dragging");
    [this.#grip, this.#ghost, this.#over] = [null, null, null];
  }

  #escape(event) {
    if (event.key !== "Escape" || !this.#ghost) return;
    event.stopImmediatePropagation();
    event.preventDefault();
    this.#end();
  }

  #swallow(event) {
    if (!this.#isStopped) return;
    this.#isStopped = false;
    event.preventDefault();
    event.stopPropagation();
  }

  get #columns() {
    return this.#root.querySelectorAll(".column");
  }
}
