/**
 * Keeps still what somebody is working on while rows come and go above it.
 *
 * Before the rows change, a row in hand is chosen: the one whose menu is open, the one under a
 * pointer that moved a moment ago, the focused one, or, on a page scrolled down, the first one in
 * sight. Afterwards the page is scrolled by as much as that row moved. Once the hand is gone, a
 * page that was at its top before glides back to it.
 */

import { coveredDownTo } from "./arrivals.js";

const HAND_MS = 2500;

export class Anchor {
  #body;
  #room;
  #pointed = null;
  #movedAt = -Infinity;
  #pushed = 0;
  #homing = null;

  constructor(body, room) {
    this.#body = body;
    this.#room = room;
    body.addEventListener("pointermove", (event) => this.#point(event));
    body.addEventListener("pointerleave", () => { this.#pointed = null; });
    addEventListener("keydown", () => { this.#movedAt = performance.now(); });
    for (const type of ["wheel", "touchmove"]) addEventListener(type, () => this.#letGo(), { passive: true });
  }

  /** Run `change`, which adds, moves and removes rows, and keep the row in hand where it is. */
  hold(change) {
    const row = this.#inHand();
    const before = row?.getBoundingClientRect().top;
    change();
    if (!row?.isConnected) return;
    const shift = Math.round(row.getBoundingClientRect().top - before);
    if (shift !== 0) this.#compensate(shift);
  }

  #compensate(shift) {
    const atTop = scrollY <= this.#pushed + 1;
    this.#makeRoom(shift);
    scrollBy({ top: shift, behavior: "instant" });
    if (!atTop) return;
    this.#pushed = Math.max(0, this.#pushed + shift);
    this.#goHomeLater();
  }

  /** A page too short to be scrolled that far gets some empty room at its end. */
  #makeRoom(shift) {
    const left = document.documentElement.scrollHeight - innerHeight - scrollY;
    if (shift > left) this.#room.style.height = `${this.#room.offsetHeight + Math.ceil(shift - left)}px`;
  }

  #goHomeLater() {
    clearTimeout(this.#homing);
    this.#homing = setTimeout(() => this.#goHome(), HAND_MS + 500);
  }

  #goHome() {
    if (!this.#pushed) return;
    if (this.#inHand()) return this.#goHomeLater();
    scrollTo({ top: 0, behavior: "smooth" });
    this.#letGo();
  }

  #letGo() {
    clearTimeout(this.#homing);
    this.#pushed = 0;
    if (this.#room.offsetHeight) this.#room.style.height = "0px";
  }

  #point(event) {
    if (event.pointerType !== "mouse") return;
    this.#pointed = event.target.closest(".row");
    this.#movedAt = performance.now();
  }

  #inHand() {
    const asked = this.#body.querySelector(".row[data-menu-open]");
    if (asked) return asked;
    const active = performance.now() - this.#movedAt < HAND_MS;
    if (active && this.#pointed?.isConnected) return this.#pointed;
    const focused = document.activeElement?.closest?.(".row");
    if (active && focused) return focused;
    return scrollY > this.#pushed + 1 ? this.#firstInSight() : null;
  }

  #firstInSight() {
    const top = coveredDownTo(this.#body.parentElement.tHead);
    return [...this.#body.rows].find((row) => row.getBoundingClientRect().top >= top - 1) ?? null;
  }
}
