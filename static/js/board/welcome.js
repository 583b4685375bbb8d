/** A line for those who have just come, until they say that they have read it. */

import { Switch } from "./switch.js";

export function greet(line) {
  if (!line) return;
  const isRead = new Switch("orderboard.welcomed");
  line.hidden = isRead.isOn;
  line.querySelector("button").addEventListener("click", () => {
    isRead.set(true);
    line.hidden = true;
    document.getElementById("main").focus({ preventScroll: true });
  });
}
