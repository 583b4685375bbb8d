/** One order in full, beside the table (over it on a phone). Its address is `#<order id>`. */

import { ApiError, get } from "../lib/api.js";
import { copyText, el } from "../lib/dom.js";
import { toast } from "../lib/toasts.js";
import { Assignment } from "./assignment.js";
import { CustomerHistory } from "./customer.js";
import { Delivery } from "./delivery.js";
import { deskActions } from "./desk-actions.js";
import * as details from "./details.js";
import { HELD } from "./holding.js";
import { noting, stateOf } from "./noting.js";
import { head, wish } from "./panel-head.js";
import { offerPrints } from "./printing.js";
import { Timeline } from "./timeline.js";

const PARTS = ["head", "wish", "duplicate", "prints", "contact", "lines", "address", "payment", "returns", "note", "facts"];
const AGAIN_MS = 3000;
const AS_SHEET = matchMedia("(max-width: 60rem)");

export class Panel extends EventTarget {
  #root;
  #live;
  #moves;
  #accepting;
  #delivery;
  #assignment;
  #timeline;
  #history = new CustomerHistory();
  #desk;
  #slots = Object.fromEntries(PARTS.map((name) => [name, el("div.slot")]));
  #drawn = new Map();
  #order = null;
  #cameFrom = null;
  #isAsking = false;

  constructor(root, live, moves, drivers, accepting, undoing, team) {
    super();
    this.#root = root;
    this.#live = live;
    this.#moves = moves;
    this.#accepting = accepting;
    this.#delivery = new Delivery(moves, drivers);
    this.#timeline = new Timeline((change) => undoing.one(change), team);
    this.#assignment = new Assignment(moves, team);
    this.#desk = { history: this.#history.element, ...deskActions(() => this.#order, live, moves, (id) => this.open(id)) };
    const { head, wish, duplicate, facts, ...shown } = this.#slots;
    root.append(head, el("div.panel-body", {}, wish, duplicate, this.#assignment.element, Object.values(shown), this.#delivery.element, this.#timeline.element, facts));
    addEventListener("hashchange", () => this.followAddress());
    AS_SHEET.addEventListener("change", () => this.#coverPage());
  }

  get order() {
    return this.#order;
  }

  /** Open an order; the address bar leads back here. `stepping` from one order to the next, the
   *  focus stays where it is, and going back leaves the panel. */
  open(id, { stepping = false } = {}) {
    if (!this.#order) this.#cameFrom = document.activeElement;
    if (location.hash.slice(1) !== id) history[stepping ? "replaceState" : "pushState"](null, "", `#${id}`);
    return this.#showId(id, !stepping);
  }

  close() {
    if (!this.#order) return;
    history.pushState(null, "", location.pathname + location.search);
    this.#hide();
  }

  /** Edit the order that is shown. */
  edit() {
    if (this.#order) this.#desk.edit("items");
  }

  /** Offer what can be printed of the order that is shown; whether there is one. */
  print() {
    if (this.#order) offerPrints(this.#order, this.#root.querySelector("[data-key=print]"));
    return Boolean(this.#order);
  }

  /** Show what the address names, or nothing. */
  followAddress() {
    const id = decodeURIComponent(location.hash.slice(1));
    if (id.startsWith("ord_")) return this.#showId(id, true);
    if (this.#order && id !== "main") this.#hide();
    return null;
  }

  /** The store has changed: show the newest version. An order that is not in it any more, because
   *  the list was read afresh, is asked for, or it would miss what happened meanwhile. */
  async refresh() {
    if (!this.#order || this.#isAsking) return;
    const shown = this.#order;
    const { id } = shown;
    this.#isAsking = true;
    let newest = null;
    try {
      newest = this.#live.store.known.get(id) ?? (await this.#fetch(id));
    } finally {
      this.#isAsking = false;
    }
    if (this.#order?.id === id && newest && newest !== shown) this.#show(newest);
  }

  /** What is no change of an order has happened to it: a note, a print. */
  hearAside(id) {
    if (this.#order?.id === id) this.#timeline.show(this.#order);
  }

  async #showId(id, takeFocus) {
    const order = this.#live.store.known.get(id) ?? (await this.#fetch(id));
    if (!order || !isWanted(id)) return;
    const isOther = id !== this.#order?.id;
    this.#root.hidden = false;
    document.body.classList.add("has-panel");
    this.#coverPage();
    this.#show(order);
    if (isOther) this.#root.querySelector(".panel-body").scrollTop = 0;
    if (takeFocus) this.#title.focus({ preventScroll: true });
    this.dispatchEvent(new CustomEvent("shown", { detail: order }));
  }

  async #fetch(id) {
    try {
      const order = await get(`/api/orders/${encodeURIComponent(id)}`);
      this.#live.absorb(order);
      return this.#live.store.known.get(id);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.mayPass && this.#order?.id === id) {
        setTimeout(() => this.refresh(), AGAIN_MS);  // what it shows is old at worst
        return null;
      }
      if (!isWanted(id)) return null;
      const isUnknown = error.status === 404;
      const title = isUnknown ? "There is no such order" : "The order could not be read";
      toast({ key: "panel", title, detail: isUnknown ? id : error.explanation, tone: "danger" });
      history.replaceState(null, "", location.pathname + location.search);
      if (this.#order) this.#hide();
      return null;
    }
  }

  #show(order) {
    const before = this.#order;
    this.#order = order;
    const { head: atTop, wish: wished, ...shown } = this.#slots;
    this.#fill(atTop, "head", (read) => head(read, this.#headActions(order)));
    this.#fill(wished, "wish", (read) => wish(read, (accept) => this.#moves.answerWish(this.#order, accept), () => this.#moves.move(this.#order, HELD)));
    for (const [name, slot] of Object.entries(shown)) this.#fill(slot, name, (read) => details[name](read, this.#desk));
    this.#history.show(order);
    this.#delivery.show(order);
    this.#assignment.show(order);
    if (before?.id !== order.id || before.version !== order.version) this.#timeline.show(order);
  }

  /** Draw a part when anything that it read of the order differs, and give back the focus that was in it. */
  #fill(slot, name, build) {
    const before = this.#drawn.get(name);
    if (before && stateOf(this.#order, before.read) === before.state) return;
    const key = slot.contains(document.activeElement) ? document.activeElement.dataset.key ?? "title" : null;
    const isUnfolded = slot.querySelector("details")?.open;
    const { drawing: content, ...noted } = noting(this.#order, build);
    this.#drawn.set(name, noted);
    if (isUnfolded) content?.querySelector("details")?.setAttribute("open", "");
    slot.replaceChildren(...(content ? [content] : []));
    if (key) (slot.querySelector(`[data-key="${key}"]`) ?? this.#title).focus({ preventScroll: true });
  }

  get #title() {
    return this.#root.querySelector("#panel-title");
  }

  #headActions(order) {
    return {
      close: () => this.close(),
      edit: () => this.edit(),
      print: () => this.print(),
      move: (event) => this.#moves.offer(this.#order, event.currentTarget),
      accept: (event) => this.#accepting.offer(this.#order, event.currentTarget),
      first: () => this.#moves.move(this.#order, order.allowed[0]),
      copy: () => this.#copyLink(order),
    };
  }

  async #copyLink(order) {
    const copied = await copyText(order.track_url);
    toast({ title: copied ? "The customer’s link was copied" : "The customer’s link", detail: order.track_url, tone: "good", icon: "link" });
  }

  #hide() {
    const id = this.#order?.id;
    this.#order = null;
    this.#assignment.hide();
    this.#drawn.clear();
    this.#root.hidden = true;
    document.body.classList.remove("has-panel");
    this.#coverPage();
    this.dispatchEvent(new CustomEvent("hidden", { detail: { id, cameFrom: this.#cameFrom } }));
    this.#cameFrom = null;
  }

  /** As a sheet over the whole page, what lies beneath cannot be reached. */
  #coverPage() {
    const covers = AS_SHEET.matches && !this.#root.hidden;
    document.body.classList.toggle("is-covered", covers);
    for (const element of document.querySelectorAll(".site-header, main > :not(#panel)")) element.inert = covers && element.tagName !== "DIALOG";
  }
}

/** Whether an order is still the one to be shown: answers come when somebody has long gone on. */
function isWanted(id) {
  return location.hash.slice(1) === id;
}
