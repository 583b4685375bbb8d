/** Where the API has customers. */

/** The address of a customer, or of what is done to them. */
export function urlOf(id, what = "") {
  return `/api/customers/${encodeURIComponent(id)}${what}`;
}
