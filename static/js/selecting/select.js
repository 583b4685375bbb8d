/** Selecting several orders of the table, and doing something with all of them. */

import { BulkBar } from "./bulk-bar.js";
import { Picking } from "./picking.js";
import { Selection } from "./selection.js";

/** Make the parts. Answers what the keyboard can ask for. */
export function selectMany({ live, list, shown, table, views, ...rest }) {
  const selection = new Selection((id) => live.store.known.get(id));
  const picking = new Picking(document.getElementById("orders"), list, shown, selection);
  const bar = new BulkBar({ live, selection, ...rest });
  const choose = document.getElementById("choose");
  const setChoosing = (isOn) => {
    document.body.classList.toggle("is-choosing", isOn);
    choose.setAttribute("aria-pressed", String(isOn));
  };
  const end = () => {
    selection.clear();
    setChoosing(false);
  };
  document.querySelector("main").append(bar.element);
  table.addEventListener("looked", () => picking.show());
  views.addEventListener("change", end);
  choose.addEventListener("click", () => (document.body.classList.contains("is-choosing") ? end() : setChoosing(true)));
  return {
    toggle: () => picking.toggle(),
    extend: (step) => picking.extend(step),
    offerMoves: () => bar.offer(),
    /** Let all go. Answers whether any were selected. */
    clear: () => {
      const had = selection.size > 0;
      end();
      return had;
    },
  };
}
