/** What the panel's buttons do to the order that it shows. */

import { ApiError } from "../lib/api.js";
import { toast } from "../lib/toasts.js";
import { editOrder } from "../desk/editing.js";
import { offerPayment, recordPayment } from "../desk/payments.js";
import { compare } from "./duplicate.js";
import { refund } from "../desk/refunding.js";
import { openReturn } from "../desk/returning.js";

/** `shown` answers the order as it is now; `open` shows the one of an id. */
export function deskActions(shown, live, moves, open) {
  const took = (order) => live.absorb(order);
  let editor = null;
  live.addEventListener("change", () => {
    const order = editor?.element.isConnected && live.store.known.get(editor.id);
    if (order) editor.hear(order);
  });
  return {
    compare: () => tell(compare(shown(), moves), "The order before could not be read"),
    edit: (part) => { editor = editOrder(shown(), part, took); },
    pay: () => recordPayment(shown(), took),
    settle: (payment, anchor) => offerPayment(shown(), payment, anchor, (...change) => moves.change(...change)),
    refund: () => tell(refund(shown(), took), "It could not be read what can go back"),
    return: () => tell(openReturn(shown(), ({ id }) => open(id)), "It could not be read what can come back"),
  };
}

/** A dialog that first has to ask the server may not open: then that is said. */
async function tell(opening, title) {
  try {
    await opening;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    toast({ title, detail: error.explanation, tone: "danger" });
  }
}
