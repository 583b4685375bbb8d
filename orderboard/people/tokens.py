"""Random secrets, and the hashes under which they are stored.

The secrets have 192 random bits or more, so a plain SHA-256 of them cannot be searched through.
"""

import hashlib
import secrets


def new_token(prefix: str = "") -> str:
    """A new secret for a link, a cookie or a key."""
    return prefix + secrets.token_urlsafe(24)


def hash_of(token: str) -> str:
    """What is stored of a secret: 64 hexadecimal digits."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
