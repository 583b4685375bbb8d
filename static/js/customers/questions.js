/** What is asked before something is done to a customer that cannot be taken back. */

import { get } from "../lib/api.js";
import { ask } from "../lib/ask.js";
import { debounced, el } from "../lib/dom.js";
import { plural } from "../lib/format.js";

const MOST_SHOWN = 8;

/** Answers whether somebody is to be erased. */
export async function askToErase({ name, orders_count }) {
  const answer = await ask(`Erase ${name}?`, "Erase for good", "Back", true, [
    el("p", {}, "Name, e-mail, phone, addresses, notes and reasons are taken out of ",
      orders_count === 1 ? "their order" : `their ${plural(orders_count, "order")}`,
      ", out of everything that was recorded of them, and out of the search. Their links stop working."),
    el("p", {}, "What was ordered and what it came to stays. Nobody can take this back."),
    el("label.check", {}, el("input", { type: "checkbox", name: "sure", required: true }), "I have made sure that this is the right person"),
  ]);
  return answer !== null;
}

/** Answers the id of the customer who turned out to be this one, or null. Most have one name. */
export async function askWhomToMerge(customer) {
  const results = el("div.merge-results", { role: "radiogroup", "aria-label": "Customers" });
  const search = el("input.input", { id: "merge-search", type: "search", autocomplete: "off", spellcheck: "false", maxlength: "200", value: customer.name });
  let turn = 0;
  const find = debounced(async () => {
    const mine = ++turn;
    const query = new URLSearchParams({ q: search.value.trim(), limit: MOST_SHOWN + 1 });
    try {
      const { customers } = await get(`/api/customers?${query}`);
      if (mine === turn) show(results, customers.filter(({ id, erasing }) => id !== customer.id && !erasing));
    } catch (error) {
      if (mine === turn) results.replaceChildren(el("p.faint", { role: "alert" }, error.explanation));
    }
  }, 200);
  search.addEventListener("input", find);
  search.addEventListener("keydown", (event) => event.key === "Enter" && event.preventDefault());
  find();
  const answer = await ask(`Who else is ${customer.name}?`, "Merge", "Back", false, [
    el("p.muted", {}, `Orders of the one you pick count for ${customer.name} from now on, also those to come. This cannot be taken back.`),
    el("div.field", {}, el("label", { for: "merge-search" }, "Search customers"), search),
    results,
  ]);
  return answer?.get("other") ?? null;
}

function show(results, customers) {
  const choices = customers.slice(0, MOST_SHOWN).map(({ id, name, email, phone, orders_count }) =>
    el("label.merge-choice", {},
      el("input", { type: "radio", name: "other", value: id, required: true }),
      el("span", {}, el("b", { dir: "auto" }, name), " ",
        el("span.faint", { dir: "auto" }, [email ?? phone, plural(orders_count, "order")].filter(Boolean).join(" · ")))));
  results.replaceChildren(...(choices.length ? choices : [el("p.faint", {}, "Nobody else matches.")]));
}
