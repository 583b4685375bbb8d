/** What is done to all selected orders: sent in pieces, told as one, taken back as one. */

import { count, plural } from "../lib/format.js";
import { toast } from "../lib/toasts.js";
import { inPieces } from "./batches.js";
import { showOutcome } from "./outcome.js";

export class Many {
  #live;
  #selection;
  #undoing;
  #progress;

  /** `progress(done, all)` shows how far it is; `done` null when it is over. */
  constructor(live, selection, undoing, progress) {
    this.#live = live;
    this.#selection = selection;
    this.#undoing = undoing;
    this.#progress = progress;
  }

  /** Change orders; `body` is what to send beside their ids, `goal` says how they are then. `left`:
   *  those that were selected too and are not asked for, `{id, why}` each. */
  async change(what, ids, body, goal, left = []) {
    const send = (piece) => ({ ids: piece, ...body });
    const { done, failed } = await this.#run(`/api/orders/bulk/${what}`, ids, send);
    const others = [...failed, ...left];
    const changes = done.filter(({ position }) => position).map(({ id, position }) => ({ id, position }));
    const title = `${plural(done.length, "order")} ${done.length === 1 ? "is" : "are"} ${goal}`;
    if (changes.length) this.#undoing.offer(title, () => this.undo(changes));
    else if (done.length) toast({ key: "done", title, detail: "They were before.", tone: "info" });
    const all = plural(ids.length + left.length, "order");
    this.#close(others, done.length ? `${count(done.length)} of ${all} ${done.length === 1 ? "is" : "are"} ${goal}` : `No order is ${goal}`);
  }

  /** Take changes back: `{id, position}` each. */
  async undo(changes) {
    const { done, failed } = await this.#run("/api/orders/bulk/undo", changes, (undo) => ({ undo }));
    if (done.length) {
      const again = done.map(({ id, position }) => ({ id, position }));
      toast({ key: "done", title: `Taken back: ${plural(done.length, "order")}`, tone: "good", action: { label: "Redo", run: () => this.undo(again) }, stays: 12_000 });
    }
    if (failed.length) showOutcome(`${count(done.length)} of ${count(changes.length)} were taken back`, failed, (id) => this.#number(id));
  }

  async #run(url, things, send) {
    const found = await inPieces(url, things, send, (done) => this.#progress(done, things.length));
    for (const { order } of found.done) this.#live.absorb(order);
    this.#progress(null);
    return found;
  }

  /** Those that did not go stay selected, for another try. */
  #close(failed, title) {
    if (!failed.length) return this.#selection.clear();
    showOutcome(title, failed, (id) => this.#number(id));
    return this.#selection.keep(failed.map(({ id }) => id));
  }

  #number(id) {
    const order = this.#live.store.known.get(id) ?? this.#selection.orders.find((one) => one.id === id);
    return order ? `#${order.number}` : id;
  }
}
