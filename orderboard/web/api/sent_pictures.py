"""Pictures as they are sent: looked at before they are read, drawn anew beside the loop."""

from flask import request
from werkzeug.exceptions import UnsupportedMediaType

from orderboard.offload import thinking
from orderboard.pictures import Box, Picture, drawn_anew
from orderboard.web.body import raw_body

_MEDIA = ("image/png", "image/jpeg", "image/webp", "image/gif", "application/octet-stream")


def sent_picture(most: int, box: Box) -> Picture:
    """The picture that the request carries, of so many bytes at most, no larger than a box.

    Raises UnsupportedMediaType, RequestEntityTooLarge and Invalid.
    """
    if request.mimetype not in _MEDIA:
        raise UnsupportedMediaType(
            "The body must be a PNG, JPEG, WebP or GIF picture; send Content-Type: image/png."
        )
    request.max_content_length = most
    content = raw_body()
    return thinking(lambda: drawn_anew(content, box))
