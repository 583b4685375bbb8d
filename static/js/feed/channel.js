/**
 * What the tabs of one browser tell each other about one stream.
 *
 * The leader says `frame {from, id, type, data}`, `heartbeat {from, id}`, `signal {type, data}`,
 * `here {from, id, flowing, interval}` and `stalled`; a follower says `hello`; whoever has no locks
 * to go by says `claim` and `bye` (feed/claims.js). Each message names its `tab`.
 */
export class Channel {
  #channel;
  #tab = Array.from(crypto.getRandomValues(new Uint32Array(3)), (part) => part.toString(36)).join("-");

  /** `hear` is called with each message of another tab. */
  constructor(name, hear) {
    this.#channel = new BroadcastChannel(name);
    this.#channel.onmessage = ({ data }) => this.#channel && hear(data);
  }

  /** The name of this tab, as others hear it. */
  get tab() {
    return this.#tab;
  }

  post(kind, content = {}) {
    this.#channel?.postMessage({ kind, tab: this.#tab, ...content });
  }

  close() {
    this.#channel?.close();
    this.#channel = null;
  }
}
