"""A ticket as the bytes of an ESC/POS printer. Pure.

The few commands that a ticket needs are written here: libraries for these printers bring pictures,
bar codes and USB along, and open their own connections without the bounds that are needed here.
"""

import textwrap
from collections.abc import Iterable

from orderboard.printing.letters import encoded, fitting
from orderboard.printing.ticket import Entry, Ticket
from orderboard.settings.printers import Printer

INIT = b"\x1b@"
CUT = b"\x1dVB\x00"
"""Feed to the knife, and cut."""
_FEED = b"\x1bd\x03"
_BOLD, _PLAIN = b"\x1bE\x01", b"\x1bE\x00"
_LEFT, _CENTRE = b"\x1ba\x00", b"\x1ba\x01"
_CODE_PAGES = {"cp437": 0, "cp850": 2, "cp1252": 16, "cp866": 17, "cp852": 18, "cp858": 19}
"""By what number a printer knows a code page."""


def printed(ticket: Ticket, printer: Printer, is_repeated: bool = False) -> bytes:
    """A ticket, cut off, as often as the printer is to make it.

    ``is_repeated``: it may be on paper already, and nobody can know.
    """
    return _Roll(printer).ticket(ticket, is_repeated) * printer.copies


def trial(shop: str, printer: Printer, at: str) -> bytes:
    """A ticket by which people see that a printer is the right one and how wide it prints."""
    roll = _Roll(printer)
    roll.centred(f"{shop}\n{printer.name}", bold=True, size=2)
    roll.centred(f"This is a test.\n{printer.address}\n{at}")
    roll.rule()
    roll.text("0123456789" * 7, cut=True)
    roll.text("ÄÖÜ ß é ñ ø € £ (…)")
    return roll.cut()


class _Roll:
    """Paper that is written line by line."""

    def __init__(self, printer: Printer) -> None:
        self.width, self.page = printer.width, printer.code_page
        self.bytes = INIT + b"\x1bt" + bytes([_CODE_PAGES[self.page]])

    def ticket(self, ticket: Ticket, is_repeated: bool) -> bytes:
        self._head(ticket, is_repeated)
        for entry in ticket.entries:
            self._entry(entry)
        if not ticket.entries:
            self.text("No items are listed on this order.")
        self.rule()
        if ticket.note:
            self.text(ticket.note, bold=True, size=1)
            self.rule()
        for name, amount in ticket.totals:
            self.sides(name, amount)
        self.sides("Total", ticket.total, bold=True)
        self.centred(ticket.payment, bold=True, size=1)
        self.rule()
        for line in (*ticket.customer, *ticket.address):
            self.text(line)
        for line in ticket.instructions:
            self.text(line, bold=True)
        self.centred(f"Printed {ticket.printed}")
        return self.cut()

    def _head(self, ticket: Ticket, is_repeated: bool) -> None:
        self.centred(ticket.shop, bold=True)
        for line in ticket.contact:
            self.centred(line)
        self.rule()
        if ticket.is_copy or is_repeated:
            self.centred("REPEATED: may be printed already" if is_repeated else "COPY", bold=True)
        self.centred(ticket.number, bold=True, size=3)
        if ticket.own_number:
            self.centred(ticket.own_number, bold=True)
        self.centred(" - ".join(filter(None, (ticket.kind, ticket.method))), bold=True, size=1)
        for name, time in ticket.times:
            self.centred(f"{name} {time}", bold=True)
        self.centred(f"Placed {ticket.placed}")
        self.rule()

    def _entry(self, entry: Entry) -> None:
        self.sides(f"{entry.quantity} x {entry.name}", entry.total, bold=True)
        for detail in entry.details:
            self.text(detail, indent=2)

    def rule(self) -> None:
        """A line across the paper."""
        self._write(["-" * self.width])

    def centred(self, text: str, bold: bool = False, size: int = 0) -> None:
        """Text in the middle; ``size`` 1: twice as high, 2: and as wide, 3: three times."""
        self.bytes += _CENTRE
        self.text(text, bold, size)
        self.bytes += _LEFT

    def text(
        self, text: str, bold: bool = False, size: int = 0, indent: int = 0, cut: bool = False
    ) -> None:
        """Text in as many lines as it needs; ``cut``: in one."""
        wide = self.width // max(1, size) - indent
        for line in text.splitlines() or [""]:
            fit = fitting(line, self.page)
            pieces = [fit[:wide]] if cut else textwrap.wrap(fit, wide) or [""]
            self._write([" " * indent + piece for piece in pieces], bold, size)

    def sides(self, left: str, right: str, bold: bool = False) -> None:
        """What it is on the left, what it comes to on the right of its first line."""
        amount = fitting(right, self.page)
        wide = max(self.width - len(amount) - 1, 8)
        first, *rest = textwrap.wrap(fitting(left, self.page), wide) or [""]
        room = max(self.width - len(first), len(amount) + 1)
        self._write([first + amount.rjust(room), *(f"  {piece}" for piece in rest)], bold)

    def cut(self) -> bytes:
        """All that was written, and the paper is cut off."""
        return self.bytes + _FEED + CUT

    def _write(self, lines: Iterable[str], bold: bool = False, size: int = 0) -> None:
        times = {0: 0, 1: 0x01, 2: 0x11, 3: 0x22}[size]
        look = (_BOLD if bold else b"") + (b"\x1d!" + bytes([times]) if times else b"")
        back = (b"\x1d!\x00" if times else b"") + (_PLAIN if bold else b"")
        text = b"".join(encoded(line, self.page) + b"\n" for line in lines)
        self.bytes += look + text + back
