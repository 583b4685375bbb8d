"""Which version of a thing a caller has seen: the ETags of If-Match."""

import re

from flask import request

from orderboard.errors import Invalid
from orderboard.web.api.describe import header

_TAGS = r'\s*(W/)?"[!#-~]*"\s*(,\s*(W/)?"[!#-~]*"\s*)*'
_ETAGS = re.compile(_TAGS)
IF_MATCH = header(
    "If-Match",
    "The ETag of what you read; `*` for any.",
    {"type": "string", "pattern": rf"^({_TAGS}|\*)$"},
)


def versions_wanted() -> frozenset[str] | None:
    """The ETags of If-Match; a proxy may have made them weak. None where any version will do."""
    text = request.headers.get("If-Match")
    if text is None or text.strip() == "*":
        return None
    if not _ETAGS.fullmatch(text):
        raise Invalid({"If-Match": 'must be an ETag, as in "3"'})
    return frozenset(re.findall(r'"([^"]*)"', text))
