/** Which orders stand in which column, and in which order. No page, no network. */

import { byUrgency } from "./due.js";

/**
 * Columns of orders: `[{key, statuses}]` → `Map` of each key to its orders, the most urgent first.
 * `placed` maps ids of orders that somebody has just put elsewhere to the status they are to have.
 */
export function arrange(orders, columns, placed = new Map()) {
  const keyOf = new Map(columns.flatMap(({ key, statuses }) => statuses.map((status) => [status, key])));
  const found = new Map(columns.map(({ key }) => [key, []]));
  for (const order of orders) found.get(keyOf.get(placed.get(order.id) ?? order.status))?.push(order);
  for (const some of found.values()) some.sort(byUrgency);
  return found;
}

/**
 * The column that a step leads to from where an order is: the first that it may go to, in the order
 * in which its moves are offered, among those to the right (`step` 1) or left (-1). Answers
 * `{column, status}`, or null where none is. `isQuiet` tells whether a status may be set by a mere key.
 */
export function stepFrom(order, columns, step, isQuiet) {
  const placeOf = (status) => columns.findIndex(({ statuses }) => statuses.includes(status));
  const here = placeOf(order.status);
  const status = order.allowed.find((one) => isQuiet(one) && Math.sign(placeOf(one) - here) === step && placeOf(one) >= 0);
  return status ? { column: columns[placeOf(status)], status } : null;
}

/** The statuses that an order may get by being put into a column. */
export function statusesFor(order, { statuses }) {
  return order.allowed.filter((status) => statuses.includes(status));
}
