"""Pictures: whatever is sent is drawn anew, so that nothing but the picture is kept.

A place and a camera in its metadata go with that, and so does anything that is no picture.
"""

import hashlib
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageOps

from orderboard.errors import Invalid

FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
MOST_PIXELS = 16_000_000
"""Decoded they take four bytes each. What telephones take has 12 millions and a little."""
LONGEST_SIDE = 10_000
Box = tuple[int, int]
"""Width and height, in pixels."""
# Pillow only warns, of far more than MOST_PIXELS; here it is looked at before anything is decoded.
Image.MAX_IMAGE_PIXELS = None


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as it is sent to browsers."""

    media: str
    content: bytes

    @property
    def digest(self) -> str:
        """The name of its bytes."""
        return hashlib.sha256(self.content).hexdigest()


def drawn_anew(content: bytes, box: Box) -> Picture:
    """The picture in these bytes, no larger than a box, without anything else. Raises Invalid.

    It takes up to half a second of CPU: not to be done in the loop.
    """
    try:
        with Image.open(BytesIO(content), formats=FORMATS) as picture:
            _check_size(picture)
            photo = picture.format == "JPEG"
            return _encoded(_pixels(picture, "RGB" if photo else "RGBA", box), photo)
    except Invalid:
        raise
    except Exception:  # noqa: BLE001 - a decoder may raise anything at what is no picture
        raise Invalid({"body": "must be a PNG, JPEG, WebP or GIF picture"}) from None


def _check_size(picture: Image.Image) -> None:
    if picture.width * picture.height > MOST_PIXELS or max(picture.size) > LONGEST_SIDE:
        most = f"{MOST_PIXELS // 1_000_000} megapixels and {LONGEST_SIDE:,} pixels a side"
        raise Invalid({"body": f"must have {most} at most"})


def _pixels(picture: Image.Image, mode: str, box: Box) -> Image.Image:
    """The picture alone, upright and small: what belongs to the file does not come along."""
    picture.draft("RGB", box)
    upright = ImageOps.exif_transpose(picture).convert(mode)
    upright.thumbnail(box, Image.Resampling.LANCZOS)
    alone = Image.new(mode, upright.size)
    alone.paste(upright)
    return alone


def _encoded(picture: Image.Image, photo: bool) -> Picture:
    out = BytesIO()
    if photo:
        picture.save(out, "JPEG", quality=88, optimize=True)
        return Picture("image/jpeg", out.getvalue())
    picture.save(out, "PNG", optimize=True)
    return Picture("image/png", out.getvalue())
