/** Editing an order: what it would come to is shown before it is saved, and nobody is overwritten. */

import { ApiError, patch, request } from "../lib/api.js";
import { debounced, el, setText } from "../lib/dom.js";
import { openForm } from "../lib/form-dialog.js";
import { clearComplaints, complain } from "../lib/form-fields.js";
import { money } from "../lib/format.js";
import { toast } from "../lib/toasts.js";
import { askWhich } from "./conflict.js";
import { OrderForm } from "./order-form.js";
import { PRICED, bodyOf, differing, stateOf } from "./order-state.js";

const SETTLE_MS = 250;
const drafts = new Map();

/**
 * Edit an order from one of its parts on (`items`, `customer`, `address` …). `took(order)` gets the
 * order as it is after saving, and as others made it. What is left unsaved comes back next time.
 * @returns {{id: string, element: HTMLElement, hear: function}} `hear(order)` is told how it is meanwhile
 */
export function editOrder(order, part, took) {
  return new Editor(order, part, took);
}

class Editor {
  #seen;
  #form;
  #took;
  #dialog;
  #home = el("div");
  #total = el("output", { "aria-live": "polite" });
  #draft = el("p.draft", { hidden: true }, "What you had typed before is here again. ",
    el("button.button.quiet.small", { type: "button", onclick: () => this.#startOver() }, "Start over"));
  #news = el("p.draft", { role: "status" });
  #turn = 0;
  #isSaved = false;
  #before;

  constructor(order, part, took) {
    const draft = drafts.get(order.id);
    this.#see(draft?.seen ?? order);
    this.#took = took;
    this.#draft.hidden = !draft;
    this.#dialog = openForm({
      title: `Edit order #${order.number}`,
      look: ".edit-order",
      confirm: "Save",
      content: [this.#draft, this.#news, this.#home],
      foot: el("dl.comes-to", {}, el("div", {}, el("dt", {}, "Total"), el("dd.money", {}, this.#total))),
      send: () => this.#save(),
      closed: () => this.#leave(),
    });
    this.#build(draft?.state ?? stateOf(order));
    this.#dialog.form.addEventListener("input", debounced(() => this.#preview(), SETTLE_MS));
    this.#form.show(part);
  }

  get id() {
    return this.#seen.id;
  }

  get element() {
    return this.#dialog.dialog;
  }

  /** Somebody may have changed it: that is said, and what is typed stays. */
  hear({ id, version, updated_by: by }) {
    const isNews = id === this.#seen.id && version > this.#seen.version && !this.#isSaved;
    setText(this.#news, isNews ? `${by?.name ?? "Somebody"} changed this order meanwhile. When you save, you see both and choose.` : "");
  }

  /** `before` is what the form would say of the order as it is: inputs take no line breaks. */
  #see(order) {
    this.#seen = order;
    this.#before = new OrderForm(stateOf(order), order.currency, order.items_open).state;
  }

  #build(state) {
    this.#form = new OrderForm(state, this.#seen.currency, this.#seen.items_open);
    this.#home.replaceChildren(this.#form.element);
    this.#preview();
  }

  get #changed() {
    return differing(this.#before, this.#form.state);
  }

  #body() {
    return bodyOf(this.#form.state, this.#changed, this.#seen);
  }

  /** Answers may overtake each other: the one to the last question counts. */
  async #preview() {
    const turn = ++this.#turn;
    const body = this.#body();
    clearComplaints(this.#dialog.form);
    this.#dialog.say("");
    if (!Object.keys(body).length) return this.#show(this.#seen);
    try {
      const would = await request("PATCH", `${this.#url}?preview=yes`, body);
      if (turn === this.#turn) this.#show(would);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (turn !== this.#turn) return;
      this.#show(null);
      this.#dialog.say(complain(this.#dialog.form, error));
    }
    return null;
  }

  #show(would) {
    const { total, currency } = this.#seen;
    const before = money(total, currency);
    const differs = would && would.total !== total;
    this.#total.replaceChildren(differs ? el("s.faint", {}, before) : "", " ", would ? money(would.total, currency) : "–");
    this.#form.tell(would);
  }

  async #save() {
    this.#turn += 1;
    const body = this.#body();
    if (!Object.keys(body).length) return this.#finish();
    try {
      const saved = await patch(this.#url, body, this.#seen.version);
      this.#isSaved = true;  // what comes of it is no news
      this.#took(saved);
    } catch (error) {
      if (error.status !== 412 || !error.problem.order) throw error;
      return this.#settle(error.problem);
    }
    toast({ title: `Order #${this.#seen.number} saved`, tone: "good" });
    return this.#finish();
  }

  /** Somebody was faster: choose, and save on what they made. */
  async #settle({ order: now, changed_by: by }) {
    const seen = this.#seen;
    this.#took(now);
    const before = this.#before;
    const mine = this.#form.state;
    this.#see(now);
    const theirs = this.#before;
    const all = differing(before, mine);
    const tooLate = now.items_open ? [] : all.filter((path) => PRICED.includes(path));
    const changed = { theirs: differing(before, theirs), mine: all.filter((path) => !tooLate.includes(path)) };
    const kept = await askWhich({ number: now.number, by: by?.name ?? "Somebody", theirs, mine, changed, tooLate });
    if (!kept) return this.#goBack(seen, before);
    this.#build({ ...theirs, ...Object.fromEntries(kept.map((path) => [path, mine[path]])) });
    return this.#save();
  }

  /** Nobody chose: what is typed still stands on the version that was seen. */
  #goBack(seen, before) {
    this.#seen = seen;
    this.#before = before;
    return false;
  }

  #finish() {
    this.#isSaved = true;
    return true;
  }

  #startOver() {
    drafts.delete(this.#seen.id);
    this.#draft.hidden = true;
    this.#build(stateOf(this.#seen));
    this.#form.show("items");
  }

  #leave() {
    this.#turn += 1;
    const { id } = this.#seen;
    if (this.#isSaved || !this.#changed.length) drafts.delete(id);
    else {
      drafts.set(id, { seen: this.#seen, state: this.#form.state });
      toast({ key: `draft ${id}`, title: `Order #${this.#seen.number} is as it was`, detail: "What you typed is kept until this page is left: edit it again to go on." });
    }
  }

  get #url() {
    return `/api/orders/${this.#seen.id}`;
  }
}
