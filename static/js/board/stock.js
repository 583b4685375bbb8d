/** News of what there is to sell. */

import { toast } from "../lib/toasts.js";

/** Said when a product begins to run low, not with each order after that. */
export function tellStock({ product, was }) {
  if (!product.low || was.low !== false || !product.active) return;
  const left = Number(product.available) === 0 ? "is sold out" : `is running low: ${product.available} left`;
  const show = { label: "Products", run: () => location.assign("/admin/products") };
  toast({ key: `stock ${product.sku}`, title: `${product.name} ${left}`, tone: "danger", icon: "tag", action: show, stays: 20_000 });
}
