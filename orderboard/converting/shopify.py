"""Shopify's orders, as its Admin REST API answers them and its webhooks send them."""

from decimal import Decimal
from typing import Any

from orderboard.converting.reading import Converted, Json, Reader, filled
from orderboard.converting.sums import Sums

_PAID = ("paid", "partially_refunded", "refunded", "partially_paid")


def convert(data: Any) -> Converted:
    """One order. Raises Unconvertible for what does not add up."""
    source = Reader(data)
    sums, total = _sums(source), source.amount("total_price")
    status, times = _course(source)
    gateways = [name for name in data.get("payment_gateway_names") or [] if isinstance(name, str)]
    order: Json = {
        "customer": _customer(source),
        **sums.fields(total),
        "payment_method": _method(gateways),
        "status": status,
        "placed_at": source.text("processed_at", "created_at"),
        "times": times,
        **filled(
            external_id=source.text("id"),
            display_number=source.text("name", "order_number"),
            channel=source.text("source_name"),
            note=source.text("note"),
            locale=source.text("customer_locale"),
            tags=[tag.strip() for tag in (source.text("tags") or "").split(",") if tag.strip()][
                :20
            ],
            address=_address(source.part("shipping_address")),
            billing_address=_address(source.part("billing_address")),
            fulfilment={"method": "ship"} if source.each("shipping_lines") else None,
            shipments=[_shipment(one) for one in source.each("fulfillments")],
            payments=_payments(source, gateways, total),
            metadata={
                str(one.text("name")): one.text("value") or ""
                for one in source.each("note_attributes")
            },
        ),
    }
    gone = [path for path in source.left_out() if not path.startswith("payment_gateway_names.")]
    return Converted(order, gone)


def _sums(source: Reader) -> Sums:
    sums = Sums(source.text("currency") or "")
    sums.tax_included = source.flag("taxes_included")
    for item in source.each("line_items"):
        much = item.amount("quantity")
        named = filled(sku=item.text("sku"), options=_options(item))
        sums.line(item.amount("price") * much, much, name=item.text("title", "name"), **named)
    sums.shipping = sum((one.amount("price") for one in source.each("shipping_lines")), Decimal(0))
    rest = source.amount("total_discounts")
    for code in source.each("discount_codes"):
        amount = min(code.amount("amount"), rest)
        rest -= amount
        sums.discount(amount, code=code.text("code"))
    sums.discount(rest, name="Discount")
    sums.tip = source.amount("total_tip_received")
    sums.tax = source.amount("total_tax")
    for tax in source.each("tax_lines"):
        rate = tax.amount("rate") * 100
        sums.tax_line(tax.text("title") or "Tax", rate, tax.amount("price"))
    return sums


def _tags(source: Reader) -> list[str]:
    tags = (source.text("tags") or "").split(",")
    return [tag.strip()[:50] for tag in tags if tag.strip()][:20]


def _options(item: Reader) -> list[Json]:
    variant = item.text("variant_title")
    found = [{"name": "Variant", "value": variant}] if variant else []
    for one in item.each("properties"):
        if not one.is_hidden("name"):
            name, value = one.text("name"), one.text("value")
            found += [{"name": name, "value": value}] if name and value else []
    return found


def _course(source: Reader) -> tuple[str, dict[str, str]]:
    """Where an order stands, and when it came there."""
    cancelled, closed = source.text("cancelled_at"), source.text("closed_at")
    sent = source.text("fulfillment_status")
    if cancelled:
        return "cancelled", {"cancelled": cancelled}
    if closed and sent == "fulfilled":
        return "completed", {"completed": closed}
    if sent == "fulfilled":
        return "shipped", {}
    return ("processing" if sent == "partial" else "pending"), {}


def _customer(source: Reader) -> Json:
    who, billing = source.part("customer"), source.part("billing_address")
    shipping = source.part("shipping_address")
    name = " ".join(filter(None, (who.text("first_name"), who.text("last_name"))))
    phone = source.text("phone") or who.text("phone") or billing.text("phone")
    return filled(
        name=name or billing.text("name") or shipping.text("name") or "Guest",
        company=billing.text("company"),
        email=source.text("email", "contact_email") or who.text("email"),
        phone=phone,
    )


def _address(part: Reader) -> Json | None:
    name = " ".join(filter(None, (part.text("first_name"), part.text("last_name"))))
    found = filled(
        name=", ".join(filter(None, (part.text("name") or name, part.text("company")))),
        line1=part.text("address1"),
        line2=part.text("address2"),
        city=part.text("city"),
        region=part.text("province", "province_code"),
        postal_code=part.text("zip"),
        country=part.text("country_code", "country"),
        phone=part.text("phone"),
    )
    lat, lng = part.text("latitude"), part.text("longitude")
    if lat and lng:
        found |= {"lat": float(lat), "lng": float(lng)}
    if "line1" not in found and "city" in found:
        found["line1"] = found["city"]
    return found if "line1" in found else None


def _shipment(one: Reader) -> Json:
    return filled(
        carrier=one.text("tracking_company"),
        number=one.text("tracking_number"),
        url=one.text("tracking_url"),
    )


def _method(gateways: list[str]) -> str:
    if not gateways:
        return "none"
    return "cod" if any("cash on delivery" in name.casefold() for name in gateways) else "online"


def _payments(source: Reader, gateways: list[str], total: Decimal) -> list[Json]:
    state, open_ = source.text("financial_status"), source.amount("total_outstanding")
    title = ", ".join(gateways)
    if state == "authorized":
        how, amount = "authorized", total
    elif state in _PAID:
        how, amount = "paid", total - open_
    else:
        return []
    named = filled(title=title)
    method = gateways[0][:40] if gateways else "unknown"
    return [{"method": method, "amount": str(amount), "status": how, **named}] if amount > 0 else []
