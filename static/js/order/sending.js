/** Placing an order once, however often the button is pressed or the network fails. */

const TRIES = 3;
const PATIENCE = 15_000;
const PAUSE = 1_200;

/** Whether the first request with this key is under way: other conflicts say what they are about. */
function isStillRunning({ status, sku, lines, order_id: order }) {
  return status === 409 && !sku && !lines && !order;
}

/** The order was not placed; `problem` says why, or is null when the server was not reached. */
export class NotPlaced extends Error {
  constructor(problem) {
    super(problem?.detail ?? "the server was not reached");
    this.name = "NotPlaced";
    this.problem = problem;
  }
}

/**
 * Sends orders under one Idempotency-Key, which counts only with the secret of this page. An answer that never came is asked for again with the
 * same key, which places nothing twice: the server repeats its first answer.
 */
export class Sending {
  #key;
  #secret;
  #unanswered = null;

  constructor(key, secret) {
    this.#key = key;
    this.#secret = secret;
  }

  /** The order as placed, or NotPlaced. */
  async place(order) {
    const body = JSON.stringify(order);
    for (let tries = 1; ; tries += 1) {
      const problem = await this.#once(body);
      if (problem.placed) return problem.placed;
      const passing = problem.status === 0 || problem.status >= 500 || isStillRunning(problem);
      if (!passing || tries === TRIES) throw new NotPlaced(problem.status === 0 ? null : problem);
      await new Promise((resolve) => setTimeout(resolve, PAUSE * tries));
    }
  }

  /**
   * The order that an unanswered request did place after all, when the server says that the key
   * was used before: what was typed since has not been sent. Null when that cannot be known.
   */
  async placedBefore() {
    if (this.#unanswered === null) return null;
    return (await this.#once(this.#unanswered)).placed ?? null;
  }

  async #once(body) {
    let response;
    try {
      response = await fetch("/api/orders", {
        method: "POST",
        headers: { "Content-Type": "application/json", "Idempotency-Key": this.#key, "Idempotency-Secret": this.#secret },
        body,
        signal: AbortSignal.timeout(PATIENCE),
      });
    } catch {
      this.#unanswered ??= body;
      return { status: 0 };
    }
    const answer = await response.json().catch(() => null);
    if (response.ok && answer) return { placed: answer };
    if (response.status >= 500) this.#unanswered ??= body;
    return { status: response.status, ...answer };
  }
}
