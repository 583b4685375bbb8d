/** Requests to the JSON API. Every failure is an ApiError that can be shown to a person. */

const PATIENCE_MS = 15_000;
const PATIENCE_FOR_FILES_MS = 120_000;

export class ApiError extends Error {
  constructor(status, problem) {
    super(problem.detail || problem.title || "That did not work.");
    this.status = status;
    this.problem = problem;
  }

  /** What to tell a person: the detail, and each bad field. */
  get explanation() {
    const fields = (this.problem.errors ?? []).map(({ path, message }) => `${fieldName(path)} ${message}.`);
    return fields.length ? fields.join(" ") : this.message;
  }

  /** Whether asking again later may help: the server was not reached, or could not answer. */
  get mayPass() {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

const events = new WeakMap();

/** The event that an answered change became, `{position, undoUntil}`; null where nothing changed. */
export const eventOf = (answer) => events.get(answer) ?? null;

/** The parsed answer of a request, or an ApiError (`status` 0: the server was not reached). */
export async function request(method, url, body, headers = {}) {
  const response = await reach(method, url, body, headers);
  const answer = await parsed(response);
  if (response.ok && answer !== null) return placed(answer, response.headers);
  if (response.ok) throw new ApiError(0, { title: "The answer was cut off on its way." });
  throw new ApiError(response.status, answer ?? { title: `The server answered ${response.status}.` });
}

function placed(answer, headers) {
  const id = headers.get("Orderboard-Position");
  if (id) events.set(answer, { position: Number(id.split("-").at(-1)), undoUntil: headers.get("Orderboard-Undo-Until") });
  return answer;
}

/** `items.0.unit_price` → "Unit price" */
export function fieldName(path) {
  const words = path.split(".").at(-1).replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export const get = (url) => request("GET", url);
export const del = (url) => request("DELETE", url);
export const put = (url, body) => request("PUT", url, body);
export const post = (url, body, headers) => request("POST", url, body, headers);
/** Change a thing as it was in `version`; an ApiError 412 when somebody was faster. */
export const patch = (url, body, version) => request("PATCH", url, body, { "If-Match": `"${version}"` });
/** Send a file as it is. */
export const send = (url, file, type) => request("POST", url, file, { "Content-Type": type });

async function reach(method, url, body, more) {
  const isFile = body instanceof Blob;
  const headers = { Accept: "application/json", ...more };
  if (body !== undefined && !isFile) headers["Content-Type"] = "application/json";
  try {
    return await fetch(url, {
      method,
      headers,
      body: body === undefined || isFile ? body : JSON.stringify(body),
      credentials: "same-origin",
      signal: AbortSignal.timeout(isFile ? PATIENCE_FOR_FILES_MS : PATIENCE_MS),
    });
  } catch {
    throw new ApiError(0, { title: "The server could not be reached. Nothing was changed here; try again in a moment." });
  }
}

async function parsed(response) {
  try {
    return await response.json();
  } catch {
    return null;
  }
}
