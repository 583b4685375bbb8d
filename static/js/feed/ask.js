/** Reading JSON from the server, for polling. */

const TIMEOUT = 10_000;

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
  const response = await fetch(url, {
    headers: { Accept: "application/json" },
    cache: "no-store",
    signal: AbortSignal.timeout(TIMEOUT),
  });
  if (!response.ok) throw new Refused(response.status);
  return response.json();
}

/** A function that asks the log at `url` for what came after a position. */
export function logReader(url) {
  return (after) => {
    const address = new URL(url, location.href);
    address.searchParams.set("after", after);
    return readJson(address);
  };
}
