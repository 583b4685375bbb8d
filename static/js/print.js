/** A page of papers: as long as what is on it, printed at once if wanted, and then marked as printed. */

import { ApiError, post } from "./lib/api.js";
import { pageData } from "./lib/dom.js";

const MM = 96 / 25.4;
const SPARE = 2;
const data = pageData("print-data");
const state = document.getElementById("print-state");

await Promise.allSettled([...document.images].map((image) => image.decode()));
await document.fonts.ready;
fitPages();
document.getElementById("print").addEventListener("click", print);
if (data.at_once) print();

/** A ticket's paper is cut where it ends: each gets a page of its own height. */
function fitPages() {
  const sizes = new CSSStyleSheet();
  const rules = [...document.querySelectorAll(".ticket")].map((ticket, at) => {
    const height = Math.ceil(ticket.getBoundingClientRect().height / MM) + SPARE;
    ticket.style.page = `ticket-${at}`;
    return `@page ticket-${at} { size: 80mm ${height}mm; margin: 0; }`;
  });
  sizes.replaceSync(rules.join("\n"));
  document.adoptedStyleSheets.push(sizes);
}

/** Browsers do not tell whether somebody went on from their dialog: who opened it has printed. */
async function print() {
  window.print();
  if (!data.ids.length) return;
  try {
    await post("/api/orders/bulk/printed", { ids: data.ids });
    state.textContent = "Marked as printed.";
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    state.textContent = `It could not be marked as printed: ${error.explanation}`;
  }
}
