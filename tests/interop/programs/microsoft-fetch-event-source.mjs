import { HEADERS, URL, load, say } from "./telling.mjs";

// It is made for browsers and looks for these two.
globalThis.window = globalThis;
globalThis.document = { addEventListener() {}, removeEventListener() {}, hidden: false };
const { fetchEventSource } = await load("@microsoft/fetch-event-source");
await fetchEventSource(URL, {
  headers: { ...HEADERS },
  openWhenHidden: true,
  onmessage: ({ event, id, data }) => say(event, id, data),
  onclose() {
    throw new Error("It ended, and is to be opened again.");
  },
  onerror() {},
});
