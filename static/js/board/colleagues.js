/** The others at the same work: who is here, and when one of them mentions whoever sits here. */

import { showHere } from "./here.js";
import { tellMentions } from "./mentioned.js";

/** `find(id)` is an order as far as it is known, `open(id)` shows it. */
export function meet(team, place, { feed, find, open }) {
  showHere(place, team.presence);
  tellMentions(feed, team.me, find, open);
}
