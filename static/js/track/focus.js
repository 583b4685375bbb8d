/** The focus, kept where a part is swapped. */

const TAKES_FOCUS = "a[href], button, input, select, textarea, summary, [tabindex]";

/** A function that gives the focus back that `part` has now: to the same thing, or to what is left. */
export function heldFocus(part) {
  const { activeElement } = document;
  if (!part.contains(activeElement)) return () => {};
  const before = all(part);
  const [place, mark, value] = [before.indexOf(activeElement), markOf(activeElement), activeElement.value];
  return () => {
    const now = all(part);
    const same = now.find((element) => markOf(element) === mark);
    if (same && value) same.value = value;
    (same ?? now[Math.min(place, now.length - 1)] ?? document.getElementById("main")).focus({ preventScroll: true });
  };
}

function all(part) {
  return [...part.querySelectorAll(TAKES_FOCUS)];
}

/** What makes two elements the same thing to whoever is at it. */
function markOf(element) {
  return `${element.tagName} ${element.name ?? ""} ${element.textContent.trim()}`;
}
