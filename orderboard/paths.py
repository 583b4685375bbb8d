"""Where the files lie that are not Python modules: in a clone, and in an installed wheel."""

import sysconfig
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_ROOT = _PACKAGE.parent


def _folder(name: str) -> Path:
    inside = _PACKAGE / name
    return inside if inside.is_dir() else _ROOT / name


def _server_settings() -> Path:
    beside = _ROOT / "gunicorn.conf.py"
    if beside.is_file():
        return beside
    return Path(sysconfig.get_path("data")) / "share" / "orderboard" / "gunicorn.conf.py"


TEMPLATES = _folder("templates")
STATIC = _folder("static")
MIGRATIONS = _PACKAGE / "migrations"
GUNICORN_SETTINGS = _server_settings()
