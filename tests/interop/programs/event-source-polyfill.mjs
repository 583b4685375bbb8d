import { HEADERS, URL, listenTo, load } from "./telling.mjs";

const { EventSourcePolyfill } = await load("event-source-polyfill");
listenTo(new EventSourcePolyfill(URL, { headers: HEADERS, heartbeatTimeout: 30_000 }));
