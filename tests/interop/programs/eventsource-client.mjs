import { HEADERS, URL, load, say } from "./telling.mjs";

const { createEventSource } = await load("eventsource-client");
const source = createEventSource({ url: URL, headers: HEADERS });
for await (const { event, id, data } of source) say(event, id, data);
