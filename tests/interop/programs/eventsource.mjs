import { URL, fetchWithHeaders, listenTo, load } from "./telling.mjs";

const { EventSource } = await load("eventsource");
listenTo(new EventSource(URL, { fetch: fetchWithHeaders }));
