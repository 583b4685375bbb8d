"""The ``eventsource`` client, as npm installs it from our lock file: once, outside of this tree."""

import hashlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

_HERE = Path(__file__).parent
_FILES = ("package.json", "package-lock.json", ".npmrc")
_SECONDS = 120


def eventsource() -> Path:
    """The folder in which it can be required. Fails where Node and npm are missing."""
    lock = (_HERE / "package-lock.json").read_bytes()
    folder = _cache() / f"eventsource-{hashlib.sha256(lock).hexdigest()[:12]}"
    if not folder.exists():
        _install(folder)
    return folder


def _install(folder: Path) -> None:
    missing = [name for name in ("node", "npm") if not shutil.which(name)]
    assert not missing, f"The tests need {' and '.join(missing)}: on Debian apt install nodejs npm."
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as path:
        for name in _FILES:
            shutil.copy(_HERE / name, path)
        done = subprocess.run(
            ["npm", "ci", "--ignore-scripts"],
            cwd=path,
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=False,
        )
        assert done.returncode == 0, f"npm ci failed:\n{done.stdout}{done.stderr}"
        # Whoever installs at the same time finds the same files there.
        shutil.copytree(path, folder, dirs_exist_ok=True)


def _cache() -> Path:
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "orderboard-tests"
