"""The settings, read once from the environment and frozen. Nothing else reads the environment."""

import hashlib
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import NamedTuple, TypeVar
from urllib.parse import quote

from orderboard import addresses, converters, secret_key
from orderboard.errors import ConfigurationError

T = TypeVar("T")
SOCKET_PATH_LIMIT = 100
"""Bytes a Unix socket's path may have everywhere (Linux allows 107, macOS 103)."""
_MEGABYTE = 1024 * 1024
_SECRETS = frozenset(
    {
        *("SECRET_KEY", "DATABASE_URL", "REDIS_URL"),
        *("ORDERBOARD_PAYMENTS_KEY", "ORDERBOARD_PAYMENTS_WEBHOOK_SECRET"),
    }
)


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
    payments: str = ""
    payments_key: str = field(default="", repr=False)
    payments_webhook_secret: str = field(default="", repr=False)
    payments_url: str = ""
    printers: tuple[tuple[str, str], ...] = ()
    """Name and address of each printer in the network."""

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> "Settings":
        """Read the settings; ConfigurationError names the first variable that is wrong."""
        read = _Reader(environ)
        home = read("ORDERBOARD_HOME", converters.folder, "instance")
        host = read("HOST", converters.host, "127.0.0.1")
        port = read("PORT", converters.between(1, 65535), "8000")
        database_url = partial(addresses.database_url, home=home)
        redis_url = read("REDIS_URL", addresses.redis_url, "")
        per_address = read(
            "ORDERBOARD_STREAM_LISTENERS_PER_ADDRESS", converters.between(1, 1_000_000), "1000"
        )
        payments = _Payments.read(read)
        return cls(
            home=home,
            host=host,
            port=port,
            database_url=read("DATABASE_URL", database_url, "sqlite:///orderboard.db"),
            redis_url=redis_url or embedded_redis_url(home),
            embedded_redis=not redis_url,
            demo=read("ORDERBOARD_DEMO", converters.on_off, "off"),
            secret_key=read("SECRET_KEY", converters.secret, "") or secret_key.kept_in(home),
            workers=read("WEB_CONCURRENCY", converters.between(1, 256), "2"),
            shop_name=read("ORDERBOARD_SHOP_NAME", converters.shop_name, "orderboard"),
            public_intake=read("ORDERBOARD_PUBLIC_INTAKE", converters.on_off, "on"),
            unknown_skus=read("ORDERBOARD_UNKNOWN_SKUS", converters.accept_refuse, "accept"),
            base_url=read(
                "ORDERBOARD_BASE_URL", addresses.web_address, converters.own_address(host, port)
            ),
            currency=read("ORDERBOARD_CURRENCY", converters.currency, "USD"),
            timezone=read("ORDERBOARD_TIMEZONE", converters.timezone, "UTC"),
            trusted_proxies=read("ORDERBOARD_TRUSTED_PROXIES", converters.between(0, 16), "0"),
            connections=read("ORDERBOARD_CONNECTIONS", converters.between(16, 1_000_000), "10000"),
            connections_per_address=read(
                "ORDERBOARD_CONNECTIONS_PER_ADDRESS",
                converters.between(1, 1_000_000),
                str(per_address),
            ),
            send_timeout=read("ORDERBOARD_SEND_TIMEOUT", converters.between(1, 3600), "60"),
            intake_limit=read("ORDERBOARD_INTAKE_LIMIT", converters.between(1, 1_000_000), "120"),
            sign_in_limit=read("ORDERBOARD_SIGN_IN_LIMIT", converters.between(1, 1_000_000), "10"),
            stream_limit=read("ORDERBOARD_STREAM_LIMIT", converters.between(1, 1_000_000), "1200"),
            stream_listeners=read(
                "ORDERBOARD_STREAM_LISTENERS", converters.between(1, 1_000_000), "20000"
            ),
            stream_listeners_per_address=per_address,
            stream_window_bytes=_MEGABYTE
            * read("ORDERBOARD_STREAM_MEMORY", converters.between(1, 1_000_000), "64"),
            whole_events_days=read(
                "ORDERBOARD_WHOLE_EVENTS_DAYS", converters.between(0, 36_500), "30"
            ),
            stream_heartbeat=read("ORDERBOARD_STREAM_HEARTBEAT", converters.between(1, 15), "10"),
            stream_retry_ms=read(
                "ORDERBOARD_STREAM_RETRY_MS", converters.between(100, 60_000), "2600"
            ),
            payments=payments.provider,
            payments_key=payments.key,
            payments_webhook_secret=payments.webhook_secret,
            payments_url=payments.url,
            printers=read("ORDERBOARD_PRINTERS", converters.printers, ""),
            given=frozenset(read.given),
        )


class _Payments(NamedTuple):
    """By whom customers pay online, and how the two know each other."""

    provider: str
    key: str
    webhook_secret: str
    url: str

    @classmethod
    def read(cls, read: "_Reader") -> "_Payments":
        """What is set. Raises ConfigurationError for half of it."""
        found = cls(
            read("ORDERBOARD_PAYMENTS", converters.provider, ""),
            read("ORDERBOARD_PAYMENTS_KEY", converters.plain_secret, ""),
            read("ORDERBOARD_PAYMENTS_WEBHOOK_SECRET", converters.plain_secret, ""),
            read("ORDERBOARD_PAYMENTS_URL", addresses.maybe_web_address, ""),
        )
        for name in ("key", "webhook_secret"):
            if found.provider and not getattr(found, name):
                variable = f"ORDERBOARD_PAYMENTS_{name.upper()}"
                raise ConfigurationError(f"{variable}: is needed to be paid by {found.provider}")
        if found.provider == "razorpay" and not all(found.key.partition(":")[::2]):
            raise ConfigurationError(
                "ORDERBOARD_PAYMENTS_KEY: must be the key's id and secret, as in id:secret"
            )
        return found


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
    if name in _SECRETS:
        return "not shown"
    return repr(text[:80])
