/** What is done to all picked products at once. */

import { post } from "../lib/api.js";
import { ask } from "../lib/ask.js";
import { el } from "../lib/dom.js";
import { plural } from "../lib/format.js";
import { toast } from "../lib/toasts.js";

const AT_ONCE = 500;

export function bulkItems(skus, taken) {
  const change = (what) => what && apply(skus, what, taken);
  return [
    { label: "Change the price…", run: async () => change(await askPrice(skus.length)) },
    { label: "Change the stock…", run: async () => change(await askStock(skus.length)) },
    { label: "Set the category…", run: async () => change(await askCategory(skus.length)) },
    { label: "Put on sale", run: () => change({ active: true }) },
    { label: "Take off sale", run: () => change({ active: false }) },
  ];
}

async function apply(skus, what, taken) {
  const results = [];
  try {
    for (let start = 0; start < skus.length; start += AT_ONCE) {
      const answer = await post("/api/products/bulk", { skus: skus.slice(start, start + AT_ONCE), ...what });
      results.push(...answer.results);
    }
  } catch (error) {
    toast({ title: "That did not work", detail: error.explanation, tone: "danger" });
  }
  const failed = results.filter(({ status }) => status !== 200);
  for (const { product } of results) if (product) taken(product);
  if (results.length > failed.length) toast({ title: `${plural(results.length - failed.length, "product")} changed`, tone: "good" });
  if (failed.length) toast({ title: `${plural(failed.length, "product")} could not be changed`, detail: reasons(failed), tone: "danger", stays: 15_000 });
}

function reasons(failed) {
  const told = failed.slice(0, 3).map(({ sku, problem }) => `${sku}: ${problem.errors?.[0]?.message ?? problem.detail}`);
  return told.join("; ") + (failed.length > 3 ? " …" : "");
}

async function askPrice(number) {
  const answer = await ask(`Change the price of ${plural(number, "product")}`, "Change", "Back", false, choice([
    ["percent", "By so many percent; negative for less", "10"],
    ["to", "To one price for all", ""],
  ]));
  return answer && { price: { [answer.get("how")]: answer.get("number").trim() } };
}

async function askStock(number) {
  const answer = await ask(`Change the stock of ${plural(number, "product")}`, "Change", "Back", false, choice([
    ["add", "So many have come; negative for gone", "10"],
    ["to", "So many are there, by count", ""],
  ]));
  return answer && { stock: { [answer.get("how")]: answer.get("number").trim() } };
}

async function askCategory(number) {
  const answer = await ask(`Set the category of ${plural(number, "product")}`, "Set", "Back", false, [
    el("div.field", {},
      el("label", { for: "ask-category" }, "Category"),
      el("input", { id: "ask-category", name: "category", maxlength: "100", list: "all-categories", autocomplete: "off" }),
      el("p.hint", {}, "Left empty, they are in none.")),
  ]);
  return answer && { category: answer.get("category").trim() || null };
}

function choice(ways) {
  return [
    el("div.field", {},
      el("label", { for: "ask-how" }, "How"),
      el("select", { id: "ask-how", name: "how" }, ways.map(([value, label]) => el("option", { value }, label)))),
    el("div.field", {},
      el("label", { for: "ask-number" }, "Number"),
      el("input", { id: "ask-number", name: "number", required: true, inputmode: "decimal", maxlength: "20", autocomplete: "off" })),
  ];
}
