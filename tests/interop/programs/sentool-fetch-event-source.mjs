import { setTimeout } from "node:timers/promises";

import { HEADERS, URL, load, say } from "./telling.mjs";

const { fetchEventSource } = await load("@sentool/fetch-event-source");
let lastId = "";
let pause = 2600;
for (;;) {
  const resume = lastId ? { "Last-Event-ID": lastId } : {};
  await fetchEventSource(URL, {
    headers: { ...HEADERS, ...resume },
    parseJson: false,
    onmessage({ event, id, data, retry }) {
      if (!data) return;
      lastId = id ?? lastId;
      pause = retry ?? pause;
      say(event, id, data);
    },
    onerror() {},
  });
  await setTimeout(pause);
}
