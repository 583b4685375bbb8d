"""How far an order is paid, whatever was recorded and whatever staff said."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orderboard.errors import Conflict, Invalid
from orderboard.money import from_text, to_text
from orderboard.orders import paying
from orderboard.orders.refunding import refund

Json = dict[str, Any]
CURRENCIES = st.sampled_from(["JPY", "EUR", "KWD"])


def row(status: str = "due", total: int = 1000, **more: Any) -> Json:
    """An order's row."""
    money: Json = {"payments": None, "refunds": None, "payment_method": "online"}
    return {"currency": "EUR", "total": total, "payment_status": status, **money, **more}


def payments(*amounts: tuple[str, int]) -> list[Json]:
    return [{"status": status, "amount": to_text(minor, "EUR")} for status, minor in amounts]


def refunds(*amounts: int) -> list[Json]:
    return [{"amount": to_text(minor, "EUR")} for minor in amounts]


@pytest.mark.parametrize(
    ("status", "then"),
    [
        ("none", ("0.00", "0.00", "0.00")),
        ("due", ("0.00", "0.00", "10.00")),
        ("paid", ("10.00", "0.00", "0.00")),
        ("refunded", ("10.00", "10.00", "0.00")),
    ],
)
def test_what_staff_said_by_hand_keeps_its_meaning(status: str, then: tuple[str, ...]) -> None:
    told = paying.told(row(status))
    assert told["status"] == status
    assert (told["paid"], told["refunded"], told["due"]) == then
    before = {"currency": "EUR", "total": "10.00", "payment": {"method": "cod", "status": status}}
    whole = paying.whole(before)
    assert whole["payment"] == {**told, "method": "cod"}
    assert (whole["payments"], whole["refunds"]) == ([], [])
    assert paying.whole(whole) == whole
    assert paying.refunded(before) == paying.refunded(whole) == from_text(then[1], "EUR")


@pytest.mark.parametrize(
    ("came", "back", "then"),
    [
        ([("pending", 1000)], [], ("due", "0.00", "10.00")),
        ([("failed", 1000)], [], ("due", "0.00", "10.00")),
        ([("authorized", 1000), ("failed", 1000)], [], ("authorized", "0.00", "10.00")),
        ([("paid", 400), ("authorized", 600)], [], ("partly_paid", "4.00", "6.00")),
        ([("paid", 400), ("paid", 600)], [], ("paid", "10.00", "0.00")),
        ([("paid", 1200)], [], ("paid", "12.00", "0.00")),
        ([("paid", 1000)], [1], ("partly_refunded", "10.00", "0.00")),
        ([("paid", 400)], [100], ("partly_refunded", "4.00", "6.00")),
        ([("paid", 1000)], [900, 100], ("refunded", "10.00", "0.00")),
        ([("paid", 400)], [400], ("refunded", "4.00", "0.00")),
    ],
)
def test_what_was_recorded_says_how_far_it_is_paid(
    came: list[tuple[str, int]], back: list[int], then: tuple[str, str, str]
) -> None:
    told = paying.told(row("due", payments=payments(*came), refunds=refunds(*back)))
    assert (told["status"], told["paid"], told["due"]) == then


@settings(max_examples=200, deadline=None)
@given(
    st.integers(0, 10**6),
    st.lists(st.tuples(st.sampled_from(paying.PAYMENT_STATUSES), st.integers(1, 10**6))),
    st.lists(st.integers(1, 10**6)),
)
def test_nothing_is_due_twice_and_what_is_due_is_never_negative(
    total: int, came: list[tuple[str, int]], back: list[int]
) -> None:
    paid = sum(minor for status, minor in came if status == "paid")
    while sum(back) > paid:
        back.pop()
    stands = paying.standing(row(total=total, payments=payments(*came), refunds=refunds(*back)))
    assert 0 <= stands.refunded <= stands.paid
    assert 0 <= stands.due <= total
    assert stands.status in paying.STATUSES
    assert (stands.status == "refunded") == (0 < stands.paid == stands.refunded)
    if came and stands.status == "paid":
        assert stands.paid >= total


@st.composite
def orders(draw: st.DrawFn) -> Json:
    """A snapshot of an order that is paid, as far as a refund looks at it."""
    currency = draw(CURRENCIES)
    lines = draw(st.lists(st.tuples(st.integers(1, 9000), st.integers(0, 10**5)), max_size=4))
    shipping, tax = draw(st.integers(0, 1000)), draw(st.integers(0, 1000))
    total = sum(minor for _, minor in lines) + shipping + tax
    paid = draw(st.integers(0, total))
    items = [
        {
            "id": f"line_{n}",
            "name": "x",
            "quantity": f"{q / 1000:.3f}",
            "total": to_text(t, currency),
        }
        for n, (q, t) in enumerate(lines, 1)
    ]
    amounts = {"shipping": shipping, "tax": tax}
    return {
        "currency": currency,
        "items": items,
        **{name: to_text(minor, currency) for name, minor in amounts.items()},
        "payment": {"paid": to_text(paid, currency), "refunded": to_text(0, currency)},
        "refunds": [],
    }


@st.composite
def wishes(draw: st.DrawFn) -> Json:
    """Something that may be asked to be refunded."""

    def amount() -> Decimal | None:
        return draw(st.none() | st.integers(0, 500).map(Decimal))

    line = {"line": draw(st.sampled_from(["line_1", "line_2", "line_3", "nothing"]))}
    line |= {"quantity": draw(st.none() | st.integers(1, 5000)), "amount": amount()}
    return {"lines": draw(st.sampled_from([[], [line], [line, line]]))} | {
        name: amount() for name in ("shipping", "amount")
    }


@settings(max_examples=300, deadline=None)
@given(orders(), st.lists(wishes(), max_size=8))
def test_however_much_is_asked_for_no_more_goes_back_than_came(
    order: Json, asked: list[Json]
) -> None:
    currency = order["currency"]
    for wish in asked:
        try:
            made = refund(order, wish)
        except (Invalid, Conflict):
            continue
        parts = [line["amount"] for line in made["lines"]] + [made["shipping"], made["goodwill"]]
        assert from_text(made["amount"], currency) == sum(from_text(p, currency) for p in parts) > 0
        back = from_text(order["payment"]["refunded"], currency)
        back += from_text(made["amount"], currency)
        payment = {**order["payment"], "refunded": to_text(back, currency)}
        order = {**order, "payment": payment, "refunds": [*order["refunds"], made]}
        assert back <= from_text(payment["paid"], currency)
    for item in order["items"]:
        theirs = [r for f in order["refunds"] for r in f["lines"] if r["line"] == item["id"]]
        assert sum(Decimal(r["quantity"]) for r in theirs) <= Decimal(item["quantity"])


@settings(max_examples=100, deadline=None)
@given(orders(), st.data())
def test_piece_by_piece_a_line_goes_back_to_the_cent(order: Json, data: st.DataObject) -> None:
    if not order["items"]:
        return
    order = {**order, "payment": {"paid": "999999999", "refunded": "0"}, "currency": "JPY"}
    order |= dict.fromkeys(("shipping", "tax"), "0")
    item = {**order["items"][0], "total": str(data.draw(st.integers(1, 10**5)))}
    order["items"] = [item]
    left, back = int(Decimal(item["quantity"]) * 1000), 0
    while left:
        some = data.draw(st.integers(min(left, 1 + left // 3), left))
        left -= some
        wish: Json = {"lines": [{"line": "line_1", "quantity": some}]}
        try:
            made = refund(order, wish)
        except Invalid:
            wish["amount"] = Decimal(1)  # a share that rounds to nothing, with a cent beside it
            made = refund(order, wish)
        order = {**order, "refunds": [*order["refunds"], made]}
        back += int(made["lines"][0]["amount"])
    assert back == int(item["total"])
