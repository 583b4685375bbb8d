/** The driver's page. */

import "../lib/badge.js";
import { Feed, streamOf } from "../feed.js";
import { Refused } from "../feed/ask.js";
import { put } from "../lib/api.js";
import { el, pageData } from "../lib/dom.js";
import { prepareToasts, toast } from "../lib/toasts.js";
import { moveLabel } from "./card.js";
import { Drives } from "./drives.js";

const { orders, position, who, events: types } = pageData("driver-data");
const drives = new Drives((order, status) => (status === "failed" ? askWhy(order) : move(order, status)));
const feed = new Feed({ ...streamOf(who), after: position, types });

prepareToasts();
drives.replace(orders);
document.getElementById("connection").follow(feed);
feed.addEventListener("message", ({ detail }) => detail.order && drives.take(detail.order));
feed.addEventListener("reset", readAgain);
feed.addEventListener("state", ({ detail }) => detail.status && say("Your link is no longer good. Ask the shop for a new one."));
feed.start();

async function move(order, status, reason) {
  busy(order, true);
  try {
    drives.take(await put(`/api/orders/${order.id}/status`, { status, reason }));
  } catch (refusal) {
    toast({ title: `Order ${order.number} stays as it is`, detail: refusal.explanation ?? String(refusal), tone: "danger" });
  } finally {
    busy(order, false);
  }
}

function busy(order, is) {
  for (const button of document.querySelectorAll(`[data-order="${CSS.escape(order.id)}"] [data-move]`)) {
    button.disabled = is;
  }
}

/** The shop wants to know why a delivery did not work out. */
function askWhy(order) {
  const reason = el("textarea", { id: "why", rows: 3, maxlength: 1000, required: true });
  const dialog = el("dialog.modal", { "aria-labelledby": "why-title" },
    el("form", { method: "dialog" },
      el("h2", { id: "why-title" }, `${moveLabel(order, "failed")}?`),
      el("div.field", {}, el("label", { for: "why" }, "What happened?"), reason),
      el("div.actions", {},
        el("button.button", { type: "button", onclick: () => dialog.close() }, "Back"),
        el("button.button.primary.danger", { type: "submit", value: "send" }, moveLabel(order, "failed")))));
  dialog.addEventListener("close", () => {
    dialog.remove();
    if (dialog.returnValue === "send") move(order, "failed", reason.value);
  });
  document.body.append(dialog);
  dialog.showModal();
}

/** The page itself is the snapshot: a driver has no other list of orders. */
async function readAgain() {
  const response = await fetch("/driver", { cache: "no-store" });
  if (!response.ok) throw new Refused(response.status);
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const fresh = JSON.parse(page.getElementById("driver-data").textContent);
  drives.replace(fresh.orders);
  feed.resume(fresh.position);
}

function say(text) {
  const message = document.getElementById("driver-message");
  message.textContent = text;
  message.hidden = false;
}
