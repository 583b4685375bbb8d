/** One of the staff: name and role, when they were here last, and what can be done about it. */

import { el, icon } from "../lib/dom.js";
import { count, moment } from "../lib/format.js";
import { initials } from "../lib/initials.js";
import { openMenu } from "../lib/menu.js";

export function memberRow(member, isMe, roles, actions) {
  return el("li.member", { data: { id: member.id } },
    el("span.avatar.large", { "aria-hidden": "true" }, initials(member.name)),
    el("div.member-words", {},
      el("p.member-name", {}, el("b", { dir: "auto" }, member.name), isMe ? el("span.tag", {}, "you") : null),
      el("p.hint.truncate", { dir: "auto" }, member.email)),
    el("div.member-seen", {}, seen(member)),
    roleSelect(member, roles, actions),
    more(member, actions));
}

function seen(member) {
  if (member.sessions) {
    const where = member.sessions === 1 ? "1 browser" : `${count(member.sessions)} browsers`;
    return [el("p", {}, "Seen ", el("time", { datetime: member.last_seen_at }, moment(member.last_seen_at))), el("p.hint", {}, `in ${where}`)];
  }
  if (member.invited_until) return [el("p", {}, "Invited"), el("p.hint", {}, "link good until ", el("time", { datetime: member.invited_until }, moment(member.invited_until)))];
  return [el("p", {}, "Not signed in"), member.has_password ? null : el("p.hint", {}, "no link, no password")];
}

function roleSelect(member, roles, actions) {
  const select = el("select.select", { "aria-label": `Role of ${member.name}`, autocomplete: "off", data: { key: `role-${member.id}` } },
    Object.entries(roles).map(([role, means]) => el("option", { value: role, title: means }, role)));
  select.value = member.role;
  select.addEventListener("change", () => actions.role(member, select.value));
  return select;
}

function more(member, actions) {
  const button = el("button.button.quiet.icon-only", { type: "button", title: "More", "aria-label": `More about ${member.name}`, "aria-haspopup": "menu", data: { key: `more-${member.id}` } }, icon("more"));
  button.addEventListener("click", () => openMenu(button, { heading: member.name, items: [
    { label: "Change the name", icon: "edit", run: () => actions.rename(member) },
    { label: "Make a sign-in link", icon: "link", run: () => actions.link(member) },
    { label: "Sessions", icon: "user", run: () => actions.sessions(member) },
    { label: "Revoke", icon: "cancel", run: () => actions.revoke(member) },
  ] }));
  return button;
}
