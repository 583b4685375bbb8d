/** The selected orders as a file. */

import { ApiError } from "../lib/api.js";
import { el } from "../lib/dom.js";
import { toast } from "../lib/toasts.js";

const MOST = 500;
const PATIENCE_MS = 60_000;

/** Have the browser save them, `format` csv or xlsx. */
export async function exportSelected(ids, format) {
  if (ids.length > MOST) {
    toast({ title: `At most ${MOST} selected orders go into one file`, detail: "At the foot of the list everything that matches is exported, however much it is." });
    return;
  }
  try {
    save(await read(ids, format), `orders.${format}`);
  } catch (error) {
    toast({ title: "The file could not be made", detail: error.explanation ?? "The server could not be reached.", tone: "danger" });
  }
}

async function read(ids, format) {
  const response = await fetch("/api/orders/bulk/export", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ ids, format }),
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  if (!response.ok) throw new ApiError(response.status, await response.json());
  return response.blob();
}

function save(file, name) {
  const url = URL.createObjectURL(file);
  el("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), PATIENCE_MS);
}
