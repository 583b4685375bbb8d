/** The screen of a wall: it does not go dark, it can be filled, and it has a clock. */

import { setText } from "../lib/dom.js";

const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });

export class Screen {
  #isOn = false;
  #lock = null;
  #isAsking = false;
  #clock;

  /** `button` fills the screen; `time` shows the clock. */
  constructor(button, time) {
    this.#clock = time;
    button.hidden = !document.fullscreenEnabled;
    button.addEventListener("click", () => fill());
    document.addEventListener("fullscreenchange", () => button.setAttribute("aria-pressed", String(Boolean(document.fullscreenElement))));
    // A browser lets the lock go with the page out of sight.
    document.addEventListener("visibilitychange", () => this.#hold());
    setInterval(() => this.#tick(), 1000);
  }

  /** A wall is shown, or no longer. */
  turn(isOn) {
    this.#isOn = isOn;
    this.#tick();
    if (isOn) return this.#hold();
    this.#letGo();
    if (document.fullscreenElement) document.exitFullscreen();
  }

  #tick() {
    if (this.#isOn) setText(this.#clock, clock.format(new Date()));
  }

  async #hold() {
    const isHeld = this.#lock && !this.#lock.released;
    if (!this.#isOn || isHeld || this.#isAsking || document.hidden || !navigator.wakeLock) return;
    this.#isAsking = true;
    try {
      this.#lock = await navigator.wakeLock.request("screen");
    } catch {
      // A battery that runs low forbids it: then the screen goes dark as the device wants.
    }
    this.#isAsking = false;
    // The wall may have been left meanwhile.
    if (!this.#isOn) this.#letGo();
  }

  #letGo() {
    this.#lock?.release();
    this.#lock = null;
  }
}

function fill() {
  if (document.fullscreenElement) document.exitFullscreen();
  // Some devices refuse, and there is nothing more to be done.
  else document.documentElement.requestFullscreen().catch(() => {});
}
