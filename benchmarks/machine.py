"""What the benchmark runs on, and what it needs of it."""

import os
import platform
import resource
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

SOURCES = Path(__file__).resolve().parent / "programs"
_SPARE_FILES = 1000


@dataclass(frozen=True, slots=True)
class Cores:
    """Who runs where: the measured server, the listening load generator, the posting one."""

    server: int
    receiver: int
    poster: int
    shared: bool

    @classmethod
    def of_this_process(cls) -> "Cores":
        """Share out the cores that this process may use."""
        cores = sorted(os.sched_getaffinity(0))
        receiver = cores[min(1, len(cores) - 1)]
        return cls(cores[0], receiver, cores[min(2, len(cores) - 1)], len(cores) == 1)


@contextmanager
def on_core(core: int) -> Iterator[None]:
    """Whatever is started meanwhile stays on one core."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def unfit(listeners: int) -> str:
    """Why the benchmark cannot run here; empty if it can. Raises the limit on open files."""
    if sys.platform != "linux":
        return "It needs Linux: epoll, processor affinity and what /proc tells of memory."
    if not shutil.which("cc"):
        return "It needs a C compiler as cc; on Debian: apt install gcc libc6-dev"
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = listeners + _SPARE_FILES
    if hard != resource.RLIM_INFINITY and hard < needed:
        return (
            f"{listeners} listeners need {needed} open files in one process, and the limit is"
            f" {hard}: raise it (ulimit -H -n, or LimitNOFILE=), or try --quick."
        )
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return ""


def compiled(name: str, folder: Path) -> Path:
    """Compile one of our C programs into a folder; answers where it is."""
    program = folder / name
    command = ["cc", "-O2", "-o", str(program), str(SOURCES / f"{name}.c")]
    subprocess.run(command, check=True)
    return program


def described() -> str:
    """The machine in one line."""
    names = [
        line.partition(":")[2].strip()
        for line in Path("/proc/cpuinfo").read_text().splitlines()
        if line.startswith("model name")
    ]
    model = names[0] if names else platform.machine()
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    kernel = ".".join(platform.release().split(".")[:2])
    return (
        f"{len(os.sched_getaffinity(0))} cores ({model}), {memory:.0f} GiB, Linux {kernel},"
        f" Python {platform.python_version()}"
    )


def load_average() -> float:
    """How many processes wanted to run during the last minute."""
    return os.getloadavg()[0]
