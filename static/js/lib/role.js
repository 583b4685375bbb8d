/** What whoever looks at the page may do; the server decides, this only shows no more than that. */

const role = document.body.dataset.role;

/** Whether orders, products, customers and drivers may be changed here. */
export const mayChange = role !== "viewer";
/** Whether settings, keys and staff may be. */
export const mayRule = role === "owner";

const LOOK_AGAIN = 1_000;

/** Load the page anew when a feed says that the role is another; not over what is being typed. */
export function followRole(feed) {
  const load = () => (isTyping() ? setTimeout(load, LOOK_AGAIN) : location.reload());
  feed.addEventListener("rights", load, { once: true });
}

function isTyping() {
  return document.querySelector("dialog[open] form") || [...document.querySelectorAll("textarea")].some((field) => field.value);
}
