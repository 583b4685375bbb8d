"""Why streams end, in words, and when their listeners are to come back."""

import random

REFUSALS = {
    "full": "As many streams are open here as there may be.",
    "address": "As many streams of your address are open as there may be.",
    "rate": "Too many streams were opened from your address within a minute.",
}
"""Reasons for which a stream does not even begin, and for which asking again soon is no use."""
WHY = REFUSALS | {
    "unavailable": "The log cannot be read just now.",
    "closing": "This server process ends; another one goes on.",
    "aged": "The stream has lasted long enough; a new one goes on where it ends.",
    "revoked": "You may no longer listen to this.",
}
_SOON, _LATER = (0.3, 1.5), (10.0, 20.0)


def patience(reason: str, is_full: bool) -> float:
    """How many times the usual ``retry`` somebody is to wait, so that not all come back at once."""
    much_later = is_full or reason in REFUSALS
    return random.uniform(*(_LATER if much_later else _SOON))  # noqa: S311 - only a spread
