"""Addresses of printers in the network: a host and a port, and nothing else. Pure."""

import re
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

LONGEST = 260
RAW_PORT = 9100
"""Where printers take what they print, unless another port is named."""
_LOWEST_PORT = 1024
_NO_PRINTERS = frozenset({1433, 1521, 3306, 5432, 6379, 8086, 9042, 9200, 11211, 27017})
"""Where databases listen that would take lines of text for commands."""
_LABEL = "[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_NUMBER = re.compile("[0-9]+|0[xX][0-9A-Fa-f]*")
_THIS_NETWORK = IPv4Network("0.0.0.0/8")
_TRANSLATED = IPv6Network("64:ff9b::/96")
_HOST = re.compile(rf"{_LABEL}(\.{_LABEL})*")
_BYTE = "(0|[1-9][0-9]?|1[0-9]{2}|2[0-4][0-9]|25[0-5])"
_FOUR = rf"(?!169\.254\.)([1-9][0-9]?|1[0-9]{{2}}|2[01][0-9]|22[0-3])(\.{_BYTE}){{3}}"
_SIX = r"\[(2(?!002)[0-9a-f]{3}|f[cd][0-9a-f]{2})(:[0-9a-f]{1,4}){7}\]"
_NAME = rf"({_LABEL}\.){{0,3}}[A-Za-z]([A-Za-z0-9-]{{0,30}}[A-Za-z0-9])?"
_PORT = rf"(?!({'|'.join(map(str, sorted(_NO_PRINTERS)))})$)([2-9][0-9]{{3}}|[1-5][0-9]{{4}})"
PATTERN = f"^({_FOUR}|{_SIX}|{_NAME})(:{_PORT})?$"
"""The same for JSON Schema, which says less of IPv6 than is taken."""
_PARTS = re.compile(
    r"(?:\[(?P<six>[0-9A-Fa-f:.]+)\]|(?P<host>[^:\[\]\s/@?#]+))(?::(?P<port>[0-9]{1,5}))?"
)


def printer_address(text: str) -> str:
    """The address as ``host:port``. ValueError says what it must be."""
    host, port = split(text)
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def split(text: str) -> tuple[str, int]:
    """Host and port of an address. ValueError says what it must be."""
    found = _PARTS.fullmatch(text) if text.isascii() and len(text) <= LONGEST else None
    if found is None:
        raise ValueError("must be a host and a port, as in 192.168.1.50:9100")
    port = int(found["port"] or RAW_PORT)
    if not _LOWEST_PORT <= port <= 65535 or port in _NO_PRINTERS:
        raise ValueError(f"must have a port of a printer, mostly {RAW_PORT}; {port} is none")
    host = found["six"] or found["host"]
    _check_host(host, is_six=bool(found["six"]))
    return host, port


def is_reachable(address: IPv4Address | IPv6Address) -> bool:
    """Whether one printer can be at an address, of this machine or of a network, here or far.

    Not nobody or everybody, nor what is only of one cable, where clouds answer their machines.
    """
    inner = _within(address)
    if inner is not None:
        return is_reachable(inner)
    if address.is_loopback:
        return True  # of IPv6 it is among the reserved ones
    nobody = address.is_unspecified or address.is_reserved or address in _THIS_NETWORK
    return not (nobody or address.is_multicast or address.is_link_local)


def _within(address: IPv4Address | IPv6Address) -> IPv4Address | None:
    """The IPv4 address that one of IPv6 stands for, if it does."""
    if isinstance(address, IPv4Address):
        return None
    if address.ipv4_mapped or address.sixtofour:
        return address.ipv4_mapped or address.sixtofour
    return IPv4Address(int(address) & 0xFFFFFFFF) if address in _TRANSLATED else None


def _check_host(host: str, is_six: bool) -> None:
    try:
        address = ip_address(host)
    except ValueError:
        # Resolvers take 0x7f000001, 127.1 and 017.0.0.1 for addresses; as a name ends in letters,
        # nothing that ends in such a number is one.
        is_number = _NUMBER.fullmatch(host.rstrip(".").rpartition(".")[2])
        if is_six or is_number or not _HOST.fullmatch(host):
            raise ValueError("must name a host, as in 192.168.1.50:9100") from None
        return
    if not is_reachable(address):
        raise ValueError("must be the address of one printer in a network, as in 192.168.1.50:9100")
