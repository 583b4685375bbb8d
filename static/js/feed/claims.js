/**
 * Who leads where there are no Web Locks: browsers keep those from pages that came neither by
 * https nor from this machine, which is how a shop's own network often is.
 *
 * Whoever asks and is not answered leads. Two may then lead for a moment: that costs a connection
 * and nothing else, since what each of them passes on says what it follows. They hear each other,
 * and the one whose name comes later in the alphabet steps back.
 */

const PATIENCE = 500;

export class Claims {
  #channel;
  #on;
  #isLeading = false;

  /** `on` has `granted()` and `lost()`. */
  constructor(channel, on) {
    this.#channel = channel;
    this.#on = on;
  }

  /** Milliseconds a leader has to answer in. Half of it is chance: not all should claim at once. */
  get patience() {
    return PATIENCE * (1 + Math.random());
  }

  request() {
    // Nobody grants anything: the silence of the others does, and then `steal` is called.
  }

  steal() {
    this.#isLeading = true;
    this.#channel.post("claim");
    this.#on.granted();
  }

  release() {
    if (this.#isLeading) this.#channel.post("bye");
    this.#isLeading = false;
  }

  hear({ kind, tab }) {
    if (!this.#isLeading || kind === "hello" || kind === "bye") return;
    if (tab > this.#channel.tab) return this.#channel.post("claim");
    this.#isLeading = false;
    this.#on.lost();
  }
}
