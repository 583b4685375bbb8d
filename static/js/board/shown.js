/** The orders in the view that is chosen. Each view can do the same things; the others rest. */

export class Shown {
  #views;
  #parts;

  /** `parts`: a view for each name that `views` has. */
  constructor(views, parts) {
    this.#views = views;
    this.#parts = parts;
  }

  get #active() {
    return this.#parts[this.#views.current];
  }

  /** Draw at the next frame. `placed` are ids of orders that have only just been placed. */
  draw(placed) {
    this.#active.draw(placed);
  }

  /** What shows an order, if it is in the page: `{order, element, statusButton, setBusy}`. */
  row(id) {
    return this.#active.row(id);
  }

  /** The one that has the focus, or that is open in the panel. */
  get current() {
    return this.#active.current;
  }

  neighbour(step) {
    return this.#active.neighbour(step);
  }

  /** Mark the order that is open in the panel. */
  mark(id) {
    this.#active.mark(id);
  }

  /** Bring an order into hand. Answers whether it is shown. */
  focus(id) {
    return this.#active.focus(id);
  }

  /** Let the chosen view come, and the others go. */
  change() {
    for (const part of Object.values(this.#parts)) if (part !== this.#active) part.show?.(false);
    this.#active.show?.(true);
    this.#active.draw();
  }

  /** What has to be read for what somebody looks for. */
  filter(wanted) {
    return this.#active.filter?.(wanted) ?? wanted;
  }
}
