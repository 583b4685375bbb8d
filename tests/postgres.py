"""A PostgreSQL cluster of the tests' own, and cheap databases in it."""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path

import psycopg

from orderboard.children import Child

_PLACES = (
    "/usr/lib/postgresql/*/bin",
    "/opt/homebrew/opt/postgresql*/bin",
    "/usr/local/opt/postgresql*/bin",
    "/usr/pgsql-*/bin",
)
_FAST = ("fsync=off", "full_page_writes=off", "autovacuum=off", "max_connections=200")
_AS_USER = (
    "import os, sys; uid, gid = int(sys.argv[1]), int(sys.argv[2]); "
    "os.setgroups([]); os.setgid(gid); os.setuid(uid); os.execv(sys.argv[3], sys.argv[3:])"
)


class Postgres:
    """A running cluster that listens at a Unix socket only."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._prefix = _unprivileged(folder)
        self._names = (f"test_{number}" for number in count(1))
        self._run(
            "initdb",
            "-D",
            str(self._data),
            "-U",
            "postgres",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C",
            "--no-sync",
        )
        self.start()

    def url(self, database: str = "postgres") -> str:
        """The address of a database."""
        return f"postgresql://postgres@/{database}?host={self.folder}"

    def start(self) -> None:
        """Start the cluster and wait until it takes connections."""
        options = [part for option in _FAST for part in ("-c", option)]
        self.child = Child(
            [
                *self._prefix,
                _program("postgres"),
                "-D",
                str(self._data),
                "-k",
                str(self.folder),
                "-c",
                "listen_addresses=",
                *options,
            ],
            output=self.folder / "server.log",
        )
        deadline = time.monotonic() + 20
        while True:
            try:
                psycopg.connect(self.url()).close()
                return
            except psycopg.OperationalError as error:
                if time.monotonic() > deadline or not self.child.alive():
                    log = (self.folder / "server.log").read_text()
                    raise AssertionError(f"PostgreSQL did not start: {error}\n{log}") from error
            time.sleep(0.05)

    def stop(self) -> None:
        """Stop it at once, as a restart does: connections break."""
        self.child.send(signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):
            self.child.process.wait(10)
        self.child.end()

    def restart(self) -> None:
        """Stop it and start it again; the data stays."""
        self.stop()
        self.start()

    @contextmanager
    def database(self, template: str = "template0") -> Iterator[str]:
        """The address of a fresh database, a copy of another one; dropped after the block."""
        name = next(self._names)
        self.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        try:
            yield self.url(name)
        finally:
            self.execute(f'DROP DATABASE "{name}" WITH (FORCE)')

    def execute(self, statement: str, database: str = "postgres") -> None:
        """Run a statement outside of a transaction."""
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            connection.execute(statement)  # type: ignore[arg-type]

    @property
    def _data(self) -> Path:
        return self.folder / "data"

    def _run(self, program: str, *arguments: str) -> None:
        command = [*self._prefix, _program(program), *arguments]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{program} failed:\n{done.stdout}{done.stderr}"


@contextmanager
def postgres() -> Iterator[Postgres]:
    """A cluster in a folder of its own, which is deleted after the block."""
    folder = Path(tempfile.mkdtemp(prefix="obpg"))
    try:
        cluster = Postgres(folder)
        try:
            yield cluster
        finally:
            cluster.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _program(name: str) -> str:
    """The path of one of PostgreSQL's programs; those that only call others are passed over."""
    found = [
        shutil.which(name),
        *(
            f"{place}/{name}"
            for pattern in _PLACES
            for place in sorted(Path("/").glob(pattern[1:]), reverse=True)
        ),
    ]
    for path in found:
        if path and os.access(path, os.X_OK):
            return path
    raise AssertionError(
        f"The tests need PostgreSQL's program {name}: on Debian apt install postgresql, "
        "on macOS brew install postgresql."
    )


def _unprivileged(folder: Path) -> list[str]:
    """What to put before a command so that it does not run as root, which PostgreSQL refuses."""
    if os.geteuid() != 0:
        return []
    known = {user.pw_name: user for user in pwd.getpwall()}
    user = known.get("postgres") or known["nobody"]
    os.chown(folder, user.pw_uid, user.pw_gid)
    folder.chmod(0o755)
    return [sys.executable, "-c", _AS_USER, str(user.pw_uid), str(user.pw_gid)]
