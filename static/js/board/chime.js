/** A sound, made here, again and again until it is hushed. */

const EVERY_MS = 4000;
const NOTES = [[880, 0], [1174.66, 0.18], [880, 0.36]];
const LASTS = 0.5;
const LOUD = 0.35;

export class Chime extends EventTarget {
  #audio = null;
  #timer = null;

  /** A browser plays nothing before somebody has clicked or typed on the page. */
  get isBlocked() {
    return this.#audio !== null && this.#audio.state !== "running";
  }

  get isRinging() {
    return this.#timer !== null;
  }

  get isPossible() {
    return "AudioContext" in globalThis;
  }

  /** "state" is dispatched when the browser lets sound through, or no longer. */
  ring() {
    if (this.#timer !== null || !this.isPossible) return;
    this.#listen();
    this.#timer = setInterval(() => this.#play(), EVERY_MS);
    this.#play();
  }

  hush() {
    clearInterval(this.#timer);
    this.#timer = null;
  }

  #listen() {
    if (this.#audio) return;
    this.#audio = new AudioContext();
    this.#audio.addEventListener("statechange", () => this.dispatchEvent(new Event("state")));
    const allow = () => this.isBlocked && this.#audio.resume();
    // The press already would do; but what is drawn then moves the button away from the release.
    for (const gesture of ["click", "keydown"]) addEventListener(gesture, allow, { capture: true });
  }

  #play() {
    if (this.isBlocked) return;
    for (const [pitch, after] of NOTES) note(this.#audio, pitch, this.#audio.currentTime + after);
  }
}

function note(audio, pitch, at) {
  const [sound, loudness] = [audio.createOscillator(), audio.createGain()];
  sound.frequency.value = pitch;
  loudness.gain.setValueAtTime(LOUD, at);
  loudness.gain.exponentialRampToValueAtTime(0.001, at + LASTS);
  sound.connect(loudness).connect(audio.destination);
  sound.start(at);
  sound.stop(at + LASTS);
}
