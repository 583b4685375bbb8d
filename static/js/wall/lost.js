/** Says loudly that a wall does not follow the orders: whoever cooks by it must not trust it. */

import { setText } from "../lib/dom.js";
import { moment } from "../lib/format.js";

const PATIENCE_MS = 2500;
const WORDS = {
  reconnecting: "Not connected",
  off: "Standing still",
};

/** Show `line` while the feed is not heard for more than a moment, or the board stands still. */
export function watch(line, live, feed) {
  let before = null;
  let timer = null;
  const say = (words, since) => {
    setText(line, `${words}: what you see is as of ${moment(since)}`);
    line.hidden = false;
  };
  const follow = () => {
    const state = live.isOff ? "off" : feed.state;
    if (state === before) return;
    before = state;
    clearTimeout(timer);
    if (state in WORDS) timer = setTimeout(say, state === "off" ? 0 : PATIENCE_MS, WORDS[state], new Date());
    else line.hidden = true;
  };
  feed.addEventListener("state", follow);
  live.addEventListener("held", follow);
}
