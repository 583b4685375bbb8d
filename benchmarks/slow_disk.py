"""What a slow disk costs those who only listen: ``python -m benchmarks.slow_disk``.

The real thing with one worker on SQLite, once as it is and once with a library preloaded that has
each sync of the disk take 200 ms. Meanwhile 20 orders a second are placed.
"""

import argparse
import subprocess
import tempfile
import time
from pathlib import Path

from benchmarks import machine
from benchmarks.meanwhile import Felt, felt, key_of
from benchmarks.servers import ROOT, environment, start_orderboard

_PROGRAM = ROOT / "tests" / "programs" / "slow_sync.c"


def main() -> None:
    """Measure both and print a line for each."""
    options = _options()
    if reason := machine.unfit(options.listeners):
        raise SystemExit(reason)
    print("ms a sync   delivery p99 ms   /healthz p99 ms   heard")
    with tempfile.TemporaryDirectory(prefix="ob", dir="/tmp") as folder:
        for sync in (0, options.sync):
            home = Path(folder) / f"home{sync}"
            home.mkdir()
            found = _measured(home, Path(folder), sync, options)
            print(
                f"{sync:9}   {found.delivery_p99:15.1f}   {found.health_p99:15.1f}"
                f"   {found.heard:5.0%}",
                flush=True,
            )
    print(f"{machine.described()}\nLoad average: {machine.load_average():.1f}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--listeners", type=int, default=1000)
    parser.add_argument("--rate", type=float, default=20.0, help="orders a second")
    parser.add_argument("--sync", type=int, default=200, help="milliseconds of the slow disk")
    parser.add_argument("--seconds", type=float, default=15.0)
    return parser.parse_args()


def _measured(home: Path, folder: Path, sync: int, options: argparse.Namespace) -> Felt:
    settings = _slow(folder, sync) if sync else {}
    core = machine.Cores.of_this_process().server
    server = start_orderboard(home, core, **settings)
    try:
        key = key_of(environment(home, server.port))
        with felt(server, key, options.listeners, options.rate, folder) as found:
            time.sleep(options.seconds)
        return found
    finally:
        server.stop()


def _slow(folder: Path, sync: int) -> dict[str, str]:
    library = folder / "slow_sync.so"
    command = ["cc", "-shared", "-fPIC", "-o", str(library), str(_PROGRAM), "-ldl"]
    subprocess.run(command, check=True)
    return {"LD_PRELOAD": str(library), "SLOW_SYNC_MS": str(sync)}


if __name__ == "__main__":
    main()
