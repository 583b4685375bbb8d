/** Changing many orders: in pieces, each order judged for itself by the server. */

import { ApiError, fieldName, post } from "../lib/api.js";

const AT_ONCE = 100;

/**
 * Send things in pieces: `send(piece)` is what to post, `told(done)` hears how many are done.
 * @returns {Promise<{done: object[], failed: {id: string, why: string}[]}>} the results that went
 *   well, and each order that was not changed, with the reason in words
 */
export async function inPieces(url, things, send, told) {
  const found = { done: [], failed: [] };
  for (let start = 0; start < things.length; start += AT_ONCE) {
    told(start);
    try {
      const { results } = await post(url, send(things.slice(start, start + AT_ONCE)));
      for (const result of results) take(found, result);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      giveUp(found, things, start, error);
      break;
    }
  }
  told(things.length);
  return found;
}

function take({ done, failed }, result) {
  if (result.status === 200) done.push(result);
  else failed.push({ id: result.id, why: reason(result.problem) });
}

/** A piece that got lost may have been done; those behind it were not tried. */
function giveUp({ failed }, things, start, error) {
  const why = error.mayPass ? `${error.explanation} Whether these were changed is not known.` : error.explanation;
  things.slice(start).forEach((thing, place) => {
    failed.push({ id: thing.id ?? thing, why: place < AT_ONCE ? why : "They were not tried any more." });
  });
}

function reason({ errors, detail }) {
  const [first] = errors ?? [];
  return first ? `${fieldName(first.path)} ${first.message}.` : detail.replaceAll("_", " ");
}
