/** Things that come back: a return, or an exchange for the same things once more. */

import { get, post } from "../lib/api.js";
import { el } from "../lib/dom.js";
import { openForm } from "../lib/form-dialog.js";
import { field, typed } from "../lib/form-fields.js";
import { Once } from "../lib/once.js";
import { toast } from "../lib/toasts.js";
import { Pieces } from "./pieces.js";
import { reasonField } from "./reasons.js";

const KINDS = [["return", "A return: the things come back"], ["exchange", "An exchange: the same goes out once more, free of charge"]];
const REASONS = ["Too small", "Too large", "Broken", "Not as ordered", "The customer changed their mind"];

/** Ask what comes back of an order; `open(order)` shows the order that was made for it. */
export async function openReturn(order, open) {
  const { lines } = await get(`/api/orders/${order.id}/refundable`);
  const some = lines.filter(({ returnable }) => Number(returnable));
  if (!some.length) return toast({ title: "Nothing can come back any more", detail: `All of #${order.number} is back or on its way back.` });
  const pieces = new Pieces(some.map((line) => ({ ...line, most: line.returnable })), "What comes back");
  const once = new Once();
  openForm({
    title: `Return of order #${order.number}`,
    confirm: "Open the return",
    content: [
      pieces.element,
      el("div", { data: { path: "lines", label: "What comes back" } }, el("p.error", { id: "return-lines", hidden: true })),
      field("kind", "What it is", { tag: "select", options: KINDS }),
      reasonField("It becomes the note of the order by which they come back.", REASONS),
      el("p.hint", {}, "Money does not go back by itself: refund it when you like."),
    ],
    async send(form) {
      const body = { lines: pieces.chosen(), kind: typed(form, "kind"), reason: typed(form, "reason") };
      const made = await post(`/api/orders/${order.id}/returns`, body, once.headers(body));
      const show = { label: "Open", run: () => open(made) };
      toast({ title: `#${made.number} was made for it`, detail: `${pieces.chosen().length === 1 ? "One line" : "Lines"} of #${order.number} come back`, tone: "good", icon: "inbox", action: show, stays: 12_000 });
    },
  });
  return null;
}
