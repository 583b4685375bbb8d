"""Why streams end, in words."""

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
