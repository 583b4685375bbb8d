"""What the peers have in common: where they are installed, and what they tell."""

import os
import subprocess
import sys
from pathlib import Path

from benchmarks.asking import request

_INSTALL_SECONDS = 180


def cache(name: str) -> Path:
    """A folder outside of this tree that stays from run to run."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "orderboard-benchmarks" / name


def installed(ready: Path, commands: list[list[str]]) -> bool:
    """Whether a file is there, if need be after running some commands."""
    if ready.exists():
        return True
    print(f"Installing into {ready.parent.name} ...", file=sys.stderr)
    try:
        for command in commands:
            subprocess.run(command, check=True, timeout=_INSTALL_SECONDS, capture_output=True)
    except (OSError, subprocess.SubprocessError):
        return False
    return ready.exists()


def order_of(data: bytes) -> bytes:
    """A request with one event."""
    return request("POST", "/orders", data)


def batch_of(data: bytes, count: int) -> bytes:
    """A request with many events."""
    return request("POST", "/batch", b'{"orders":[' + b",".join([data] * count) + b"]}")
