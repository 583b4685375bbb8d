import { HEADERS, URL, listenTo, load } from "./telling.mjs";

const { Agent, EventSource } = await load("undici");
const dispatcher = new Agent({ bodyTimeout: 30_000 }).compose((dispatch) => (options, handler) => {
  const headers = Array.isArray(options.headers)
    ? [...options.headers, ...Object.entries(HEADERS).flat()]
    : { ...options.headers, ...HEADERS };
  return dispatch({ ...options, headers }, handler);
});
listenTo(new EventSource(URL, { node: { dispatcher }, dispatcher }));
