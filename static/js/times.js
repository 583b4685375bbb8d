/** Shows every <time> the server has written in the reader's own zone. */

import { fullTime, moment } from "./lib/format.js";

for (const element of document.querySelectorAll("time[datetime]")) {
  element.textContent = moment(element.dateTime);
  element.title = fullTime(element.dateTime);
}
