/** The bar at the foot of the page while orders are selected: how many, and what to do with them. */

import { ask, askReason } from "../lib/ask.js";
import { el, icon, setText } from "../lib/dom.js";
import { count, plural } from "../lib/format.js";
import { openMenu } from "../lib/menu.js";
import { toast } from "../lib/toasts.js";
import { whyAsked } from "../board/moves.js";
import { statusLabel } from "../board/words.js";
import { everything, MOST } from "./everything.js";
import { exportSelected } from "./exporting.js";
import { Many } from "./many.js";
import { prints } from "./printing.js";

export class BulkBar {
  #selection;
  #drivers;
  #statuses;
  #filter;
  #many;
  #count = el("b", { role: "status" });
  #all = button("Select all that match", () => this.#selectAll());
  #text = el("span.bulk-text");
  #meter = el("progress", { "aria-label": "Progress" });
  #status = opener("Status", (anchor) => this.#offerStatuses(anchor), true);
  #actions = el("div.bulk-actions", {},
    this.#status,
    opener("Driver", (anchor) => this.#offerDrivers(anchor), true),
    button("Tags…", () => this.#askTags(), { data: { changes: "" } }),
    opener("Print", (anchor) => openMenu(anchor, { heading: `Print ${plural(this.#selection.size, "order")}`, items: prints(this.#selection.ids) }), true),
    opener("Export", (anchor) => this.#offerExport(anchor)));
  #work = el("div.bulk-work", { hidden: true }, this.#meter, this.#text);

  /** `filter()` is what is looked for now; `statuses` all there are, in their order. */
  constructor({ live, selection, undoing, drivers, statuses, filter }) {
    this.#selection = selection;
    this.#drivers = drivers;
    this.#statuses = statuses;
    this.#filter = filter;
    this.#many = new Many(live, selection, undoing, (done, all) => this.#progress(done, all));
    this.element = el("section.bulk", { "aria-label": "Selected orders", hidden: true },
      this.#count, this.#all, this.#actions, this.#work,
      el("button.button.quiet.small.icon-only.bulk-clear", { type: "button", "aria-label": "Clear the selection", title: "Clear the selection (Esc)", onclick: () => selection.clear() }, icon("close")));
    selection.addEventListener("change", () => this.#show());
  }

  /** Offer the statuses. Answers whether there is anything to move. */
  offer() {
    const canMove = this.#selection.size > 0 && !this.#actions.hidden;
    if (canMove) this.#offerStatuses(this.#status);
    return canMove;
  }

  #show() {
    const { size } = this.#selection;
    this.element.hidden = size === 0 && this.#work.hidden;
    setText(this.#count, size ? `${count(size)} selected` : "");
    this.#all.hidden = size === 0;
  }

  #progress(done, all) {
    const isAtWork = done !== null;
    this.#work.hidden = !isAtWork;
    this.#actions.hidden = isAtWork;
    if (isAtWork) {
      Object.assign(this.#meter, { max: all, value: done });
      setText(this.#text, `${count(done)} of ${count(all)}`);
    }
    this.#show();
  }

  async #selectAll() {
    this.#all.setAttribute("aria-busy", "true");
    try {
      const { orders, isAll } = await everything(this.#filter(), (number) => setText(this.#count, `Reading ${count(number)}…`));
      this.#selection.add(orders);
      if (!isAll) toast({ title: `The newest ${count(MOST)} are selected`, detail: "More cannot be changed at once; the others can be selected afterwards." });
    } catch (error) {
      toast({ title: "Not all could be selected", detail: error.explanation, tone: "danger" });
      this.#show();
    } finally {
      this.#all.removeAttribute("aria-busy");
    }
  }

  /** The statuses that at least one of them can have next, and how many can. */
  #offerStatuses(anchor) {
    const { orders } = this.#selection;
    const items = this.#statuses
      .map((status) => ({ status, able: orders.filter(({ allowed }) => allowed.includes(status)) }))
      .filter(({ able }) => able.length)
      .map(({ status, able }) => ({
        status,
        label: statusLabel("purchase", status) + (whyAsked(status) ? "…" : ""),
        hint: able.length < orders.length ? `${count(able.length)} of ${count(orders.length)}` : "all",
        run: () => this.#move(status, able, orders),
      }));
    if (items.length) openMenu(anchor, { heading: `Move ${plural(orders.length, "order")} to`, items });
    else toast({ title: "None of these can be moved any more" });
  }

  async #move(status, able, orders) {
    const label = statusLabel("purchase", status);
    const why = whyAsked(status);
    const left = orders.filter((order) => !able.includes(order)).map(({ id, status_label: now }) => ({ id, why: `An order that is ${now.toLowerCase()} cannot become ${label.toLowerCase()}.` }));
    const hint = "Their customers see this reason.";
    const reason = why ? await askReason({ ...why, title: `${why.verb} ${plural(able.length, "order")}?`, hint, confirm: `${why.verb} ${plural(able.length, "order")}`, dismiss: "Back", danger: true }) : "";
    if (reason === null) return;
    await this.#many.change("status", able.map(({ id }) => id), reason ? { status, reason } : { status }, `now ${label}`, left);
  }

  #offerDrivers(anchor) {
    const assign = (driver, goal) => () => this.#many.change("driver", this.#selection.ids, { driver }, goal);
    openMenu(anchor, {
      heading: `Give ${plural(this.#selection.size, "order")} to`,
      items: [
        ...this.#drivers.all.map(({ id, name }) => ({ label: name, run: assign(id, `with ${name} now`) })),
        { label: "Nobody", run: assign(null, "without a driver now") },
      ],
    });
  }

  async #askTags() {
    const answer = await ask(`Tags of ${plural(this.#selection.size, "order")}`, "Change", "Back", false, [
      field("add", "Add", "Several are separated by commas."),
      field("remove", "Take off", ""),
    ]);
    if (!answer) return;
    const [add, remove] = ["add", "remove"].map((name) => answer.get(name).split(",").map((tag) => tag.trim()).filter(Boolean));
    if (add.length || remove.length) await this.#many.change("tags", this.#selection.ids, { add, remove }, "tagged so now");
  }

  #offerExport(anchor) {
    const { ids } = this.#selection;
    const run = (format) => () => exportSelected(ids, format);
    openMenu(anchor, { heading: `Export ${plural(ids.length, "order")}`, items: [{ label: "CSV", run: run("csv") }, { label: "Excel", run: run("xlsx") }] });
  }
}

function opener(label, open, changes = false) {
  const button = el("button.button.small", { type: "button", "aria-haspopup": "menu", data: changes ? { changes: "" } : {} }, label, icon("chevron-down"));
  button.addEventListener("click", () => open(button));
  return button;
}

function button(label, onclick, more = {}) {
  return el("button.button.small", { type: "button", onclick, ...more }, label);
}

function field(name, label, hint) {
  return el("div.field", {},
    el("label", { for: `ask-${name}` }, label, el("span.optional", {}, " (optional)")),
    el("input", { id: `ask-${name}`, name, maxlength: "1000", autocomplete: "off", "aria-describedby": hint ? `hint-${name}` : null }),
    hint ? el("p.hint", { id: `hint-${name}` }, hint) : null);
}
