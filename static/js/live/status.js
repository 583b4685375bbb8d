/** How the connection is: its state, since when, how far it has come, and the buttons to try it. */

import { setText } from "../lib/dom.js";
import { count } from "../lib/format.js";
import { duration, preciseTime, size } from "./units.js";

const WORDS = {
  connected: ["Connected", "Frames arrive the moment they are written.", "live"],
  connecting: ["Connecting", "Trying to open the stream; it will go on behind the last id.", "reconnecting"],
  polling: ["Polling", "The stream cannot be had; the log is asked every few seconds.", "polling"],
  closed: ["Closed", "Nothing arrives until you connect again.", "off"],
};
const ID = /^[0-9a-z]{1,32}-[0-9]{1,18}$/;

export class Status {
  #connection;
  #announce;
  #card = document.getElementById("status");
  #badge = document.getElementById("connection");
  #toggle = document.getElementById("toggle");
  #form = document.getElementById("from-form");
  #from = document.getElementById("from-id");
  #error = document.getElementById("from-error");

  /** `announce` says a text to those who do not look. */
  constructor(connection, announce) {
    this.#connection = connection;
    this.#announce = announce;
    connection.addEventListener("state", () => this.#changed());
    this.#toggle.addEventListener("click", () => this.#switch());
    this.#form.addEventListener("submit", (event) => this.#goBack(event));
    setInterval(() => this.show(), 500);
    this.show();
  }

  show() {
    const { state, since, lastId, heartbeatAt, reconnects, frames, bytes, retry, refused } = this.#connection;
    const [word, meaning, badge] = WORDS[state];
    this.#card.dataset.state = state;
    this.#badge.show({ state: badge, position: lastId || null, title: meaning });
    this.#fact("state", word);
    this.#fact("meaning", meaning);
    document.getElementById("signed-out").hidden = !refused;
    this.#fact("since", `${preciseTime(since).slice(0, 8)} (${duration(Date.now() - since)})`);
    this.#fact("last-id", lastId || "none yet");
    this.#fact("heartbeat", ago(heartbeatAt));
    this.#fact("reconnects", count(reconnects));
    this.#fact("received", `${count(frames)} / ${size(bytes)}`);
    this.#fact("retry", duration(retry));
    setText(this.#toggle, state === "closed" ? "Connect" : "Disconnect");
  }

  #fact(name, text) {
    setText(this.#card.querySelector(`[data-fact="${name}"]`), text);
  }

  #changed() {
    this.show();
    this.#announce(`The stream: ${WORDS[this.#connection.state][0].toLowerCase()}.`);
  }

  #switch() {
    if (this.#connection.state === "closed") this.#connection.connect();
    else this.#connection.disconnect();
  }

  #goBack(event) {
    event.preventDefault();
    const id = this.#from.value.trim();
    const isGood = id === "" || ID.test(id);
    this.#error.hidden = isGood;
    this.#from.setAttribute("aria-invalid", String(!isGood));
    if (isGood) this.#connection.connect(id);
  }
}

function ago(at) {
  if (at === null) return "none yet";
  const passed = Date.now() - at;
  return passed < 1000 ? "just now" : `${duration(passed)} ago`;
}
