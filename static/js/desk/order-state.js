/**
 * What a form says of an order: path → text, or a list for what there may be several of. An order
 * as the API tells it becomes such a state, and what differs becomes the body of a request.
 */

export const LABELS = {
  items: "Lines",
  shipping: "Shipping",
  fees: "Fees",
  discounts: "Discounts",
  taxes: "Taxes",
  tax_included: "Prices contain the taxes",
  tip: "Tip",
  "customer.name": "Customer",
  "customer.company": "Company",
  "customer.phone": "Phone",
  "customer.email": "E-mail",
  "fulfilment.method": "How",
  "fulfilment.from": "From",
  "fulfilment.until": "Until",
  "fulfilment.table": "Table",
  "fulfilment.instructions": "How, in words",
  "address.name": "Addressee",
  "address.line1": "Street",
  "address.line2": "Floor, flat",
  "address.postal_code": "Postal code",
  "address.city": "City",
  "address.region": "Region",
  "address.country": "Country",
  "address.phone": "Phone there",
  "address.instructions": "Directions",
  payment_method: "Payment agreed",
  payment_status: "How far it is paid",
  note: "Note",
  tags: "Tags",
  shipments: "Parcels",
};
export const PATHS = Object.keys(LABELS);
export const PRICED = ["items", "shipping", "fees", "discounts", "taxes", "tax_included", "tip"];
const MOVED = ["line1", "line2", "postal_code", "city", "region", "country"];

/** The state of an order; of none, an empty one. */
export function stateOf(order) {
  return Object.fromEntries(PATHS.map((path) => [path, READ[path]?.(order) ?? text(at(order, path))]));
}

/** The paths by which two states differ. */
export function differing(before, after) {
  return PATHS.filter((path) => JSON.stringify(before[path]) !== JSON.stringify(after[path]));
}

/** What a request says of these paths. `before`: the order that is changed, if there is one. */
export function bodyOf(state, paths, before = null) {
  const body = {};
  for (const path of paths) {
    const [group, part] = path.split(".");
    if (part) body[group] ??= groupOf(group, state, paths, before);
    else body[path] = WRITE[path](state[path]);
  }
  return body;
}

const READ = {
  items: (order) => (order?.items ?? []).map(lineOf),
  shipping: (order) => amount(order?.shipping),
  tip: (order) => amount(order?.tip),
  fees: (order) => rows(order?.fees),
  discounts: (order) => rows(order?.discounts, order?.discount),
  taxes: (order) => rows(order?.taxes, order?.tax, "Tax"),
  tax_included: (order) => Boolean(order?.tax_included),
  tags: (order) => (order?.tags ?? []).join(", "),
  shipments: (order) => (order?.shipments ?? []).map((one) => ({ ...one })),
  payment_status: (order) => (order && !order.payments.length ? order.payment.status : ""),
  payment_method: (order) => order?.payment_method ?? "none",
  "fulfilment.from": (order) => localTime(order?.fulfilment?.from),
  "fulfilment.until": (order) => localTime(order?.fulfilment?.until),
};

const WRITE = {
  items: (items) => items.map((item) => filled({ ...item, quantity: plain(item.quantity), unit_price: plain(item.unit_price), discount: plain(item.discount), options: item.options.map((option) => filled({ ...option, price: plain(option.price) })) })),
  shipping: (typed) => plain(typed) || "0",
  tip: (typed) => plain(typed) || "0",
  fees: withAmounts,
  discounts: withAmounts,
  taxes: withAmounts,
  tax_included: Boolean,
  tags: (typed) => typed.split(",").map((tag) => tag.trim()).filter(Boolean),
  shipments: (list) => list.map(filled),
  payment_method: String,
  payment_status: String,
  note: (typed) => typed || null,
};

/** A whole part of an order: what is said of it now, or null where nothing is. */
function groupOf(group, state, paths, before) {
  const mine = PATHS.filter((path) => path.startsWith(`${group}.`));
  const told = filled(Object.fromEntries(mine.map((path) => [path.slice(group.length + 1), TIMES.has(path) ? utc(state[path]) : state[path]])));
  if (!Object.keys(told).length) return group === "customer" ? told : null;
  const stays = group === "address" && !MOVED.some((part) => paths.includes(`address.${part}`));
  return stays && before?.address?.lat != null ? { ...told, lat: before.address.lat, lng: before.address.lng } : told;
}

const TIMES = new Set(["fulfilment.from", "fulfilment.until"]);

function lineOf(item) {
  const { id, sku, name, quantity, unit, unit_price: price, discount, options = [], note, tax_rate: rate, image } = item;
  return {
    id, sku: text(sku), name, quantity: String(quantity), unit: text(unit), unit_price: price, discount: amount(discount),
    options: options.map((option) => ({ name: option.name, value: option.value, price: text(option.price) })),
    note: text(note), tax_rate: text(rate), image: text(image),
  };
}

/** The parts of a sum; a sum that was given without any is its own only part. */
function rows(list = [], sum = "0", name = "") {
  if (list.length) return list.map((one) => Object.fromEntries(Object.entries(one).map(([key, value]) => [key, text(value)])));
  return Number(sum) ? [filled({ name, amount: sum })] : [];
}

function withAmounts(list) {
  return list.map((one) => filled({ ...one, amount: plain(one.amount) }));
}

/** Without what says nothing. */
function filled(thing) {
  return Object.fromEntries(Object.entries(thing).filter(([, value]) => value !== "" && value !== null && value !== undefined && !(Array.isArray(value) && !value.length)));
}

function at(order, path) {
  return path.split(".").reduce((thing, name) => thing?.[name], order);
}

function text(value) {
  return value === null || value === undefined ? "" : String(value);
}

function amount(value) {
  return Number(value) ? value : "";
}

/** `1,5` is meant as `1.5`. */
function plain(typed) {
  return /^-?\d+,\d{1,6}$/.test(typed ?? "") ? typed.replace(",", ".") : typed ?? "";
}

/** A moment as an input for local time shows it. */
function localTime(moment) {
  if (!moment) return "";
  const local = new Date(Date.parse(moment) - new Date(moment).getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 16);
}

function utc(local) {
  return local ? new Date(local).toISOString() : "";
}
