"""The settings, read once from the environment and frozen. Nothing else reads the environment."""

import hashlib
import re
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote
from zoneinfo import ZoneInfo

from orderboard import addresses, secret_key
from orderboard.errors import ConfigurationError
from orderboard.money import DIGITS

T = TypeVar("T")
LONGEST_SHOP_NAME = 100
SOCKET_PATH_LIMIT = 100
_MEGABYTE = 1024 * 1024
"""Bytes a Unix socket's path may have everywhere (Linux allows 107, macOS 103)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that can be set. Times are seconds unless the name says otherwise."""

    home: Path
    database_url: str
    redis_url: str
    secret_key: str
    given: frozenset[str] = frozenset()
    """The variables that say something; what they set nobody changes while the shop runs."""
    embedded_redis: bool = True
    demo: bool = False
    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 2
    shop_name: str = "orderboard"
    public_intake: bool = True
    unknown_skus: str = "accept"
    base_url: str = "http://127.0.0.1:8000"
    currency: str = "USD"
    timezone: str = "UTC"
    trusted_proxies: int = 0
    connections: int = 10_000
    connections_per_address: int = 1000
    send_timeout: float = 60.0
    intake_limit: int = 120
    sign_in_limit: int = 10
    stream_limit: int = 1200
    stream_listeners: int = 20_000
    stream_listeners_per_address: int = 1000
    stream_heartbeat: float = 10.0
    whole_events_days: int = 30
    stream_window: int = 4096
    stream_window_bytes: int = 64 * _MEGABYTE
    stream_replay_limit: int = 10_000
    stream_retry_ms: int = 2600

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> "Settings":
        """Read the settings; ConfigurationError names the first variable that is wrong."""
        read = _Reader(environ)
        home = read("ORDERBOARD_HOME", _folder, "instance")
        host = read("HOST", _host, "127.0.0.1")
        port = read("PORT", _between(1, 65535), "8000")
        database_url = partial(addresses.database_url, home=home)
        redis_url = read("REDIS_URL", addresses.redis_url, "")
        per_address = read(
            "ORDERBOARD_STREAM_LISTENERS_PER_ADDRESS", _between(1, 1_000_000), "1000"
        )
        return cls(
            home=home,
            host=host,
            port=port,
            database_url=read("DATABASE_URL", database_url, "sqlite:///orderboard.db"),
            redis_url=redis_url or embedded_redis_url(home),
            embedded_redis=not redis_url,
            demo=read("ORDERBOARD_DEMO", _on_off, "off"),
            secret_key=read("SECRET_KEY", _secret, "") or secret_key.kept_in(home),
            workers=read("WEB_CONCURRENCY", _between(1, 256), "2"),
            shop_name=read("ORDERBOARD_SHOP_NAME", _shop_name, "orderboard"),
            public_intake=read("ORDERBOARD_PUBLIC_INTAKE", _on_off, "on"),
            unknown_skus=read("ORDERBOARD_UNKNOWN_SKUS", _accept_refuse, "accept"),
            base_url=read("ORDERBOARD_BASE_URL", addresses.web_address, _own_address(host, port)),
            currency=read("ORDERBOARD_CURRENCY", _currency, "USD"),
            timezone=read("ORDERBOARD_TIMEZONE", _timezone, "UTC"),
            trusted_proxies=read("ORDERBOARD_TRUSTED_PROXIES", _between(0, 16), "0"),
            connections=read("ORDERBOARD_CONNECTIONS", _between(16, 1_000_000), "10000"),
            connections_per_address=read(
                "ORDERBOARD_CONNECTIONS_PER_ADDRESS", _between(1, 1_000_000), str(per_address)
            ),
            send_timeout=read("ORDERBOARD_SEND_TIMEOUT", _between(1, 3600), "60"),
            intake_limit=read("ORDERBOARD_INTAKE_LIMIT", _between(1, 1_000_000), "120"),
            sign_in_limit=read("ORDERBOARD_SIGN_IN_LIMIT", _between(1, 1_000_000), "10"),
            stream_limit=read("ORDERBOARD_STREAM_LIMIT", _between(1, 1_000_000), "1200"),
            stream_listeners=read("ORDERBOARD_STREAM_LISTENERS", _between(1, 1_000_000), "20000"),
            stream_listeners_per_address=per_address,
            stream_window_bytes=_MEGABYTE
            * read("ORDERBOARD_STREAM_MEMORY", _between(1, 1_000_000), "64"),
            whole_events_days=read("ORDERBOARD_WHOLE_EVENTS_DAYS", _between(0, 36_500), "30"),
            stream_heartbeat=read("ORDERBOARD_STREAM_HEARTBEAT", _between(1, 15), "10"),
            stream_retry_ms=read("ORDERBOARD_STREAM_RETRY_MS", _between(100, 60_000), "2600"),
            given=frozenset(read.given),
        )


class _Reader:
    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = environ
        self.given: set[str] = set()

    def __call__(self, name: str, convert: Callable[[str], T], default: str) -> T:
        text = self.environ.get(name, "").strip()
        if text:
            self.given.add(name)
        text = text or default
        try:
            text.encode()  # what is no UTF-8 would fail later, wherever it is used first
            return convert(text)
        except UnicodeEncodeError:
            raise ConfigurationError(f"{name}: must be UTF-8 text") from None
        except ValueError as error:
            raise ConfigurationError(f"{name}: {error} (it is {_shown(name, text)})") from None


def embedded_redis_url(home: Path) -> str:
    """Where the embedded server of this data folder listens: a Unix socket inside it.

    A data folder whose path is too long for a socket gets one in a private folder elsewhere.
    """
    path = home / "redis.sock"
    if len(str(path).encode()) > SOCKET_PATH_LIMIT:
        mark = hashlib.sha256(str(home).encode()).hexdigest()[:16]
        path = Path(tempfile.gettempdir()) / f"orderboard-{mark}" / "redis.sock"
    return f"unix://{quote(str(path))}"


def _shown(name: str, text: str) -> str:
    if name in ("SECRET_KEY", "DATABASE_URL", "REDIS_URL"):
        return "not shown"
    return repr(text[:80])


def _between(low: int, high: int) -> Callable[[str], int]:
    def convert(text: str) -> int:
        if not re.fullmatch(r"-?[0-9]{1,12}", text) or not low <= int(text) <= high:
            raise ValueError(f"must be a whole number from {low} to {high}")
        return int(text)

    return convert


def _folder(text: str) -> Path:
    try:
        path = Path(text).expanduser().absolute()
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except (OSError, RuntimeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ValueError(f"must be a folder that can be made and written to: {reason}") from None
    return path


def _host(text: str) -> str:
    if not re.fullmatch(r"[0-9A-Za-z.:_-]{1,255}", text):
        raise ValueError("must be an address or a host name to listen on")
    return text


def _secret(text: str) -> str:
    if text and len(text) < secret_key.SHORTEST:
        raise ValueError(f"must have {secret_key.SHORTEST} characters or more")
    return text


def _shop_name(text: str) -> str:
    if len(text) > LONGEST_SHOP_NAME or not text.isprintable():
        raise ValueError(f"must be one line of {LONGEST_SHOP_NAME} characters at most")
    return text


def _on_off(text: str) -> bool:
    if text.lower() not in ("on", "off"):
        raise ValueError("must be on or off")
    return text.lower() == "on"


def _accept_refuse(text: str) -> str:
    if text.lower() not in ("accept", "refuse"):
        raise ValueError("must be accept or refuse")
    return text.lower()


def _own_address(host: str, port: int) -> str:
    """The address to open where no other is set; a server on all addresses is on this one too."""
    shown = "127.0.0.1" if host in ("0.0.0.0", "::", "[::]") else host  # noqa: S104
    return f"http://{f'[{shown}]' if ':' in shown and '[' not in shown else shown}:{port}"


def _currency(text: str) -> str:
    if text.upper() not in DIGITS:
        raise ValueError("must be a currency's ISO 4217 code, as in EUR")
    return text.upper()


def _timezone(text: str) -> str:
    try:
        ZoneInfo(text)
    except (OSError, ValueError, KeyError):
        raise ValueError("must be a time zone's name, as in Europe/Berlin") from None
    return text
