/** Invitations: somebody is added, and the link that signs them in once is there to be copied. */

import { post } from "../lib/api.js";
import { copyText, el, icon } from "../lib/dom.js";
import { openForm } from "../lib/form-dialog.js";
import { field, typed } from "../lib/form-fields.js";
import { moment } from "../lib/format.js";
import { toast } from "../lib/toasts.js";

/** Ask whom to invite; `done` is called once somebody was. */
export function inviteDialog(words, done) {
  openForm({
    title: "Invite somebody",
    confirm: "Make the link",
    content: [
      field("email", "E-mail", { type: "email", maxlength: "254" }),
      field("name", "Name", { optional: true, maxlength: "200", dir: "auto" }),
      field("role", "Role", { tag: "select", value: "operator", options: Object.entries(words.roles).map(([role, means]) => [role, `${role}: ${means}`]) }),
      days(words),
    ],
    send: async (form) => {
      const given = { email: typed(form, "email"), name: typed(form, "name") || null, role: typed(form, "role"), valid_days: Number(typed(form, "valid_days")) };
      const member = await post("/api/staff", given);
      await done();
      setTimeout(() => showLink(member.name, member));
    },
  });
}

/** Another link for somebody who is there already. */
export function linkDialog(member, words, done) {
  openForm({
    title: `A sign-in link for ${member.name}`,
    confirm: "Make the link",
    content: [el("p.muted", {}, "For somebody who forgot their password, or whose link is too old. Older links are no good then."), days(words)],
    send: async (form) => {
      const made = await post(`/api/staff/${member.id}/link`, { valid_days: Number(typed(form, "valid_days")) });
      await done();
      setTimeout(() => showLink(member.name, made));
    },
  });
}

function days({ usual_days: usual, longest_days: longest }) {
  return field("valid_days", "Days that the link is good", { type: "number", min: "1", max: String(longest), value: String(usual), look: ".short" });
}

function showLink(name, { link, link_expires_at: until }) {
  const address = el("input.input", { readonly: true, value: link, "aria-label": "The link", onfocus: ({ target }) => target.select() });
  const copy = el("button.button", { type: "button", onclick: async () => {
    if (await copyText(link)) toast({ title: "The link is copied", tone: "good", stays: 2500 });
  } }, icon("copy"), "Copy");
  openForm({
    title: `Give ${name} this link`,
    confirm: "Done",
    content: [
      el("div.link-row", {}, address, copy),
      el("p.hint", {}, `It signs in whoever opens it first, once, and is good until ${moment(until)}. It is shown only now.`),
    ],
    send: () => true,
  });
}
