/** Changing an order: what the server allows is offered, what it answers is shown. */

import { ApiError, get, put } from "../lib/api.js";
import { askReason } from "../lib/ask.js";
import { openMenu } from "../lib/menu.js";
import { toast } from "../lib/toasts.js";
import { askHold, HELD } from "./holding.js";
import { statusLabel } from "./words.js";

const ASKED_WHY = {
  cancelled: {
    verb: "Cancel",
    confirm: "Cancel order",
    dismiss: "Keep order",
    required: true,
    suggestions: ["Out of stock", "The customer changed their mind", "Ordered twice", "Cannot deliver there"],
  },
  declined: {
    verb: "Decline",
    confirm: "Decline order",
    dismiss: "Keep order",
    required: false,
    suggestions: [],
  },
};

/** Whether somebody who makes this move is asked for a reason: it ends the order. */
export const asksWhy = (status) => status in ASKED_WHY;

/** How that is asked: `{verb, required, suggestions …}`, or undefined. */
export const whyAsked = (status) => ASKED_WHY[status];

/** The reasons that the shop keeps for declining an order. */
export function useDeclineReasons(reasons) {
  ASKED_WHY.declined.suggestions = reasons;
}

const SEEN_BY_CUSTOMER = "The customer sees this reason.";

export class Moves {
  #live;
  #view;
  #undoing;
  #menu = null;

  /** `view` has the `row(id)` of an order that is shown. */
  constructor(live, view, undoing) {
    this.#live = live;
    this.#view = view;
    this.#undoing = undoing;
  }

  /** Open the menu of moves at a control of an order. */
  offer(order, anchor) {
    if (!order.allowed.length) return;
    const row = anchor.closest("[data-id]");
    row?.setAttribute("data-menu-open", "");
    const closed = () => {
      row?.removeAttribute("data-menu-open");
      this.#menu = null;
    };
    const menu = openMenu(anchor, { heading: `Move #${order.number} to`, items: this.#items(order), onclose: closed });
    this.#menu = { ...menu, id: order.id, version: order.version };
  }

  /** Somebody else may have moved the order whose menu is open: offer what is allowed now. */
  refreshMenu() {
    if (!this.#menu) return;
    const order = this.#live.store.known.get(this.#menu.id);
    if (!order || order.version === this.#menu.version) return;
    this.#menu.version = order.version;
    if (order.allowed.length) this.#menu.show(this.#items(order));
    else this.#menu.close();
  }

  /** Move an order; asks for a reason where the customer will want to know one. Answers whether
   *  it was moved. */
  async move(order, status) {
    const why = ASKED_WHY[status];
    const body = status === HELD ? await askHold(order) : await this.#asked(order, status, why);
    if (!body) return false;
    const goal = statusLabel(order.type, status);
    return this.change(order, () => put(`/api/orders/${order.id}/status`, body), `could not be moved to ${goal}`);
  }

  /** Accept or refuse a customer's wish to cancel. */
  async answerWish(order, accept) {
    const url = `/api/orders/${order.id}/cancellation-request`;
    await this.change(order, () => put(url, { accept }), "could not be answered");
  }

  /** Send a change; nothing is shown before the server has agreed. Answers whether it did. */
  async change(order, send, failure) {
    this.#busy(order.id, true);
    try {
      const changed = await send();
      this.#live.absorb(changed);
      this.#undoing.done(order, changed);
      return true;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      await this.#explain(order, error, failure);
      return false;
    } finally {
      this.#busy(order.id, false);
    }
  }

  /** What can be done next; of what is on hold also the time until when is changed here. */
  #items(order) {
    const moves = order.status === HELD ? [...order.allowed, HELD] : order.allowed;
    return moves.map((status) => ({ label: moveLabel(order, status), status, run: () => this.move(order, status) }));
  }

  /** What to send for a move, with a reason where one is asked for; null when that was dismissed. */
  async #asked(order, status, why) {
    if (!why) return { status };
    const { verb, ...rest } = why;
    const reason = await askReason({ title: `${verb} order #${order.number}?`, hint: SEEN_BY_CUSTOMER, danger: true, ...rest });
    if (reason === null) return null;
    return reason ? { status, reason } : { status };
  }

  /** A change that came too late is explained by what the order is now. */
  async #explain(order, error, failure) {
    let detail = error.explanation;
    if ([409, 412].includes(error.status)) {
      const now = error.problem.order ?? (await get(`/api/orders/${order.id}`).catch(() => null));
      if (now) this.#live.absorb(now);
      if (now && now.version > order.version) detail = `Meanwhile ${changer(now)} changed it; it is now “${now.status_label}”.`;
    }
    toast({ title: `Order #${order.number} ${failure}`, detail, tone: "danger" });
  }

  #busy(id, busy) {
    this.#view.row(id)?.setBusy(busy);
  }
}

function moveLabel(order, status) {
  if (ASKED_WHY[status]) return `${ASKED_WHY[status].verb}…`;
  if (status !== HELD) return statusLabel(order.type, status);
  return order.status === HELD ? "On hold until…" : `${statusLabel(order.type, status)}…`;
}

function changer({ updated_by: by }) {
  return by?.name ?? "somebody";
}
