"""Addresses of a database, of Redis and of the board: a wrong one is refused before it is used.

Each function answers the address as the rest of the house wants it, or raises ValueError with a
reason to be read behind the variable's name.
"""

import re
from pathlib import Path
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

import redis
import sqlalchemy as sa

_BAD_PORT = "the port must be a number from 1 to 65535"
_REDIS_OPTIONS = re.compile(
    "db|username|password|protocol|client_name|health_check_interval|max_connections"
    "|socket_(timeout|connect_timeout|keepalive)|ssl_(ca_certs|ca_data|ca_path|cert_reqs|certfile"
    "|check_hostname|ciphers|keyfile|password)"
)
"""Others would change what answers look like, or are no text."""


def database_url(text: str, home: Path) -> str:
    """A database's address for SQLAlchemy; the path of an SQLite file may begin in ``home``."""
    scheme, _, rest = text.partition("://")
    if scheme in ("postgres", "postgresql", "postgresql+psycopg") and rest:
        return _postgresql(f"postgresql+psycopg://{rest}")
    if scheme == "sqlite" and rest.startswith("/") and len(rest) > 1:
        return _sqlite(text, home)
    raise ValueError("must begin with postgresql:// or sqlite:/// and name a database")


def redis_url(text: str) -> str:
    """An address for redis-py; empty text stays empty."""
    if not text:
        return text
    parts = urlsplit(text)
    if parts.scheme not in ("redis", "rediss", "unix"):
        raise ValueError("must begin with redis://, rediss:// or unix://")
    options = _options(parts.query)
    if unknown := [name for name in options if not _REDIS_OPTIONS.fullmatch(name)]:
        raise ValueError(f"the option {unknown[0]} is not known")
    if parts.scheme == "unix":
        if parts.hostname or len(parts.path) < 2:
            raise ValueError("must name a socket by its whole path, as in unix:///run/redis.sock")
    else:
        _check_port(parts)
        _check_number(unquote(parts.path).strip("/") or "0")
    _check_number(options.get("db", "0"))
    _check_as_redis_does(text, options)
    return text


def web_address(text: str) -> str:
    """A site's address, without a slash at its end."""
    parts = urlsplit(text)
    plain = text.isascii() and text.isprintable() and not {*text} & {*" \"'<>\\`@?#"}
    if parts.scheme not in ("http", "https") or not parts.hostname or not plain:
        raise ValueError("must be an address that begins with http:// or https://")
    _check_port(parts)
    if parts.path.strip("/"):
        raise ValueError(
            "must end behind the host, without a path: the board needs a host name or a port of"
            " its own, as in https://orders.example.com"
        )
    return f"{parts.scheme}://{parts.netloc}"


def maybe_web_address(text: str) -> str:
    """The same; empty text stays empty."""
    return web_address(text) if text else text


def _postgresql(text: str) -> str:
    _options(text.partition("?")[2])
    try:
        url = sa.make_url(text)
    except ValueError:
        raise ValueError(_BAD_PORT) from None
    except sa.exc.ArgumentError:
        raise ValueError("is no address of a database") from None
    if url.port is not None and not 0 < url.port < 65536:
        raise ValueError(_BAD_PORT)
    dialect = url.get_dialect()()
    driver = dialect.import_dbapi()
    try:
        given = dialect.create_connect_args(url)[1]
        driver.conninfo.make_conninfo(**given)
    except (sa.exc.ArgumentError, driver.Error) as error:
        raise ValueError(str(error).strip().partition("\n")[0]) from None
    for port in str(given.get("port") or "").split(","):
        if port and not (port.isdecimal() and 0 < int(port) < 65536):
            raise ValueError(_BAD_PORT)
    return text


def _sqlite(text: str, home: Path) -> str:
    name = unquote(text.removeprefix("sqlite:///"))
    if "?" in text or name == ":memory:" or name.startswith("file:"):
        raise ValueError("must be sqlite:/// and the path of a file, without options")
    path = home / name
    try:
        if path.is_dir():
            raise ValueError(f"{path} is a folder, not a database file")
        if not path.parent.is_dir():
            raise ValueError(f"the folder {path.parent} does not exist; make it, or name another")
    except OSError as error:
        raise ValueError(f"{path} cannot be used: {error.strerror}") from None
    return sa.URL.create("sqlite", database=str(path)).render_as_string()


def _options(query: str) -> dict[str, str]:
    """What stands behind the question mark, each name once."""
    try:
        pairs = parse_qsl(query, keep_blank_values=True, strict_parsing=bool(query))
    except ValueError:
        raise ValueError("options behind the ? must be name=value") from None
    names = [name for name, _ in pairs if name != "host"]  # PostgreSQL may have several hosts
    if len(set(names)) < len(names):
        raise ValueError("an option is given twice")
    return dict(pairs)


def _check_port(parts: SplitResult) -> None:
    try:
        good = parts.port != 0
    except ValueError:
        good = False
    if not good:
        raise ValueError(_BAD_PORT)


def _check_number(text: str) -> None:
    if not (text.isascii() and text.isdecimal()):
        raise ValueError("the database must be a number, as in redis://host:6379/0")


def _check_as_redis_does(text: str, options: dict[str, str]) -> None:
    # A connection that is only made does not connect yet, but looks at all it is given.
    try:
        redis.ConnectionPool.from_url(text).make_connection()
    except (TypeError, ValueError, redis.RedisError) as error:
        unfit = next((name for name in options if f"'{name}'" in str(error)), "")
        reason = f"the option {unfit} does not fit here" if unfit else str(error)
        raise ValueError(reason) from None
