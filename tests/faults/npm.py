"""What npm installs from a lock file of ours: once, outside of this tree."""

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
    return installed(_HERE, "eventsource")


def installed(source: Path, name: str) -> Path:
    """The folder with what a folder's lock file names. Fails where Node and npm are missing."""
    lock = (source / "package-lock.json").read_bytes()
    folder = cache() / f"{name}-{hashlib.sha256(lock).hexdigest()[:12]}"
    if not folder.exists():
        _install(source, folder)
    return folder


def cache() -> Path:
    """Where what is installed for tests is kept, outside of this tree."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "orderboard-tests"


def _install(source: Path, folder: Path) -> None:
    missing = [name for name in ("node", "npm") if not shutil.which(name)]
    assert not missing, f"The tests need {' and '.join(missing)}: on Debian apt install nodejs npm."
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as path:
        for name in _FILES:
            shutil.copy(source / name, path)
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
