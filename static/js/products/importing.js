/** Taking in a table: choose a file, see what it would change, then change it. */

import { send } from "../lib/api.js";
import { el, icon } from "../lib/dom.js";
import { plural } from "../lib/format.js";
import { FIELDS, valueOf } from "./words.js";

const URL = "/api/products/import";
const MOST_ROWS = 60;

export function openImport({ done }) {
  const dialog = el("dialog.modal.import", { "aria-labelledby": "import-title" });
  const body = el("div.stack");
  const take = el("button.button.primary", { type: "button", disabled: true }, "Import");
  const file = el("input", { id: "import-file", type: "file", accept: ".csv,text/csv,text/plain" });
  let chosen = null;
  file.addEventListener("change", async () => {
    chosen = file.files[0] ?? null;
    take.disabled = true;
    if (!chosen) return;
    body.replaceChildren(el("p.muted", { role: "status" }, el("span.spinner"), " Reading…"));
    take.disabled = !(await preview(chosen, body, take));
  });
  take.addEventListener("click", async () => {
    take.setAttribute("aria-busy", "true");
    try {
      const outcome = await send(URL, chosen, "text/csv");
      dialog.close();
      done(outcome);
    } catch (error) {
      take.removeAttribute("aria-busy");
      complain(body, error);
    }
  });
  dialog.append(
    el("header.spread", {},
      el("h2", { id: "import-title" }, "Import products"),
      el("button.button.quiet.small.icon-only", { type: "button", "aria-label": "Close", onclick: () => dialog.close() }, icon("close"))),
    el("p.muted", {}, "A CSV file with the column ", el("code", {}, "sku"), " and any of name, price, stock, category and the others that the export has. Empty cells change nothing."),
    el("div.field", {}, el("label", { for: "import-file" }, "File"), file),
    body,
    el("div.actions", {}, el("button.button", { type: "button", onclick: () => dialog.close() }, "Cancel"), take));
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  file.focus();
}

async function preview(chosen, body, take) {
  try {
    const outcome = await send(`${URL}?preview=yes`, chosen, "text/csv");
    const number = outcome.created + outcome.updated;
    take.replaceChildren(number ? `Import ${plural(number, "product")}` : "Import");
    body.replaceChildren(summary(outcome), changesTable(outcome.changes));
    return number > 0;
  } catch (error) {
    complain(body, error);
    return false;
  }
}

function summary({ created, updated, unchanged, ignored }) {
  const counted = [[created, "new product"], [updated, "change"], [unchanged, "product as before", "products as before"]];
  const parts = counted.filter(([number]) => number).map(([number, ...words]) => plural(number, ...words));
  return el("p", { role: "status" }, el("b", {}, parts.join(", ") || "There is no product in it"),
    ignored.length ? el("span.muted", {}, ` · not used: ${ignored.join(", ")}`) : null);
}

function changesTable(changes) {
  if (!changes.length) return "";
  const rows = changes.slice(0, MOST_ROWS).map((change) => el("tr", {},
    el("td", { dir: "auto" }, change.name, el("br"), el("span.faint", {}, change.sku)),
    el("td", {}, change.was === null ? el("span.tag", {}, "new") : differences(change))));
  return el("div.import-changes", { tabindex: "0", role: "region", "aria-label": "What would change" },
    el("table.table", {}, el("tbody", {}, rows)),
    changes.length > MOST_ROWS ? el("p.faint", {}, "… and more") : null);
}

function differences({ was, now }) {
  const told = Object.keys(was).filter((name) => name in FIELDS);
  return told.map((name) => el("div", {}, `${FIELDS[name]}: `, el("del", {}, valueOf(name, was[name])), " → ", el("b", {}, valueOf(name, now[name]))));
}

function complain(body, error) {
  const errors = error.problem?.errors ?? [];
  body.replaceChildren(el("div.notice.danger", { role: "alert" }, el("div", {},
    el("p", {}, errors.length ? "Nothing was changed. Mend this in the file, and choose it again:" : error.message),
    errors.length ? el("ul.import-errors", {}, errors.slice(0, 20).map(({ path, message }) => el("li", {}, el("b", {}, path), ` ${message}`))) : null,
    errors.length > 20 ? el("p", {}, `… and ${errors.length - 20} more`) : null)));
}
