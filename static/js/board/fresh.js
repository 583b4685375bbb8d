/** Which orders have only just been placed: they light up, and are counted while out of sight. */

export const FRESH_MS = 6000;

export class Fresh {
  #since = new Map();
  #untold = new Set();

  /** Ids of orders that were placed this moment. */
  add(ids) {
    const now = performance.now();
    for (const [id, since] of this.#since) if (now - since > FRESH_MS) this.#since.delete(id);
    for (const id of ids) {
      this.#since.set(id, now);
      this.#untold.add(id);
    }
  }

  has(id) {
    return performance.now() - (this.#since.get(id) ?? -Infinity) < FRESH_MS;
  }

  /** Those added since it was asked last. */
  take() {
    const ids = [...this.#untold];
    this.#untold.clear();
    return ids;
  }
}
