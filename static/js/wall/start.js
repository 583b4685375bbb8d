/** Makes the wall, with the controls that it has in the page's header. */

import { Recall } from "./recall.js";
import { watch } from "./lost.js";
import { Screen } from "./screen.js";
import { statusSwitches } from "./statuses.js";
import { Wall } from "./wall.js";

/** `statuses`: `{open, wall}`, as the server has them. */
export function makeWall(root, { live, feed, moves, accepting, undoing, filters, statuses }) {
  const part = (name) => document.getElementById(`wall-${name}`);
  const recall = new Recall(part("recall"), live.store, undoing);
  const screen = new Screen(part("fill"), part("clock"));
  const wall = new Wall(root, { store: live.store, accepting, moves, recall, screen, statuses });
  const choose = (status) => filters.set({ status });
  const showSwitches = statusSwitches(part("statuses"), statuses.open, () => wall.shownStatuses, choose);
  part("settings").addEventListener("click", () => wall.set());
  watch(part("lost"), live, feed);
  wall.addEventListener("drawn", showSwitches);
  return wall;
}
