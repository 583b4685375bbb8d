/** What the command palette of the board offers: orders, pages, views, statuses, and things to do. */

import { get } from "../lib/api.js";
import { money } from "../lib/format.js";
import { mayChange } from "../lib/role.js";
import { asksWhy } from "../board/moves.js";
import { statusLabel } from "../board/words.js";

const MOST_ORDERS = 6;

/** Groups of what fits what was typed; of nothing typed, all of it. `board` is what can be done there. */
export function commandsOf(board) {
  const groups = () => [
    { heading: heading(board.current()), items: ofOrder(board) },
    { heading: "Views", items: board.savedViews().map((view) => ({ label: view.name, icon: "pin", hint: view.mine ? "" : view.owner.name ?? "", run: () => board.showView(view) })) },
    { heading: "Show", items: [
      { label: "All orders", icon: "inbox", run: () => board.clear() },
      ...board.statuses.map((status) => ({ label: statusLabel("purchase", status), status, run: () => board.onlyStatus(status) })),
    ] },
    { heading: "Board", items: board.actions },
    { heading: "Pages", items: pages() },
  ];
  return (text) => groups().map(({ heading, items }) => ({ heading, items: items.filter(({ label }) => fits(`${heading} ${label}`, text)) }));
}

/** The orders that the search finds, the one of a number first. */
export function orderSearch(open) {
  return async (text) => {
    const { orders } = await get(`/api/orders?${new URLSearchParams({ q: text, limit: MOST_ORDERS })}`);
    const items = orders.map((order) => ({
      label: `#${order.number} ${order.customer.name}`, hint: `${order.status_label}, ${money(order.total, order.currency)}`,
      status: order.status, run: () => open(order.id),
    }));
    return [{ heading: "Orders", items }];
  };
}

/** All words, each at the beginning of one of the label's. */
export function fits(label, text) {
  const words = fold(label).split(/[\s#]+/);
  return fold(text).split(/\s+/).filter(Boolean).every((wanted) => words.some((word) => word.startsWith(wanted)));
}

function fold(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

function heading(order) {
  return order ? `Order #${order.number} ${order.customer.name}` : "Order";
}

function ofOrder({ current, open, move, accept }) {
  const order = current();
  if (!order) return [];
  const moves = order.allowed.map((status) => ({
    label: `Move to ${statusLabel(order.type, status)}${asksWhy(status) || status === "on_hold" ? " …" : ""}`, status, run: () => move(order, status),
  }));
  const acceptance = order.status === "pending" ? [{ label: "Accept …", icon: "check", hint: "a", run: accept }] : [];
  return [{ label: "Open", icon: "arrow-right", hint: "Enter", run: () => open(order.id) }, ...(mayChange ? [...acceptance, ...moves] : [])];
}

/** Those of the account's menu, which knows who may go where. */
function pages() {
  return [...document.querySelectorAll(".account-menu a.menu-item")].map((link) => ({
    label: link.textContent.trim(), icon: "arrow-right", run: () => location.assign(link.href),
  }));
}
