/** The headings by which the table is sorted: pressed once in the usual way, pressed again in the other. */

const FIRST = { due: "due", total: "-total", created: "-created" };

export function listenToHeadings(head, filters) {
  const headings = [...head.querySelectorAll("[data-sort]")];
  for (const heading of headings) heading.addEventListener("click", () => filters.set({ sort: next(heading.dataset.sort, filters.value.sort) }));
  const show = () => headings.forEach((heading) => mark(heading, filters.value.sort || FIRST.created));
  filters.addEventListener("change", show);
  show();
}

function next(name, now) {
  const said = now || FIRST.created;
  const first = FIRST[name];
  const wanted = said === first ? turned(first) : first;
  return wanted === FIRST.created ? "" : wanted;
}

function turned(sort) {
  return sort.startsWith("-") ? sort.slice(1) : `-${sort}`;
}

/** An older order was created earlier: of ages the greatest comes first where creation rises. */
function mark(heading, sort) {
  const cell = heading.closest("th");
  const name = heading.dataset.sort;
  if (sort.replace(/^-/, "") !== name) return cell.removeAttribute("aria-sort");
  const isRising = sort.startsWith("-") === (name === "created");
  cell.setAttribute("aria-sort", isRising ? "ascending" : "descending");
}
