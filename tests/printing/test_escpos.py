"""A ticket as bytes: what a printer of one make and width does with it."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orderboard.orders.snapshot import whole
from orderboard.printing import escpos
from orderboard.printing.letters import encoded
from orderboard.printing.ticket import ticket
from orderboard.settings.printers import CODE_PAGES, Printer
from orderboard.settings.values import Contact, Shop

Json = dict[str, Any]
NOW = datetime(2026, 11, 25, 15, 5, tzinfo=UTC)
KITCHEN = Printer(id="printer_1", name="Kitchen", address="kitchen:9100", width=32)
ITEM: Json = {
    "name": "Crème brûlée for the whole long table",
    "sku": "C-1",
    "quantity": 2,
    "unit_price": "4.50",
    "total": "9.00",
    "options": [{"name": "Milk", "value": "oat"}],
    "note": "extra hot",
}


def order(**more: Any) -> Json:
    found = {
        "number": 1042,
        "type": "purchase",
        "status": "pending",
        "status_label": "Pending",
        "customer": {"name": "Zoë Łącka", "company": None, "phone": "0700 1", "email": None},
        "items": [ITEM],
        "currency": "EUR",
        **dict.fromkeys(("shipping", "tax", "discount"), "0.00"),
        **dict.fromkeys(("subtotal", "total"), "9.00"),
        "address": None,
        "payment": {"method": "cod", "status": "due", "paid": "0.00", "due": "9.00"},
        "note": "Ring twice",
        "created_at": "2026-11-25T15:00:00Z",
    }
    return whole(found | more)


def drawn(printer: Printer = KITCHEN, is_copy: bool = False, **more: Any) -> bytes:
    shop = Shop(shop_name="Bäckerei", contact=Contact(phone="030 1"), opening_hours=())
    paper = ticket(order(**more), shop, ZoneInfo("Europe/Berlin"), NOW, is_copy)
    return escpos.printed(paper, printer)


def lines(data: bytes, page: str = "cp858") -> list[str]:
    """The lines on the paper, without the commands in between."""
    text = data
    for command in (b"\x1b@", b"\x1bd\x03", b"\x1dVB\x00"):
        text = text.replace(command, b"")
    for lead in (b"\x1bt", b"\x1bE", b"\x1ba", b"\x1d!"):
        while (at := text.find(lead)) >= 0:
            text = text[:at] + text[at + 3 :]
    return text.decode(page).splitlines()


def test_a_ticket_begins_anew_and_is_cut_at_its_end() -> None:
    data = drawn()
    assert data.startswith(b"\x1b@\x1bt\x13")
    assert data.endswith(b"\x1bd\x03\x1dVB\x00")
    assert data.count(b"\x1dVB\x00") == 1
    twice = Printer(id="p", name="Kitchen", address="k:9100", width=32, copies=2)
    assert drawn(twice) == data * 2


def test_a_ticket_has_its_number_large_and_all_that_is_to_be_made() -> None:
    data = drawn()
    assert b"\x1bE\x01\x1d!\x22#1042\n\x1d!\x00\x1bE\x00" in data
    text = lines(data)
    for line in (
        *("Bäckerei", "030 1", "Placed Wed 25 Nov 2026, 16:00", "Order"),
        *("2 x Crème brûlée for the   €9.00", "  whole long table", "  Milk: oat"),
        *('  "extra hot"', "Ring twice", "Total                      €9.00"),
        *("COLLECT €9.00", "Zoë Lacka", "0700 1", "Printed Wed 25 Nov 2026, 16:05"),
    ):
        assert line in text, (line, text)


def test_no_line_is_wider_than_the_paper() -> None:
    for width in (24, 32, 42, 48):
        printer = Printer(id="p", name="K", address="k:9100", width=width)
        item = ITEM | {"name": "Word " * 30 + "x" * 100, "note": "y" * 99}
        text = lines(drawn(printer, items=[item] * 3, note="z " * 99))
        assert max(map(len, text)) <= width


def test_what_was_printed_before_says_that_it_is_a_copy() -> None:
    assert "COPY" not in lines(drawn())
    assert "COPY" in lines(drawn(is_copy=True))


@pytest.mark.parametrize(
    ("text", "page", "written"),
    [
        ("Zoë Łącka", "cp858", "Zoë Lacka"),
        ("€ ₹ – “x” …", "cp437", 'EUR  Rs  - "x" ...'),
        ("Привет", "cp866", "Привет"),
        ("Привет", "cp858", "??????"),
        ("e\u0301t\u00e9 \ufe0f\u200d", "cp858", "été "),
        ("日本 🍕", "cp858", "?? ?"),
        ("a\x1b@b\tc\u2028d", "cp858", "a @b c d"),
        ("\ud800", "cp858", ""),
    ],
)
def test_letters_that_a_printer_lacks_are_written_otherwise(
    text: str, page: str, written: str
) -> None:
    assert encoded(text, page).decode(page) == written


@given(text=st.text(), page=st.sampled_from(CODE_PAGES))
@settings(max_examples=150, deadline=None)
def test_no_text_can_fail_or_steer_the_printer(text: str, page: str) -> None:
    assert not [byte for byte in encoded(text, page) if byte < 0x20 or byte == 0x7F]
