/** What somebody looks for: as the address and the API write it, and whether an order fits it. No page. */

const LISTS = ["status", "type", "driver", "payment", "channel", "tag", "method", "assigned_to"];
const SINGLE = ["q", "created_from", "created_to", "due_before", "at_risk", "total_from", "total_to", "sort"];
const NEWEST = "-created";

let me = null;
let digits = 2;

/** Who sits here: whose orders are "me". */
export function useMe(id) {
  me = id;
}

/** With how many decimal digits the shop's currency is written, in which bounds of totals are told. */
export function useDigits(number) {
  digits = number;
}

/** Of an order what each filter of several values looks at: one of these has to be among them. */
const HAS = {
  status: (order) => [order.status],
  type: (order) => [order.type],
  driver: (order) => [order.driver?.id],
  payment: (order) => [order.payment.status],
  channel: (order) => [order.channel],
  tag: (order) => order.tags,
  method: (order) => [order.fulfilment?.method],
  assigned_to: ({ assigned_to: member }) => (member ? [String(member.id), ...(member.id === me ? ["me"] : [])] : ["none"]),
};

/** Of an order and a bound whether the one is within the other. Moments of the API are as long as each other. */
const WITHIN = {
  created_from: (order, moment) => Date.parse(order.created_at) >= Date.parse(moment),
  created_to: (order, moment) => Date.parse(order.created_at) < Date.parse(moment),
  due_before: (order, moment) => order.due_at !== null && Date.parse(order.due_at) < Date.parse(moment),
  total_from: (order, amount) => minorUnits(order) >= bound(amount),
  total_to: (order, amount) => minorUnits(order) <= bound(amount),
};

const RANK = {
  created: (order) => order.created_at,
  updated: (order) => order.updated_at,
  due: (order) => order.due_at ?? null,
  total: minorUnits,
};

/** Nothing in particular, the newest first. */
export const NO_FILTER = Object.freeze({ ...Object.fromEntries(LISTS.map((name) => [name, Object.freeze([])])), ...Object.fromEntries(SINGLE.map((name) => [name, ""])) });

/** The filter that parameters of an address name; what else they name is left alone. */
export function filterOf(parameters) {
  const single = SINGLE.map((name) => [name, (parameters.get(name) ?? "").trim()]);
  const value = Object.fromEntries([...LISTS.map((name) => [name, parameters.getAll(name)]), ...single]);
  return value.sort === NEWEST ? { ...value, sort: "" } : value;
}

/** The query of a filter, as the API and the address bar write it. */
export function query(filter, more = {}) {
  const parameters = new URLSearchParams();
  for (const name of LISTS) for (const value of filter[name] ?? []) parameters.append(name, value);
  for (const name of SINGLE) if (filter[name]) parameters.set(name, filter[name]);
  for (const [name, value] of Object.entries(more)) if (value !== null) parameters.set(name, value);
  return parameters.toString();
}

/** Whether anything is left out. */
export function isNarrowed(filter) {
  return query({ ...filter, sort: "" }) !== "";
}

/** Whether an order fits, as far as can be told here: of a search (`q`) and of what is at risk the server alone can. */
export function fits(filter, order) {
  for (const name of LISTS) {
    const wanted = filter[name];
    if (wanted?.length && !HAS[name](order).some((value) => wanted.includes(value))) return false;
  }
  return Object.entries(WITHIN).every(([name, isWithin]) => !filter[name] || isWithin(order, filter[name]));
}

/** Whether of two orders the first comes before the second. What has no time to be sorted by comes last. */
export function precedes({ sort }, a, b) {
  const { name, falling } = order(sort);
  const [rankA, rankB] = [RANK[name](a), RANK[name](b)];
  if (rankA === rankB) return falling ? a.number > b.number : a.number < b.number;
  if (rankA === null || rankB === null) return rankB === null;
  return falling ? rankA > rankB : rankA < rankB;
}

/** What an order is ranked by, for whoever has to remember a place in the list. */
export function rankOf({ created_at, updated_at, due_at, total, number }) {
  return { created_at, updated_at, due_at, total, number };
}

/** What an order comes to in minor units of its own currency, as the server compares totals. */
function minorUnits({ total }) {
  return Number(String(total).replace(".", ""));
}

function bound(amount) {
  return Math.round(Number(amount) * 10 ** digits);
}

function order(sort) {
  const said = sort || NEWEST;
  const name = said.replace(/^-/, "");
  return name in RANK ? { name, falling: said.startsWith("-") } : { name: "created", falling: true };
}
