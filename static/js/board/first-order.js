/** The command by which a fresh shop gets its first order. */

import { copyText, setText } from "../lib/dom.js";
import { toast } from "../lib/toasts.js";

/** Show it, to be copied. */
export function offerCommand(line, copy, shop) {
  setText(line, firstOrderCommand(location.origin, shop));
  copy.addEventListener("click", async () => {
    if (await copyText(line.textContent)) toast({ title: "Copied", tone: "good" });
  });
}

function firstOrderCommand(origin, shop) {
  const key = shop.public_intake ? "" : ` \\\n  -H 'Authorization: Bearer ob_…'`;
  const order = `{"customer": "Ada", "items": [{"name": "Chai", "quantity": 2, "unit_price": "18.00"}]}`;
  return `curl ${origin}/api/orders${key} \\\n  -H 'Content-Type: application/json' \\\n  -d '${order}'`;
}
