/** What whoever looks at the page may do; the server decides, this only shows no more than that. */

const role = document.body.dataset.role;

/** Whether orders, products, customers and drivers may be changed here. */
export const mayChange = role !== "viewer";
/** Whether settings, keys and staff may be. */
export const mayRule = role === "owner";
