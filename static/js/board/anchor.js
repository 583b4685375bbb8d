/**
 * Keeps still what somebody is working on while rows come and go above it.
 *
 * A row in hand is the one whose menu is open, the one under a pointer that moved a moment ago, the
 * focused one, or, on a page scrolled down, the first one in sight. To keep one still the page is
 * scrolled. A page that was at its top before is counted as being there still, and glides back to
 * it once the hand is gone: until it has arrived it forgets nothing of how far it was pushed.
 */

import { coveredDownTo } from "./arrivals.js";

const HAND_MS = 2500;
const STALLED_MS = 400;
const CALM = matchMedia("(prefers-reduced-motion: reduce)");

export class Anchor {
  #body;
  #room;
  #pointed = null;
  #movedAt = -Infinity;
  #pushed = 0;
  #left = 0;
  #isGliding = false;
  #hasRoom = false;
  #homing = null;

  constructor(body, room) {
    this.#body = body;
    this.#room = room;
    body.addEventListener("pointermove", (event) => this.#point(event));
    body.addEventListener("pointerleave", () => { this.#pointed = null; });
    addEventListener("keydown", () => { this.#movedAt = performance.now(); });
    addEventListener("scroll", () => this.#scrolled(), { passive: true });
  }

  /** The row to keep still, of those in the page from above to below; null where they may move. */
  choose(rows) {
    const hand = this.#inHand();
    const held = hand && rows.find(({ element }) => element === hand);
    if (held) return held;
    return scrollY > this.#pushed + 1 ? this.#firstInSight(rows) : null;
  }

  /** What is looked at has moved down by so many pixels: scroll after it. */
  compensate(shift) {
    const atTop = scrollY <= this.#pushed + 1;
    this.#makeRoom(shift);
    scrollBy({ top: shift, behavior: "instant" });
    this.#left = scrollY;
    if (!atTop) return;
    this.#pushed = Math.max(0, this.#pushed + shift);
    this.#isGliding = false;
    this.#goHomeLater();
  }

  /** Go to the top of the page, whatever comes in there meanwhile. */
  goHome() {
    const near = 2 * innerHeight;
    if (scrollY > 2 * near) scrollTo({ top: near, behavior: "instant" });
    this.#pushed = scrollY;
    this.#glide();
  }

  /** A page too short to be scrolled that far gets some empty room at its end. */
  #makeRoom(shift) {
    const left = document.documentElement.scrollHeight - innerHeight - scrollY;
    if (shift <= left) return;
    this.#hasRoom = true;
    this.#room.style.height = `${this.#room.offsetHeight + Math.ceil(shift - left)}px`;
  }

  #goHomeLater(wait = HAND_MS + 500) {
    this.#homing ??= setTimeout(() => this.#goHomeIfFree(), wait);
  }

  #goHomeIfFree() {
    this.#homing = null;
    if (!this.#pushed) return;
    if (this.#inHand()) this.#goHomeLater();
    else this.#glide();
  }

  #glide() {
    this.#isGliding = true;
    this.#left = scrollY;
    scrollTo({ top: 0, behavior: CALM.matches ? "instant" : "smooth" });
    this.#goHomeLater(STALLED_MS);
  }

  /** Whoever scrolls further down than the page was pushed wants to be there. */
  #scrolled() {
    if (scrollY <= 0 || scrollY > this.#left + 1) return this.#letGo();
    this.#left = scrollY;
    if (!this.#isGliding) return;
    clearTimeout(this.#homing);
    this.#homing = null;
    this.#goHomeLater(STALLED_MS);
  }

  #letGo() {
    clearTimeout(this.#homing);
    this.#homing = null;
    this.#isGliding = false;
    this.#pushed = 0;
    if (this.#hasRoom) this.#room.style.height = "0px";
    this.#hasRoom = false;
  }

  #point(event) {
    if (event.pointerType !== "mouse") return;
    this.#pointed = event.target.closest(".row");
    this.#movedAt = performance.now();
  }

  #inHand() {
    const asked = this.#body.querySelector(".row[data-menu-open]");
    if (asked) return asked;
    if (performance.now() - this.#movedAt >= HAND_MS) return null;
    if (this.#pointed?.isConnected) return this.#pointed;
    return document.activeElement?.closest?.(".row") ?? null;
  }

  #firstInSight(rows) {
    const top = coveredDownTo(this.#body.parentElement.tHead);
    const topOf = (row) => row.element.getBoundingClientRect().top;
    const at = firstWhere(rows, (row) => topOf(row) >= top - 1);
    return at < rows.length && topOf(rows[at]) < innerHeight ? rows[at] : null;
  }
}

/** The first place from which on something is true of all, by halves. */
function firstWhere(rows, isTrue) {
  let first = 0;
  let end = rows.length;
  while (first < end) {
    const middle = (first + end) >> 1;
    if (isTrue(rows[middle])) end = middle;
    else first = middle + 1;
  }
  return first;
}
