/** The command by which a fresh shop gets its first order. */

export function firstOrderCommand(origin, shop) {
  const key = shop.public_intake ? "" : ` \\\n  -H 'Authorization: Bearer ob_…'`;
  const order = `{"customer": "Ada", "items": [{"name": "Chai", "quantity": 2, "unit_price": "18.00"}]}`;
  return `curl ${origin}/api/orders${key} \\\n  -H 'Content-Type: application/json' \\\n  -d '${order}'`;
}
