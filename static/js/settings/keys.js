/** The keys of scripts: made, shown once, revoked. */

import { get, post, request } from "../lib/api.js";
import { ask } from "../lib/ask.js";
import { copyText, el, icon } from "../lib/dom.js";
import { moment } from "../lib/format.js";
import { toast } from "../lib/toasts.js";

const PATH = "/api/keys";
const byId = (id) => document.getElementById(id);

/** Show the keys there are, and let staff make and revoke some. */
export function keysSection() {
  const form = byId("key-form");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    attempt(() => make(form));
  });
  attempt(list);
}

async function list() {
  const { keys } = await get(PATH);
  byId("key-list").replaceChildren(...keys.map(keyRow));
  byId("no-keys").hidden = keys.length > 0;
}

function keyRow(key) {
  const revoke = el("button.button.small.danger", {
    type: "button", "aria-label": `Revoke ${key.name}`, onclick: () => attempt(() => revokeKey(key)),
  }, "Revoke");
  const made = el("span.hint", {}, `${key.scopes.join(", ")} · made ${moment(key.created_at)}`);
  return el("li", {}, el("div.key-words", {}, el("span.key-name", { dir: "auto" }, key.name), made), revoke);
}

async function make(form) {
  const scopes = [...form.querySelectorAll("[name=scopes]:checked")].map((box) => box.value);
  const { key } = await post(PATH, { name: form.elements.name.value, scopes });
  form.reset();
  showOnce(key);
  await list();
}

function showOnce(key) {
  const copy = el("button.button.small", { type: "button", onclick: async () => {
    if (await copyText(key)) toast({ title: "The key is copied", tone: "good", stays: 2500 });
  } }, icon("copy"), "Copy");
  const place = byId("new-key");
  place.replaceChildren(el("p", {}, "This is the key. It is shown only now; keep it where the script finds it."),
    el("div.new-key-row", {}, el("code", { tabindex: "0" }, key), copy));
  place.hidden = false;
  copy.focus();
}

async function revokeKey({ id, name }) {
  const sure = await ask(`Revoke “${name}”?`, "Revoke", "Back", true, [
    el("p", {}, "Whatever uses this key is refused from now on, and its streams end."),
  ]);
  if (!sure) return;
  await request("DELETE", `${PATH}/${id}`);
  byId("new-key").hidden = true;
  await list();
  toast({ title: "The key is out of force", tone: "good", stays: 2500 });
}

async function attempt(work) {
  const place = byId("error-keys");
  place.hidden = true;
  try {
    await work();
  } catch (error) {
    place.textContent = error.explanation ?? String(error);
    place.hidden = false;
  }
}
