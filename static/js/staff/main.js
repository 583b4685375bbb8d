/** The staff's page: who may sign in, with which role, and where they do. */

import { ApiError, del, get, patch } from "../lib/api.js";
import { ask } from "../lib/ask.js";
import { el, pageData } from "../lib/dom.js";
import { prepareToasts, toast } from "../lib/toasts.js";
import { inviteDialog, linkDialog } from "./inviting.js";
import { memberRow } from "./member.js";
import { sessionsDialog } from "./sessions.js";

const { staff, me, ...words } = pageData("staff-data");
const list = document.getElementById("staff-list");
const message = document.getElementById("staff-message");

const actions = {
  role: (member, role) => attempt(async () => {
    await patch(`/api/staff/${member.id}`, { role });
    toast({ title: `${member.name} is ${role === "viewer" ? "a" : "an"} ${role} now`, tone: "good", stays: 2500 });
    if (member.id === me && role !== "owner") location.assign("/admin");
  }),
  rename: (member) => attempt(async () => {
    const answer = await ask("Change the name", "Save", "Back", false, [
      el("div.field", {},
        el("label", { for: "ask-name" }, "Name"),
        el("input", { id: "ask-name", name: "name", required: true, maxlength: "200", autocomplete: "off", dir: "auto", value: member.name })),
    ]);
    if (answer?.get("name").trim()) await patch(`/api/staff/${member.id}`, { name: answer.get("name").trim() });
  }),
  link: (member) => linkDialog(member, words, refresh),
  sessions: (member) => sessionsDialog(member, refresh),
  revoke: (member) => attempt(() => revoke(member)),
};

prepareToasts();
show(staff);
document.getElementById("invite").addEventListener("click", () => inviteDialog(words, refresh));
// A page that comes back from the browser's memory shows what was.
addEventListener("pageshow", ({ persisted }) => { if (persisted) attempt(refresh); });

function show(members) {
  const key = list.contains(document.activeElement) ? document.activeElement.dataset.key : null;
  list.replaceChildren(...members.map((member) => memberRow(member, member.id === me, words.roles, actions)));
  if (key) list.querySelector(`[data-key="${CSS.escape(key)}"]`)?.focus();
}

async function refresh() {
  show((await get("/api/staff")).staff);
}

async function revoke(member) {
  const sure = await ask(`Let ${member.name} work here no more?`, "Revoke", "Back", true, [
    el("p", {}, "They are signed out of every browser at once. What they did keeps their name."),
  ]);
  if (!sure) return;
  await del(`/api/staff/${member.id}`);
  toast({ title: `${member.name} is signed out everywhere`, tone: "good", stays: 2500 });
  if (member.id === me) location.assign("/admin/sign-in");
}

/** Do it, and show how it is then, whether it was done or not. */
async function attempt(work) {
  message.hidden = true;
  try {
    await work();
    await refresh();
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    message.textContent = error.explanation;
    message.hidden = false;
    await refresh().catch(() => {});
  }
}
