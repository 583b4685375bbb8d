/** Keys by which a request that is sent again does nothing twice: the same body has the same key. */

export class Once {
  #keys = new Map();

  /** The headers for a body. */
  headers(body) {
    const text = JSON.stringify(body);
    if (!this.#keys.has(text)) this.#keys.set(text, crypto.getRandomValues(new Uint32Array(4)).join("-"));
    return { "Idempotency-Key": this.#keys.get(text) };
  }
}
