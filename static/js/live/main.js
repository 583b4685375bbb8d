/** The live page: makes the parts and connects them to the one connection. */

import "../lib/badge.js";
import { pageData, setText } from "../lib/dom.js";
import { prepareToasts } from "../lib/toasts.js";
import { useLabels } from "../board/words.js";
import { Connection } from "./connection.js";
import { Consumers } from "./consumers.js";
import { Dashboard } from "./dashboard.js";
import { Follow } from "./follow.js";
import { Frames, curlFor } from "./frames.js";
import { ListTools, copy } from "./list-tools.js";
import { Simulator } from "./simulator.js";
import { Status } from "./status.js";

const data = pageData("live-data");
const announce = (text) => setText(document.getElementById("said"), text);

prepareToasts();
useLabels(data.labels);

const connection = new Connection({ stream: "/api/stream", log: "/api/events", after: data.position, heartbeat: data.heartbeat });
const frames = new Frames(document.getElementById("frames"), {
  follow: (order) => follow.start(order),
  copy,
  curl: curlFor,
});
connection.addEventListener("frame", ({ detail }) => frames.add(detail));
const follow = new Follow(connection, (id) => frames.about(id), announce);

new ListTools(frames, connection);
new Status(connection, announce);
new Simulator(connection, follow, announce);
connection.connect();
new Dashboard().run();
new Consumers().run();

// A page with an open connection is not kept for the way back.
let wasOpen = false;
addEventListener("pagehide", () => {
  wasOpen = connection.state !== "closed";
  connection.disconnect();
});
addEventListener("pageshow", ({ persisted }) => persisted && wasOpen && connection.connect());
