/** Whoever is mentioned in a note is told so, wherever on the board they are. */

import { toast } from "../lib/toasts.js";
import { who } from "./words.js";

/** `find(id)` is the order as far as it is known here, `open(id)` shows it. */
export function tellMentions(feed, me, find, open) {
  feed.addEventListener("message", ({ detail: { note, actor, order_id: id } }) => {
    if (!note?.mentions?.some((member) => member.id === me)) return;
    const order = find(id);
    const title = `${who(actor)} mentioned you${order ? ` in #${order.number}` : ""}`;
    toast({ key: note.id, title, detail: note.text, icon: "note", stays: 60_000, action: { label: "Open", run: () => open(id) } });
    if (document.hidden) notify(title, note, () => open(id));
  });
}

function notify(title, { id, text }, open) {
  if (!("Notification" in globalThis) || Notification.permission !== "granted") return;
  const notice = new Notification(title, { body: text, tag: id });
  notice.addEventListener("click", () => {
    window.focus();
    open();
    notice.close();
  });
}
