/**
 * Which rows the page has: those in view and some beyond it on both sides. Arithmetic alone.
 *
 * A place is where a row stands in the list, `{first, end}` is from one to before another.
 */

/** How much of a view there has to be above and below it, and how much is made when there is less. */
const LEAST = 0.25;
const AMPLE = 0.6;

/**
 * The rows to have. `sight` is `{place, top}`: where the upper edge of one row is, in pixels below
 * that of the window, which is `view` high; a row is `height` high. The page has `has` already: it
 * is left alone for as long as it reaches far enough, so that not each step of scrolling costs.
 */
export function spanFor(sight, { view, height, count }, has) {
  const least = around(sight, view, height, count, LEAST);
  if (has.first <= least.first && has.end >= least.end && has.end <= count) return has;
  return around(sight, view, height, count, AMPLE);
}

/** The places in view below the upper `covered` pixels, by at least `much` pixels: the first and the last. */
export function inView({ place, top }, { view, height, count }, covered, much) {
  const first = place + Math.floor((covered + much - top) / height);
  const last = place + Math.floor((view - top) / height);
  return { first: within(first, count), last: within(last, count - 1) };
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
