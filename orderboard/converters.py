"""What the text of a setting becomes; ValueError says what it must be, read behind its name."""

import re
from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

from orderboard import secret_key
from orderboard.money import DIGITS
from orderboard.printer_addresses import printer_address

PROVIDERS = ("stripe", "razorpay")
"""Of online payments."""
LONGEST_SHOP_NAME = 100


def between(low: int, high: int) -> Callable[[str], int]:
    """What makes a whole number of text, within bounds."""

    def convert(text: str) -> int:
        if not re.fullmatch(r"-?[0-9]{1,12}", text) or not low <= int(text) <= high:
            raise ValueError(f"must be a whole number from {low} to {high}")
        return int(text)

    return convert


def folder(text: str) -> Path:
    """A folder that is there from now on."""
    try:
        path = Path(text).expanduser().absolute()
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except (OSError, RuntimeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ValueError(f"must be a folder that can be made and written to: {reason}") from None
    return path


def host(text: str) -> str:
    """An address or a name to listen on."""
    if not re.fullmatch(r"[0-9A-Za-z.:_-]{1,255}", text):
        raise ValueError("must be an address or a host name to listen on")
    return text


def secret(text: str) -> str:
    """A secret of our own choice; it may be empty."""
    if text and len(text) < secret_key.SHORTEST:
        raise ValueError(f"must have {secret_key.SHORTEST} characters or more")
    return text


def provider(text: str) -> str:
    """A provider of online payments; empty is none."""
    if text and text.lower() not in PROVIDERS:
        raise ValueError(f"must be {' or '.join(PROVIDERS)}")
    return text.lower()


def plain_secret(text: str) -> str:
    """A secret of a provider's, as it shows it; it may be empty."""
    if not text.isascii() or not text.isprintable() or " " in text or len(text) > 500:
        raise ValueError("must be as the provider shows it: one word of ASCII characters")
    return text


def shop_name(text: str) -> str:
    """What the shop is called."""
    if len(text) > LONGEST_SHOP_NAME or not text.isprintable():
        raise ValueError(f"must be one line of {LONGEST_SHOP_NAME} characters at most")
    return text


def on_off(text: str) -> bool:
    """Whether something is to be."""
    if text.lower() not in ("on", "off"):
        raise ValueError("must be on or off")
    return text.lower() == "on"


def accept_refuse(text: str) -> str:
    """Whether something is taken."""
    if text.lower() not in ("accept", "refuse"):
        raise ValueError("must be accept or refuse")
    return text.lower()


def own_address(host: str, port: int) -> str:
    """The address to open where no other is set; a server on all addresses is on this one too."""
    shown = "127.0.0.1" if host in ("0.0.0.0", "::", "[::]") else host  # noqa: S104
    return f"http://{f'[{shown}]' if ':' in shown and '[' not in shown else shown}:{port}"


def currency(text: str) -> str:
    """A currency's code."""
    if text.upper() not in DIGITS:
        raise ValueError("must be a currency's ISO 4217 code, as in EUR")
    return text.upper()


def timezone(text: str) -> str:
    """A time zone's name."""
    try:
        ZoneInfo(text)
    except (OSError, ValueError, KeyError):
        raise ValueError("must be a time zone's name, as in Europe/Berlin") from None
    return text


def printers(text: str) -> tuple[tuple[str, str], ...]:
    """Name and address of each printer: ``Kitchen=192.168.1.50:9100, Bar=bar.local``."""
    found: dict[str, str] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        name, equals, address = (word.strip() for word in part.partition("="))
        if not equals or not 0 < len(name) <= 40 or not name.isprintable():
            raise ValueError("must be names and addresses, as in Kitchen=192.168.1.50:9100")
        if name.casefold() in {one.casefold() for one in found}:
            raise ValueError(f"names two printers {name}")
        found[name] = printer_address(address)
    if len(found) > 10:
        raise ValueError("must name 10 printers or fewer")
    return tuple(found.items())
