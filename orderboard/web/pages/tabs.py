"""What tells the tabs of one browser that they may share a stream."""

import hashlib
import hmac

from orderboard.web.access import identity
from orderboard.web.answers import parts

_LENGTH = 24


def mark() -> str | None:
    """A mark of the session that a page is made for; None without a session.

    Tabs share what the stream tells only under the same mark: whoever signs in next in this
    browser has another one. Neither the session nor its secret can be told from it.
    """
    session_id = identity().session_id
    if session_id is None:
        return None
    secret, said = parts().settings.secret_key.encode(), b"tabs of session %d" % session_id
    return hmac.new(secret, said, hashlib.sha256).hexdigest()[:_LENGTH]
