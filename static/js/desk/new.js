/** An order that staff place for a caller; its address is /admin/new. */

import { ApiError, get, post } from "../lib/api.js";
import { debounced, el, pageData, setText } from "../lib/dom.js";
import { Finder } from "../lib/finder.js";
import { clearComplaints, complain, field, focusWrong, typed } from "../lib/form-fields.js";
import { money, plural } from "../lib/format.js";
import { Once } from "../lib/once.js";
import { prepareToasts, toast } from "../lib/toasts.js";
import { OrderForm } from "./order-form.js";
import { bodyOf, differing, stateOf } from "./order-state.js";

const SETTLE_MS = 250;
const MOST_FOUND = 8;
const PAID = [["", "Not yet"], ["cash", "In cash"], ["card", "By card"], ["bank_transfer", "By bank transfer"], ["gift_card", "With a gift card"]];

const data = pageData("desk-data");
const byId = (id) => document.getElementById(id);
const form = byId("new-order");
const blank = stateOf(null);
const order = new OrderForm(blank, data.currency, true);
const once = new Once();
let turn = 0;
let isPlaced = false;

prepareToasts();
const finder = new Finder({
  label: "Find a customer",
  placeholder: "Find a customer: name, phone, e-mail",
  data: { findCustomer: "" },
  ask: async (text) => {
    const { customers } = await get(`/api/customers?${new URLSearchParams({ q: text, limit: MOST_FOUND })}`);
    return customers.filter(({ erasing }) => !erasing);
  },
  show: ({ name, company, email, phone, orders_count: all }) => [
    el("span", { dir: "auto" }, [name, company].filter(Boolean).join(", ")),
    el("span.faint", { dir: "auto" }, [phone, email].filter(Boolean).join(" · ")),
    el("span.faint", {}, plural(all, "order")),
  ],
  pick: (customer) => take(customer),
});
const caller = order.part("customer");
caller.querySelector("h3").after(finder.element);
order.part("items").before(caller);
order.part("shipments").remove();
const types = data.types.map((type) => [type, type.charAt(0).toUpperCase() + type.slice(1)]);
order.part("note").append(el("div.fields.two", {},
  field("payments", "Paid already", { tag: "select", options: PAID }),
  field("type", "Kind of order", { tag: "select", options: types, value: types[0][0] })));
byId("content").append(order.element);
finder.focus();
show(null);

form.addEventListener("input", debounced(() => preview(), SETTLE_MS));
form.addEventListener("submit", (event) => {
  event.preventDefault();
  send();
});
addEventListener("beforeunload", (event) => {
  if (!isPlaced && differing(blank, order.state).length) event.preventDefault();
});

/** Take somebody's contact, and the address of their last order where none is typed yet. */
async function take({ id, name, company, email, phone }) {
  order.fill({ "customer.name": name, "customer.company": company ?? "", "customer.email": email ?? "", "customer.phone": phone ?? "" });
  order.show("items");
  try {
    const { orders } = await get(`/api/customers/${encodeURIComponent(id)}?limit=1`);
    const known = stateOf(orders[0] ?? null);
    const paths = Object.keys(known).filter((path) => path.startsWith("address."));
    if (paths.every((path) => !order.state[path])) order.fill(Object.fromEntries(paths.map((path) => [path, known[path]])));
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    toast({ title: "Their last address could not be read", detail: error.explanation, tone: "danger" });
  }
}

function bodyNow() {
  const { state } = order;
  return { type: typed(form, "type"), currency: data.currency, ...bodyOf(state, differing(blank, state)) };
}

/** Answers may overtake each other: the one to the last question counts. */
async function preview() {
  const mine = ++turn;
  clearComplaints(form);
  setText(byId("wrong"), "");
  const body = bodyNow();
  try {
    // Who it is for may come last: what it comes to is shown before.
    const would = await post("/api/orders?preview=yes", { ...body, customer: body.customer?.name ? body.customer : "-" });
    if (mine === turn) show(would);
  } catch (error) {
    if (mine !== turn) return;
    show(null);
    explain(error);
  }
}

function show(would) {
  setText(byId("total"), would ? money(would.total, would.currency) : "–");
  order.tell(would);
}

async function send() {
  const button = byId("place");
  if (button.getAttribute("aria-busy")) return;
  turn += 1;
  setText(byId("wrong"), "");
  clearComplaints(form);
  button.setAttribute("aria-busy", "true");
  try {
    const body = await withPayment(bodyNow());
    const placed = await post("/api/orders", body, once.headers(body));
    isPlaced = true;
    location.assign(`/admin#${placed.id}`);
  } catch (error) {
    explain(error);
    focusWrong(form);
    button.removeAttribute("aria-busy");
  }
}

/** Who has paid already has paid all of it, and what that is the server says. */
async function withPayment(body) {
  const method = typed(form, "payments");
  if (!method) return body;
  const { total } = await post("/api/orders?preview=yes", body);
  return Number(total) ? { ...body, payments: [{ method, amount: total }] } : body;
}

function explain(error) {
  if (!(error instanceof ApiError)) throw error;
  setText(byId("wrong"), complain(form, error));
}
