/** The selected orders on paper: one page with all of them. */

import { toast } from "../lib/toasts.js";

const MOST = 100;
const PAPERS = { ticket: "Tickets, 80 mm", slip: "Packing slips, A4", sheet: "Order sheets with prices, A4" };

/** What to offer in a menu for the orders of these ids. */
export function prints(ids) {
  return Object.entries(PAPERS).map(([paper, label]) => ({ label, icon: "print", run: () => print(ids, paper) }));
}

function print(ids, paper) {
  if (ids.length > MOST) toast({ title: `At most ${MOST} orders are printed at once` });
  else open(`/admin/tickets?ids=${ids.join(",")}&as=${paper}&print`, "_blank");
}
