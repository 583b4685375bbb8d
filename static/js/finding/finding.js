/** All that helps to find orders, beside the search and the chips of statuses and types. */

import { filterOf, useDigits, useMe } from "../board/filter.js";
import { seen } from "../board/store.js";
import { commandsOf, orderSearch } from "./commands.js";
import { MoreFilters } from "./more-filters.js";
import { Palette } from "./palette.js";
import { SavedViews } from "./saved-views.js";
import { listenToHeadings } from "./sorting.js";

const byId = (id) => document.getElementById(id);

export class Finding {
  #filters;
  #views;
  #statuses;

  /** `views` are the ways to look at orders: table, board and wall. */
  constructor({ data, filters, drivers, team, store, views, feed }) {
    const { shop, payments, methods } = data;
    useMe(team.me);
    useDigits(shop.digits);
    this.#filters = filters;
    this.#views = views;
    this.#statuses = data.statuses;
    this.more = new MoreFilters(byId("more-filters"), byId("filter-chips"), filters, {
      zone: shop.timezone,
      currency: shop.currency,
      payments,
      methods,
      drivers: () => drivers.all,
      team: () => team.all,
      seen: (name) => seen(store, name),
    });
    this.saved = new SavedViews(byId("saved-views"), feed, (query) => this.#go(query));
    listenToHeadings(byId("orders").tHead, filters);
  }

  /** Offer everything by ctrl or cmd and k. `accept` and `refresh` do what their keys do. */
  offerCommands({ shown, panel, moves, accept, refresh }) {
    const filters = this.#filters;
    const open = (id) => panel.open(id);
    const actions = [
      { label: "Refresh", icon: "refresh", hint: "r", run: refresh },
      { label: "Keyboard shortcuts", icon: "help", hint: "?", run: () => byId("help").showModal() },
      { label: "More filters", icon: "sliders", hint: "f", run: () => this.more.open() },
      { label: "Save this view …", icon: "plus", run: () => this.saved.save() },
      ...["table", "board", "wall"].map((name) => ({ label: `Look at it as ${name}`, icon: name === "board" ? "columns" : name, hint: "v", run: () => this.#views.choose(name) })),
    ];
    const offered = commandsOf({
      actions,
      open,
      accept,
      statuses: this.#statuses,
      current: () => shown.current?.order ?? panel.order,
      move: (order, status) => moves.move(order, status),
      savedViews: () => this.saved.all,
      showView: (view) => this.saved.show(view),
      clear: () => filters.clear(),
      onlyStatus: (status) => filters.set({ status: [status] }),
    });
    return new Palette(offered, orderSearch(open));
  }

  #go(query) {
    const parameters = new URLSearchParams(query);
    this.#views.take(parameters);
    this.#filters.set(filterOf(parameters));
  }
}
