/** The customer's page: what the server has rendered, kept as it is now. */

import "../lib/badge.js";
import { Feed } from "../feed.js";
import { pageData } from "../lib/dom.js";
import { Cancelling } from "./cancelling.js";
import { Fragment, fragmentReader } from "./fragment.js";
import { Refresher } from "./refresher.js";
import { View } from "./view.js";

const { position, token, events: types } = pageData("track-data");
const stale = document.getElementById("stale");
const cancelling = new Cancelling(token, hear);
const view = new View(new Fragment(document.getElementById("order"), position, 0), prepare);
const ask = fragmentReader(`/track/${token}/parts`);
const refresher = new Refresher(readNewest, failed);
let heardOf = view.version;
const feed = new Feed({ stream: `/api/track/${token}/stream`, poll, after: position, types });

document.getElementById("connection").follow(feed);
feed.addEventListener("message", ({ detail }) => hear(detail.order));
feed.addEventListener("signal", ({ detail }) => detail.type === "location" && view.place(detail.data.location));
feed.addEventListener("reset", readAgain);
feed.addEventListener("state", ({ detail }) => detail.status && sayGone());
feed.start();

/** The order has become this: where it is can be shown at once, all else the server renders. */
function hear(order) {
  if (!order || order.version < view.version) return;
  view.place(order.tracking.location);
  heardOf = Math.max(heardOf, order.version);
  refresher.want(isNewest);
}

function isNewest() {
  return view.version >= heardOf;
}

async function readNewest() {
  const { position: id, fragment } = await ask();
  if (fragment) view.take(fragment);
  if (isNewest()) stale.hidden = true;
  return id;
}

async function poll() {
  return { events: [], next: await refresher.read(), reset: null };
}

/** After a reset the versions heard of may mean nothing any more: take what is there. The feed asks
 *  for it again until it has worked. */
async function readAgain() {
  heardOf = 0;
  try {
    feed.resume(await refresher.read());
  } catch (error) {
    failed(error);
  }
}

/** Whether to try again. */
function failed({ isFinal }) {
  if (isFinal) sayGone();
  else stale.hidden = false;
  return !isFinal;
}

function prepare(part) {
  if (part.dataset.part === "cancelling") cancelling.prepare(part);
}

function sayGone() {
  const message = document.getElementById("track-message");
  message.querySelector("p").textContent = "This link is no longer good. What you see here is how the order was when you last heard of it.";
  message.hidden = false;
  stale.hidden = true;
  cancelling.end();
}
