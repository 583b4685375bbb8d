"""The secret that is made at the first start and kept in the data folder, for its owner alone."""

import fcntl
import os
import secrets
from pathlib import Path

from orderboard.errors import ConfigurationError

SHORTEST = 16
"""Characters."""


def kept_in(home: Path) -> str:
    """The secret of a data folder. Raises ConfigurationError when there can be none."""
    path = home / "secret_key"
    try:
        kept = path.read_text(encoding="utf-8").strip() or _made(path)
    except FileNotFoundError:
        kept = _made(path)
    except UnicodeDecodeError:
        raise _refused(path, "is not UTF-8 text; delete the file, and a new one is made") from None
    except OSError as error:
        reason = f"cannot be read ({error.strerror}); set that right, or set SECRET_KEY"
        raise _refused(path, reason) from None
    if len(kept) < SHORTEST:
        raise _refused(path, "is too short; delete the file, and a new one is made")
    return kept


def _made(path: Path) -> str:
    """Make the secret, unless another process that starts just now has made it meanwhile."""
    try:
        with open(path, "a+", opener=_private, encoding="utf-8") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            file.seek(0)
            kept = file.read().strip()
            if not kept:
                kept = secrets.token_urlsafe(48)
                file.write(kept)
            return kept
    except OSError as error:
        raise ConfigurationError(
            f"ORDERBOARD_HOME: the data folder {path.parent} cannot be written to"
            f" ({error.strerror}); name one that can, or set that right"
        ) from None


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, mode=0o600)


def _refused(path: Path, reason: str) -> ConfigurationError:
    return ConfigurationError(f"SECRET_KEY: the secret in {path} {reason}")
