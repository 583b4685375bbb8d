/** The customer's page: what the server has rendered, kept as it is now. */

import "../lib/badge.js";
import { Feed } from "../feed.js";
import { readJson } from "../feed/ask.js";
import { pageData } from "../lib/dom.js";
import { Cancelling } from "./cancelling.js";
import { View } from "./view.js";

const { order, position, token, words, events: types } = pageData("track-data");
const address = `/api/track/${token}`;
const view = new View(words);
const cancelling = new Cancelling(token, takeNewer);
const feed = new Feed({ stream: `${address}/stream`, poll: readNewer, after: position, types });

show(order);
document.getElementById("connection").follow(feed);
feed.addEventListener("message", ({ detail }) => takeNewer(detail.order));
feed.addEventListener("signal", ({ detail }) => detail.type === "location" && view.place(detail.data.location));
feed.addEventListener("reset", readAgain);
feed.addEventListener("state", ({ detail }) => detail.status && sayGone());
feed.start();

function show(now) {
  view.show(now);
  cancelling.show(now);
}

function takeNewer(now) {
  if (!now || now.version < view.order.version) return;
  if (now.version > view.order.version) show(now);
  else view.place(now.tracking.location);
}

/** The order as one event, when it is newer than what is shown. */
async function readNewer() {
  const { position: id, ...now } = await readJson(address);
  const news = { id, type: "order.updated", at: now.updated_at, changes: [], order: now };
  view.place(now.tracking.location);
  return { events: now.version > view.order.version ? [news] : [], next: id, reset: null };
}

/** After a reset the versions shown may mean nothing any more: take what is there. */
async function readAgain() {
  const { position: id, ...now } = await readJson(address);
  show(now);
  feed.resume(id);
}

function sayGone() {
  const message = document.getElementById("track-message");
  message.querySelector("p").textContent = "This link is no longer good. What you see here is how the order was when you last heard of it.";
  message.hidden = false;
  cancelling.end();
}
