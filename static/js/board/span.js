/**
 * Which rows the page has: those in view and some beyond it on both sides. Arithmetic alone.
 *
 * A place is where a row stands in the list, `{first, end}` is from one to before another.
 */

/** Of a view: how much there is above and below it when rows are made, and the bounds it may have. */
const LEAST = 0.25;
const AMPLE = 0.6;
const MOST = 1.2;

/**
 * The rows to have. `sight` is `{place, top}`: where the upper edge of one row is, in pixels below
 * that of the window, which is `view` high; a row is `height` high. The page has `has` already: it
 * is left alone for as long as it reaches far enough, so that not each step of scrolling costs.
 */
export function spanFor(sight, { view, height, count }, has) {
  const spanOf = (margin) => around(sight, view, height, count, margin);
  return lies(spanOf(LEAST), has) && lies(has, spanOf(MOST)) ? has : spanOf(AMPLE);
}

/** The places in view below the upper `covered` pixels, by at least `much` pixels: the first and the last. */
export function inView({ place, top }, { view, height, count }, covered, much) {
  const first = place + Math.floor((covered + much - top) / height);
  const last = place + Math.floor((view - top) / height);
  return { first: within(first, count), last: within(last, count - 1) };
}

function lies(one, other) {
  return other.first <= one.first && one.end <= other.end;
}

function around({ place, top }, view, height, count, margin) {
  const more = view * margin;
  return {
    first: within(place - Math.ceil((top + more) / height), count),
    end: within(place + Math.ceil((view - top + more) / height), count),
  };
}

function within(place, most) {
  return Math.max(0, Math.min(most, place));
}
