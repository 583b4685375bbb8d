/** Reading from the server what has changed: JSON for polling, and parts of pages. */

const TIMEOUT = 10_000;
const NOT_MODIFIED = 304;

/** The server answered, and the answer is no. */
export class Refused extends Error {
  constructor(status) {
    super(`the server answered ${status}`);
    this.name = "Refused";
    this.status = status;
  }

  /** Asking again will not help: signed out, not allowed, or gone. */
  get isFinal() {
    return [401, 403, 404, 410].includes(this.status);
  }
}

/** The JSON behind an address; throws `Refused`, or whatever the network threw. */
export async function readJson(url) {
  const response = await read(url, { Accept: "application/json" });
  return response.json();
}

/** The text behind an address and its headers; `text` is null while it is as `etag` says. */
export async function readText(url, etag) {
  const response = await read(url, etag ? { "If-None-Match": etag } : {});
  return { text: response.status === NOT_MODIFIED ? null : await response.text(), headers: response.headers };
}

async function read(url, headers) {
  const response = await fetch(url, { headers, cache: "no-store", signal: AbortSignal.timeout(TIMEOUT) });
  if (!response.ok && response.status !== NOT_MODIFIED) throw new Refused(response.status);
  return response;
}

/** A function that asks the log at `url` for what came after a position. */
export function logReader(url) {
  return (after) => {
    const address = new URL(url, location.href);
    address.searchParams.set("after", after);
    return readJson(address);
  };
}
