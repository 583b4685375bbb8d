/** What the server has written for everybody, anew in the reader's own language and time zone. */

import { count, fullTime, moment, money } from "./format.js";

/** Money, counts and times in `root`; templates/track/_words.html writes them. */
export function localise(root) {
  for (const element of root.querySelectorAll("time[datetime]")) localiseTime(element);
  for (const element of root.querySelectorAll("data.money")) {
    element.textContent = money(element.value, element.dataset.currency);
  }
  for (const element of root.querySelectorAll("data.count")) element.textContent = count(element.value);
}

/** A moment, in full when pointed at. */
export function localiseTime(element) {
  const { since } = element.dataset;
  const says = moment(element.dateTime, since ? new Date(since) : new Date());
  element.textContent = "today" in element.dataset && isToday(element.dateTime) ? `today, ${says}` : says;
  element.title = fullTime(element.dateTime);
}

function isToday(at) {
  return new Date(at).toDateString() === new Date().toDateString();
}
