"""Bytes on their way to printers that are there, off, slow, or no printers."""

import time

import pytest

from orderboard.printing import delivering
from orderboard.printing.delivering import NotPrinted, deliver
from tests.printing.standin import nobody, printer

DATA = b"\x1b@Hello\n\x1dVB\x00"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("STALL", "CLOSE", "ANSWER"):
        monkeypatch.setattr(delivering, name, 0.4)


def failure(address: str, data: bytes = DATA) -> NotPrinted:
    began = time.monotonic()
    with pytest.raises(NotPrinted) as caught:
        deliver(address, data)
    assert time.monotonic() - began < 6
    return caught.value


def test_a_printer_that_says_nothing_gets_all_bytes() -> None:
    with printer() as kitchen:
        assert deliver(kitchen.address, DATA) is False
    assert kitchen.tickets == [DATA]


def test_a_printer_that_speaks_says_that_it_is_done() -> None:
    with printer("speaks") as kitchen:
        assert deliver(kitchen.address, DATA) is True


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (b"\x16\x12\x72", "is out of paper"),
        (b"\x1e\x32\x12", "is out of paper"),
        (b"\x1e\x16\x12", "has its cover open"),
        (b"\x1e\x52\x12", "reports a fault"),
        (b"\x1e\x12\x12", "is switched to offline"),
    ],
)
def test_a_printer_that_cannot_print_is_sent_nothing(status: bytes, words: str) -> None:
    with printer("speaks") as kitchen:
        kitchen.status = status
        error = failure(kitchen.address)
    assert (words in str(error), error.is_unsure) == (True, False)
    assert kitchen.tickets == []


def test_what_is_off_or_not_found_is_told_of_and_has_printed_nothing() -> None:
    off = failure(nobody())
    assert ("takes no connection" in str(off), off.is_unsure) == (True, False)
    lost = failure("no-such-printer.invalid:9100")
    assert ("no-such-printer.invalid" in str(lost), lost.is_unsure) == (True, False)


def test_a_web_server_is_no_printer() -> None:
    with printer("web") as site:
        error = failure(site.address)
    assert "is no receipt printer" in str(error)
    assert "HTTP/1.1 400" in str(error)


@pytest.mark.parametrize("data", [DATA, DATA * 2_000_000], ids=["short", "long"])
def test_what_takes_the_connection_and_never_reads_is_left_after_a_while(data: bytes) -> None:
    with printer("hangs") as kitchen:
        error = failure(kitchen.address, data)
    assert error.is_unsure


def test_what_hangs_up_midway_may_have_printed() -> None:
    with printer("closes") as kitchen:
        error = failure(kitchen.address, DATA * 1000)
    assert "hung up" in str(error)
