"""What runs on this machine, as the process list tells it."""

import subprocess
from typing import NamedTuple


class Process(NamedTuple):
    """One line of the process list."""

    pid: int
    parent: int
    group: int
    command: str


def processes() -> list[Process]:
    """All processes there are, without those that are dead and only not yet buried."""
    listing = subprocess.run(
        ["ps", "-axwwo", "pid=,ppid=,pgid=,stat=,command="],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    rows = (line.split(None, 4) for line in listing.splitlines())
    return [
        Process(*map(int, row[:3]), row[4]) for row in rows if len(row) == 5 and row[3][0] != "Z"
    ]


def descendants(pid: int) -> list[Process]:
    """The processes that descend from one, it included."""
    everything = processes()
    family = {pid}
    for _ in range(8):
        family |= {process.pid for process in everything if process.parent in family}
    return [process for process in everything if process.pid in family]
