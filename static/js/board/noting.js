/** A drawing and what it read of the thing that it shows, to know when it has to be made anew. */

/** `build(thing)` draws; answers its drawing, and what was read of the thing on the way. */
export function noting(thing, build) {
  const names = new Set(["id"]);
  const drawing = build(new Proxy(thing, {
    get(target, name) {
      names.add(name);
      return target[name];
    },
  }));
  const read = [...names];
  return { drawing, read, state: stateOf(thing, read) };
}

/** The part of a thing that `read` names, to be compared. */
export function stateOf(thing, read) {
  return JSON.stringify(read.map((name) => thing[name]));
}
