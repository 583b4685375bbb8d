/** All orders that match what is looked for, page by page. */

import { get } from "../lib/api.js";
import { query } from "../board/filter.js";

const PAGE = 200;
/** Orders that may be selected at once. */
export const MOST = 5000;

/** Read them, newest first, up to MOST; `told(number)` hears how many there are so far. Answers the
 *  orders and whether these are all. */
export async function everything(filter, told) {
  const found = [];
  let cursor = null;
  do {
    const page = await get(`/api/orders?${query(filter, { limit: PAGE, cursor })}`);
    found.push(...page.orders);
    cursor = page.next;
    told(found.length);
  } while (cursor && found.length < MOST);
  return { orders: found.slice(0, MOST), isAll: !cursor && found.length <= MOST };
}
