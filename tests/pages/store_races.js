/**
 * Plays a board's store against a model of the server, at random: orders come and change, events
 * are delivered late, pages are answered from the past, the filter changes in between.
 */

const STATUSES = ["pending", "processing", "shipped"];
const DUE = [null, ...[1, 2, 3, 4].map((hour) => `2030-01-01T0${hour}:00:00.000000Z`)];

/** Answers what the store shows in the end, and what a fresh one shows. */
export function play(stores, seed, steps = 120) {
  const chance = randomFrom(seed);
  const shop = makeShop(chance);
  for (let number = 0; number < 25; number += 1) shop.place();
  const board = makeBoard(stores, shop, chance);
  const acts = [shop.place, shop.move, shop.move, shop.print, board.deliver, board.deliver, board.ask, board.answer, board.refilter, board.grow, board.acted];
  for (let step = 0; step < steps; step += 1) {
    acts[Math.floor(chance() * acts.length)]();
    board.check();
  }
  board.settle();
  const fresh = makeBoard(stores, shop, chance, board.store.filter, board.store.size);
  return { shown: board.shown(), expected: fresh.shown(), filter: JSON.stringify(board.store.filter) };
}

/** In which order lists are; said here in other words than the board's own. */
const ORDERS = {
  "": (a, b) => a.number > b.number,
  due: (a, b) => (a.due_at === b.due_at ? a.number < b.number : (a.due_at ?? "9") < (b.due_at ?? "9")),
  "-due": (a, b) => (a.due_at === b.due_at ? a.number > b.number : (a.due_at ?? "") > (b.due_at ?? "")),
};

function makeShop(chance) {
  const orders = [];
  const log = [];
  const record = (order) => log.push({ id: `e-${log.length + 1}`, type: "order.updated", changes: ["status"], order: { ...order } });
  return {
    log,
    position: () => `e-${log.length}`,
    any: () => orders[Math.floor(chance() * orders.length)],
    place() {
      // Orders of one batch share their moment.
      const moment = String(Math.floor(orders.length / 3)).padStart(6, "0");
      orders.push({ id: `ord_${orders.length}`, number: orders.length, created_at: moment, status: STATUSES[0], type: "purchase", due_at: DUE[orders.length % 5], version: 1 });
      record(orders.at(-1));
    },
    move() {
      const order = orders[Math.floor(chance() * orders.length)];
      if (chance() < 0.5) order.due_at = DUE[Math.floor(chance() * DUE.length)];
      order.status = STATUSES[Math.floor(chance() * STATUSES.length)];
      order.version += 1;
      record(order);
    },
    print() {
      const order = orders[Math.floor(chance() * orders.length)];
      order.printed = { at: String(log.length).padStart(6, "0") };
      log.push({ id: `e-${log.length + 1}`, type: "order.printed", prints: { order_id: order.id, printed: order.printed } });
    },
    page(filter, cursor, limit) {
      const isBefore = ORDERS[filter.sort];
      const isLate = (order) => !filter.due_before || (order.due_at !== null && order.due_at < filter.due_before);
      const wanted = orders.filter((order) => isLate(order) && (!filter.status.length || filter.status.includes(order.status)));
      wanted.sort((a, b) => (isBefore(a, b) ? -1 : 1));
      const rest = cursor === null ? wanted : wanted.filter((order) => isBefore(cursor, order));
      const page = rest.slice(0, limit).map((order) => ({ ...order }));
      return { orders: page, next: rest.length > limit ? page.at(-1) : null, position: `e-${log.length}` };
    },
  };
}

function makeBoard(stores, shop, chance, filter = stores.NO_FILTER, size = 8) {
  const store = stores.createStore();
  store.size = size;
  let delivered = 0;
  let turn = 0;
  const onTheWay = [];
  const readAll = (wanted) => {
    let { orders, next, position } = shop.page(wanted, null, 5);
    while (next !== null && orders.length < store.size) {
      const page = shop.page(wanted, next, 5);
      orders = orders.concat(page.orders);
      next = page.next;
    }
    return { orders, next, position };
  };
  stores.replace(store, readAll(filter), filter);
  delivered = stores.number(store.position);
  const shown = () => store.rows.slice(0, store.size).map((order) => `${order.id}:${order.version}:${order.status}:${order.printed?.at}`);
  const deliver = () => delivered < shop.log.length && stores.apply(store, shop.log[delivered++]);
  const fill = () => {
    while (stores.wantsPage(store)) stores.take(store, shop.page(store.filter, store.next, 5));
  };
  const answer = () => {
    const reply = onTheWay.shift();
    if (reply && reply.turn === turn) reply.arrive();
  };
  const reread = (wanted) => {
    const snapshot = readAll(wanted);
    turn += 1;
    onTheWay.push({ turn, arrive: () => stores.replace(store, snapshot, wanted) });
  };
  return {
    store,
    shown,
    deliver,
    answer,
    ask() {
      if (chance() < 0.5) return reread(store.filter);
      const cursor = store.next;
      if (cursor === null || onTheWay.length) return;
      const page = shop.page(store.filter, cursor, 5);
      onTheWay.push({ turn, arrive: () => stores.take(store, page) });
    },
    refilter: () => reread({
      status: STATUSES.filter(() => chance() < 0.4),
      sort: ["", "due", "-due"][Math.floor(chance() * 3)],
      due_before: chance() < 0.3 ? DUE[4] : "",
    }),
    grow: () => { store.size = Math.min(40, store.size + 3); },
    acted: () => stores.absorb(store, { ...shop.any() }),
    check() {
      const { rows } = store;
      if (stores.count(store) !== shown().length) throw new Error("counts otherwise than it shows");
      const isSorted = rows.every((order, place) => stores.placeOf(store, order) === place);
      const areNewest = rows.every((order) => store.known.get(order.id) === order && stores.matches(store, order));
      if (!isSorted || !areNewest) throw new Error("keeps its rows badly");
    },
    settle() {
      while (onTheWay.length) answer();
      while (delivered < shop.log.length) deliver();
      fill();
    },
  };
}

/** Mulberry32: the same numbers for the same seed. */
function randomFrom(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
