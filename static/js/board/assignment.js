/** Who of the staff looks after the order that the panel shows, and who of them looks at it now. */

import { put } from "../lib/api.js";
import { el, setText } from "../lib/dom.js";
import { initials } from "../lib/initials.js";
import { mayChange } from "../lib/role.js";
import { alsoLooking } from "./here.js";

export class Assignment {
  #moves;
  #team;
  #order = null;
  #select = el("select.select", { id: "assigned-to", disabled: !mayChange, autocomplete: "off", onchange: () => this.#assign(this.#select.value) });
  #take = el("button.button.small.quiet", { type: "button", data: { changes: "" }, onclick: () => this.#assign(String(this.#team.me)) }, "Take it");

  #others = el("p.others.hint");

  constructor(moves, team) {
    this.#moves = moves;
    this.#team = team;
    team.presence.addEventListener("change", () => this.#showOthers());
    team.addEventListener("change", () => this.#order && this.show(this.#order));
    this.element = el("section.part.assignment", { "aria-label": "Assignment" },
      el("label", { for: "assigned-to" }, "Assigned to"), this.#select, this.#take, this.#others);
  }

  show(order) {
    this.#order = order;
    const whose = order.assigned_to;
    const known = this.#team.all;
    const gone = whose && !known.some(({ id }) => id === whose.id) ? [whose] : [];
    this.#select.replaceChildren(
      el("option", { value: "" }, "Nobody"),
      ...[...known, ...gone].map(({ id, name }) => el("option", { value: id }, id === this.#team.me ? `${name} (you)` : name)));
    this.#select.value = whose?.id ?? "";
    this.#take.hidden = Boolean(whose);
    this.#team.presence.look(order.id);
    this.#showOthers();
  }

  /** The panel shows no order any more. */
  hide() {
    this.#team.presence.look(null);
  }

  #showOthers() {
    const text = this.#order ? alsoLooking(this.#team.presence.lookingAt(this.#order.id)) : "";
    setText(this.#others, text);
    this.#others.hidden = !text;
  }

  async #assign(chosen) {
    const order = this.#order;
    if (chosen === String(order.assigned_to?.id ?? "")) return;
    const send = () => put(`/api/orders/${order.id}/assignment`, { staff: chosen ? Number(chosen) : null });
    const isDone = await this.#moves.change(order, send, "could not be assigned");
    if (!isDone && this.#order) this.show(this.#order);
  }
}

/** Whose an order is, as the table and the board show it. */
export function whose({ assigned_to: member }) {
  if (!member) return null;
  const name = `Assigned to ${member.name}`;
  return el("span.avatar.tiny", { title: name, role: "img", "aria-label": name }, initials(member.name));
}
