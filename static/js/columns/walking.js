/** The keys of a card that has the focus: to its neighbours, and with it to the next column. */

const STEPS = { "]": 1, "[": -1 };
const SIDEWAYS = { ArrowRight: 1, ArrowLeft: -1 };
const ALONG = { ArrowDown: 1, ArrowUp: -1 };

/** Answer a key pressed on the card of `order`. */
export function walk(event, columns, order) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const step = STEPS[event.key] ?? (event.shiftKey ? SIDEWAYS[event.key] : undefined);
  if (step) columns.step(order, step);
  else if (event.key in SIDEWAYS) goSideways(columns, order, SIDEWAYS[event.key]);
  else if (event.key in ALONG && !event.shiftKey) goAlong(columns, order, ALONG[event.key]);
  else if (event.key === "Home" || event.key === "End") goTo(columns, columns.columnOf(order.id), event.key === "Home" ? 0 : Infinity);
  else return;
  event.preventDefault();
}

function goAlong(columns, order, step) {
  const column = columns.columnOf(order.id);
  goTo(columns, column, column.placeOf(order.id) + step);
}

/** To the nearest column on that side that has any, at the same height where it reaches that far. */
function goSideways(columns, order, step) {
  const { all } = columns;
  const here = columns.columnOf(order.id);
  const isThere = ({ orders, element }) => orders.length && !element.hidden;
  for (let at = all.indexOf(here) + step; all[at]; at += step) {
    if (isThere(all[at])) return goTo(columns, all[at], here.placeOf(order.id));
  }
}

function goTo(columns, column, place) {
  const order = column.at(place);
  if (order) columns.focus(order.id);
}
