"""WooCommerce's orders, as its REST API (v3) answers them and its webhooks send them."""

from decimal import Decimal
from typing import Any

from orderboard.converting.reading import Converted, Json, Reader, Unconvertible, filled
from orderboard.converting.sums import Sums

_STATUSES = {
    "pending": "pending",
    "processing": "processing",
    "on-hold": "on_hold",
    "completed": "completed",
    "cancelled": "cancelled",
    "refunded": "returned",
    "failed": "declined",
}
_METHODS = {"": "none", "cod": "cod"}


def convert(data: Any) -> Converted:
    """One order. Raises Unconvertible for drafts, and for what does not add up."""
    source = Reader(data)
    status = _STATUSES.get(source.text("status") or "")
    if status is None:
        raise Unconvertible(f"a {source.text('status')} is no order")
    billing, shipping = (_address(source.part(name)) for name in ("billing", "shipping"))
    sums = _sums(source)
    total = source.amount("total")
    method = source.text("payment_method") or ""
    order: Json = {
        "customer": _customer(source, billing, shipping),
        **sums.fields(total),
        "payment_method": _METHODS.get(method, "online"),
        "status": status,
        "placed_at": _time(source, "date_created_gmt"),
        "times": filled(completed=_time(source, "date_completed_gmt")),
        **filled(
            external_id=source.text("id"),
            display_number=source.text("number"),
            channel=source.text("created_via"),
            note=source.text("customer_note"),
            address=shipping or None,
            billing_address=billing or None,
            fulfilment=_fulfilment(source),
            payments=_payments(source, method, total),
            metadata=_metadata(source),
        ),
    }
    return Converted(order, source.left_out())


def _sums(source: Reader) -> Sums:
    sums = Sums(source.text("currency") or "")
    taken = Decimal(0)
    for item in source.each("line_items"):
        before, after = item.amount("subtotal"), item.amount("total")
        taken += before - after
        named = filled(sku=item.text("sku"), options=_options(item))
        name = item.text("name") or item.text("sku") or "Product"
        sums.line(before, item.amount("quantity"), name=name, **named)
    for fee in source.each("fee_lines"):
        sums.fee(fee.text("name") or "Fee", fee.amount("total"))
    for coupon in source.each("coupon_lines"):
        taken -= coupon.amount("discount")
        sums.discount(coupon.amount("discount"), code=coupon.text("code"))
    sums.discount(taken, name="Discount")
    sums.shipping, sums.tax = source.amount("shipping_total"), source.amount("total_tax")
    for tax in source.each("tax_lines"):
        amount = tax.amount("tax_total") + tax.amount("shipping_tax_total")
        sums.tax_line(tax.text("label", "rate_code") or "Tax", tax.amount("rate_percent"), amount)
    return sums


def _options(item: Reader) -> list[Json]:
    """What was chosen. What begins with an underline is the shop system's own."""
    found = []
    for meta in item.each("meta_data"):
        if meta.is_hidden("key"):
            continue
        name, value = meta.text("display_key", "key"), meta.text("display_value", "value")
        if name and value:
            found.append({"name": name, "value": value})
    return found


def _metadata(source: Reader) -> dict[str, str]:
    found = {}
    for meta in source.each("meta_data"):
        if not meta.is_hidden("key"):
            name, value = meta.text("key"), meta.text("value")
            if name and value:
                found[name] = value
    return found


def _address(part: Reader) -> Json:
    name = " ".join(filter(None, (part.text("first_name"), part.text("last_name"))))
    company, line1 = part.text("company"), part.text("address_1")
    found = filled(
        name=", ".join(filter(None, (name, company))),
        line1=line1,
        line2=part.text("address_2"),
        city=part.text("city"),
        region=part.text("state"),
        postal_code=part.text("postcode"),
        country=part.text("country"),
        phone=part.text("phone"),
    )
    if line1:
        return found
    place = found.get("city") or found.get("postal_code")
    return {**found, "line1": place} if place else {}


def _customer(source: Reader, billing: Json, shipping: Json) -> Json:
    part = source.part("billing")
    name = " ".join(filter(None, (part.text("first_name"), part.text("last_name"))))
    return filled(
        name=name or part.text("company") or shipping.get("name") or "Guest",
        company=part.text("company"),
        email=part.text("email"),
        phone=part.text("phone") or billing.get("phone"),
    )


def _fulfilment(source: Reader) -> Json | None:
    methods = [line.text("method_id") or "" for line in source.each("shipping_lines")]
    if not methods:
        return None
    pickup = any("pickup" in method for method in methods)
    titles = [line.text("method_title") for line in source.each("shipping_lines")]
    said = ", ".join(title for title in titles if title)
    return filled(method="pickup" if pickup else "ship", instructions=said)


def _payments(source: Reader, method: str, total: Decimal) -> list[Json]:
    paid_at = _time(source, "date_paid_gmt")
    title, reference = source.text("payment_method_title"), source.text("transaction_id")
    if not paid_at or not total:
        return []
    named = filled(title=title, reference=reference, at=paid_at)
    return [{"method": method or "unknown", "amount": str(total), "status": "paid", **named}]


def _time(source: Reader, name: str) -> str | None:
    """A time of theirs, which is in UTC and does not say so."""
    text = source.text(name)
    return f"{text.removesuffix('Z')}Z" if text else None
