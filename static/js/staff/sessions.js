/** Where one of the staff is signed in; each can be ended, or all of them. */

import { del, get } from "../lib/api.js";
import { el } from "../lib/dom.js";
import { openForm } from "../lib/form-dialog.js";
import { moment } from "../lib/format.js";

const BROWSERS = [["Firefox/", "Firefox"], ["Edg/", "Edge"], ["OPR/", "Opera"], ["Chrome/", "Chrome"], ["CriOS/", "Chrome"], ["Safari/", "Safari"]];
const SYSTEMS = [["iPhone", "iPhone"], ["iPad", "iPad"], ["Android", "Android"], ["Windows", "Windows"], ["Mac OS X", "macOS"], ["CrOS", "ChromeOS"], ["Linux", "Linux"]];

/** Show the sessions of a member; `done` is called when it closes. */
export async function sessionsDialog(member, done) {
  const path = `/api/staff/${member.id}/sessions`;
  const list = el("ul.member-sessions");
  const fill = async () => {
    const { sessions } = await get(path);
    list.replaceChildren(...sessions.map((session) => row(session, async () => {
      await del(`${path}/${session.id}`);
      await fill();
    })));
    if (!sessions.length) list.replaceChildren(el("li.faint", {}, "Signed in nowhere."));
  };
  await fill();
  openForm({
    title: `Where ${member.name} is signed in`,
    confirm: "Sign out everywhere",
    danger: true,
    content: list,
    send: () => del(path),
    closed: done,
  });
}

function row(session, end) {
  const name = device(session.user_agent);
  const button = el("button.button.small.danger", { type: "button", "aria-label": `Sign out ${name}, signed in ${moment(session.created_at)}`, onclick: () => {
    button.disabled = true;
    end().catch(() => { button.disabled = false; });
  } }, "Sign out");
  return el("li.spread", {},
    el("div", {},
      el("p", {}, name, session.current ? [" ", el("span.tag", {}, "this browser")] : null),
      el("p.hint", {}, `Signed in ${moment(session.created_at)}, last seen ${moment(session.seen_at)}`)),
    button);
}

/** What a browser says of itself, in a few words. */
function device(agent) {
  const found = (table) => table.find(([sign]) => agent.includes(sign))?.[1];
  const browser = found(BROWSERS) ?? (agent.split("/")[0].slice(0, 40) || "Unknown browser");
  const system = found(SYSTEMS);
  return system ? `${browser} on ${system}` : browser;
}
