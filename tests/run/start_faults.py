"""What else can keep the board from starting: how it comes about, and the line that is said."""

import socket
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

Trouble = Callable[[Path, int], AbstractContextManager[object]]
"""Makes the trouble, for a data folder and a port, for as long as the context lasts."""


@contextmanager
def no_trouble(_home: Path, _port: int) -> Iterator[None]:
    """All is well."""
    yield


@dataclass(frozen=True)
class Fault:
    """``line`` and the values of ``settings`` may speak of {home}, {folder} and {port}."""

    name: str
    line: str
    code: int
    trouble: Trouble = no_trouble
    settings: dict[str, str] = field(default_factory=dict)


def _file(name: str, content: bytes, mode: int = 0o600) -> Trouble:
    @contextmanager
    def trouble(home: Path, _port: int) -> Iterator[None]:
        home.mkdir()
        (home / name).write_bytes(content)
        (home / name).chmod(mode)
        yield

    return trouble


def _folder(name: str) -> Trouble:
    @contextmanager
    def trouble(home: Path, _port: int) -> Iterator[None]:
        (home / name).mkdir(parents=True)
        yield

    return trouble


def _database(*statements: str, mode: int = 0o600) -> Trouble:
    @contextmanager
    def trouble(home: Path, _port: int) -> Iterator[None]:
        home.mkdir()
        connection = sqlite3.connect(home / "orderboard.db")
        with connection:
            for statement in statements:
                connection.execute(statement)
        connection.close()
        (home / "orderboard.db").chmod(mode)
        yield

    return trouble


def _read_only(**files: str) -> Trouble:
    @contextmanager
    def trouble(home: Path, _port: int) -> Iterator[None]:
        home.mkdir()
        for name, text in files.items():
            (home / name).write_text(text)
        home.chmod(0o500)
        yield
        home.chmod(0o700)

    return trouble


@contextmanager
def _foreign_socket(home: Path, _port: int) -> Iterator[None]:
    home.mkdir()
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(home / "redis.sock"))
        server.listen(512)
        yield


@contextmanager
def _port_in_use(_home: Path, port: int) -> Iterator[None]:
    with socket.create_server(("127.0.0.1", port)):
        yield


_KEY = "SECRET_KEY: the secret in {home}/secret_key"
_NEW_KEY = "delete the file, and a new one is made"
_SET_RIGHT = "set that right, or set SECRET_KEY"
_HOME = "ORDERBOARD_HOME: the data folder {home} cannot be written to"
_NO_SOCKET = (
    "ORDERBOARD_HOME: {home}/redis.sock is no socket, but where one must be made; move it away"
)
_DATABASE = "DATABASE_URL: the database cannot be used: {home}/orderboard.db:"
_GARBAGE = "is it a database? Move the file away to begin anew, or put a backup in its place"
_ACCESS = "the file and its folder must be there, to be read and written"

WRONG_FILES = [
    Fault(
        "secret_key cannot be read",
        f"{_KEY} cannot be read (Permission denied); {_SET_RIGHT}",
        2,
        _file("secret_key", b"x" * 32, 0),
    ),
    Fault(
        "secret_key is a folder",
        f"{_KEY} cannot be read (Is a directory); {_SET_RIGHT}",
        2,
        _folder("secret_key"),
    ),
    Fault(
        "secret_key is not UTF-8",
        f"{_KEY} is not UTF-8 text; {_NEW_KEY}",
        2,
        _file("secret_key", b"\xff" * 32),
    ),
    Fault(
        "secret_key is too short",
        f"{_KEY} is too short; {_NEW_KEY}",
        2,
        _file("secret_key", b"short\n"),
    ),
    Fault(
        "data folder empty and read-only",
        f"{_HOME} (Permission denied); name one that can, or set that right",
        2,
        _read_only(),
    ),
    Fault(
        "database file is garbage",
        f"{_DATABASE} file is not a database; {_GARBAGE}",
        1,
        _file("orderboard.db", b"garbage" * 1000),
    ),
    Fault(
        "database file cannot be read",
        f"{_DATABASE} unable to open database file; {_ACCESS}",
        1,
        _database(mode=0),
    ),
    Fault(
        "database file cannot be written",
        f"{_DATABASE} it can be read, but not written to; {_ACCESS}",
        1,
        _database("CREATE TABLE x (id)", mode=0o400),
    ),
    Fault(
        "database of another program",
        "DATABASE_URL: the database has tables of another program (orders); name an empty one",
        1,
        _database("CREATE TABLE orders (id)"),
    ),
    Fault(
        "database of a newer version",
        "DATABASE_URL: the database is of a newer version of orderboard, or of another program;"
        " install that version, or name another database",
        1,
        _database(
            "CREATE TABLE alembic_version (version_num)",
            "INSERT INTO alembic_version VALUES ('9999')",
        ),
    ),
]
"""These are refused by every command, and by every web server."""

WRONG_PLACES = [
    Fault(
        "data folder read-only, with a secret in it",
        f"{_HOME}: run.lock: permission denied; name one that can, or set that right",
        2,
        _read_only(secret_key="x" * 32),
        {"DATABASE_URL": "sqlite:///{folder}/elsewhere.db"},
    ),
    Fault(
        "port in use",
        "PORT: cannot listen on 127.0.0.1:{port}: address already in use; name another PORT, or"
        " end what listens there",
        1,
        _port_in_use,
    ),
    Fault(
        "HOST is of another machine",
        "HOST: cannot listen on 192.0.2.1:{port}: * requested address; name another HOST",
        1,
        settings={"HOST": "192.0.2.1"},
    ),
    Fault("a folder in place of redis.sock", _NO_SOCKET, 1, _folder("redis.sock")),
    Fault("a file in place of redis.sock", _NO_SOCKET, 1, _file("redis.sock", b"precious")),
    Fault(
        "another program listens at redis.sock",
        "ORDERBOARD_HOME: another server already listens at {home}/redis.sock; end it, or name it"
        " in REDIS_URL",
        1,
        _foreign_socket,
    ),
    Fault(
        "a folder in place of redis.log",
        "ORDERBOARD_HOME: {home}/redis.log cannot be written to: Is a directory; move it away, or"
        " set that right",
        1,
        _folder("redis.log"),
    ),
    Fault(
        "PostgreSQL does not run",
        "DATABASE_URL: the database cannot be used: *; does it run there, and may this user use"
        " it?",
        1,
        settings={"DATABASE_URL": "postgresql://nobody@/nothing?host={folder}"},
    ),
]
"""These are refused by what runs the board: the others need no port, and no embedded server."""
