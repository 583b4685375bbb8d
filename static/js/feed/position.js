/** Positions in the log, written `<epoch>-<number>`. */

const SHAPE = /^([0-9a-z]{1,32})-([0-9]{1,18})$/;

/** The parts of an id, or null when it is none. */
export function parsePosition(id) {
  const found = SHAPE.exec(id ?? "");
  return found ? { epoch: found[1], number: Number(found[2]) } : null;
}

/** The id of a number in the same epoch as another id. */
export function positionId(epoch, number) {
  return `${epoch}-${number}`;
}

/** The parts and the id itself; throws when it is none. */
export function readPosition(id) {
  const position = parsePosition(id);
  if (!position) throw new TypeError(`not a position in the log: ${id}`);
  return { ...position, id };
}

/** Whether both are ids of the same epoch, and the first one is before the other. */
export function isBefore(id, other) {
  const [one, two] = [parsePosition(id), parsePosition(other)];
  return Boolean(one && two) && one.epoch === two.epoch && one.number < two.number;
}
