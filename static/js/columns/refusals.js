/** Why an order cannot go where somebody wants to put it, in words made of what it may do. */

import { statusLabel } from "../board/words.js";

/** What to say of an order that was put into a column it may not come to. */
export function cannot(order, title) {
  return { title: `#${order.number} cannot go to ${title}`, detail: `It is ${order.status_label}. ${may(order)}` };
}

/** What to say where no further step leads to the right (1) or the left (-1). */
export function noStep(order, step) {
  return { title: `#${order.number} has no step ${step > 0 ? "on" : "back"} from ${order.status_label}`, detail: may(order) };
}

function may({ allowed, type }) {
  if (!allowed.length) return "That is final.";
  const names = allowed.map((status) => statusLabel(type, status));
  const last = names.pop();
  return `From there it can become ${names.length ? `${names.join(", ")} or ` : ""}${last}.`;
}
