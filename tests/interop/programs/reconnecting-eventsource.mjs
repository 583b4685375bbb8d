import { URL, fetchWithHeaders, listenTo, load } from "./telling.mjs";

const { EventSource } = await load("eventsource");
const { default: Reconnecting } = await load("reconnecting-eventsource");
const Source = Reconnecting.default ?? Reconnecting;
listenTo(new Source(URL, { eventSourceClass: EventSource, fetch: fetchWithHeaders }));
