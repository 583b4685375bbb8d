/**
 * The moments at which a page may have missed something or is about to be put away.
 *
 * `on.wake` when it is looked at again, thawed, taken out of the back/forward cache or back
 * online; `on.hide` when nobody looks any more; `on.leave` before it may be cached (an open
 * connection would keep it out of that cache); `on.offline`.
 */
export class Wakeups {
  #heard = new AbortController();
  #on;

  constructor(on) {
    this.#on = on;
  }

  listen() {
    this.#heard = new AbortController();
    const { signal } = this.#heard;
    const hear = (target, type, act) => target.addEventListener(type, act, { signal });
    hear(document, "visibilitychange", () => (document.hidden ? this.#on.hide() : this.#on.wake()));
    hear(document, "resume", () => this.#on.wake());
    hear(window, "online", () => this.#on.wake());
    hear(window, "offline", () => this.#on.offline());
    hear(window, "pagehide", () => this.#on.leave());
    // The first pageshow of a page only says that it was loaded.
    hear(window, "pageshow", (event) => event.persisted && this.#on.wake());
  }

  ignore() {
    this.#heard.abort();
  }
}
