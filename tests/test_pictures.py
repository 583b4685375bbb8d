"""Pictures: what is no picture, too large or carries more than a picture."""

import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image

from orderboard import pictures
from orderboard.errors import Invalid
from orderboard.pictures import MOST_PIXELS

BOX = (640, 320)
PLACE = {1: "N", 2: (52.0, 31.0, 12.0), 3: "E", 4: (13.0, 24.0, 36.0)}
WORDS = b"taken at home"


def drawn_anew(content: bytes) -> pictures.Picture:
    return pictures.drawn_anew(content, BOX)


def picture(kind: str, size: tuple[int, int] = (80, 40), **options: object) -> bytes:
    out = BytesIO()
    Image.new("RGB", size, "#c0392b").save(out, kind, **options)
    return out.getvalue()


def with_place(kind: str) -> bytes:
    """A picture that says where it was taken."""
    exif = Image.Exif()
    exif[0x010E] = WORDS.decode()
    exif.get_ifd(0x8825).update(PLACE)
    return picture(kind, exif=exif)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_a_picture_of_each_kind_is_taken(kind: str) -> None:
    logo = drawn_anew(picture(kind))
    shown = Image.open(BytesIO(logo.content))
    assert f"image/{str(shown.format).lower()}" == logo.media
    assert shown.size == (80, 40)
    red, green, blue = shown.convert("RGB").getpixel((40, 20))  # type: ignore[misc]
    assert abs(red - 0xC0) + abs(green - 0x39) + abs(blue - 0x2B) < 20


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_where_it_was_taken_goes(kind: str) -> None:
    content = with_place(kind)
    before = Image.open(BytesIO(content)).getexif()
    assert before.get_ifd(0x8825), "the picture says nothing of a place to begin with"
    logo = drawn_anew(content)
    after = Image.open(BytesIO(logo.content))
    assert not after.getexif()
    assert not {"exif", "comment", "icc_profile"} & after.info.keys()
    assert WORDS not in logo.content


def test_a_script_behind_a_picture_goes() -> None:
    script = b"<script>alert(1)</script>"
    for content in (picture("GIF", comment=script), picture("PNG") + script):
        assert script in content
        assert script not in drawn_anew(content).content


def test_a_picture_taken_sideways_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    logo = drawn_anew(picture("JPEG", (80, 40), exif=exif))
    assert Image.open(BytesIO(logo.content)).size == (40, 80)


def test_a_large_picture_becomes_small_and_keeps_its_shape() -> None:
    shown = Image.open(BytesIO(drawn_anew(picture("PNG", (3000, 1000))).content))
    assert shown.size == (640, 213)


def test_what_can_be_seen_through_stays_so() -> None:
    out = BytesIO()
    Image.new("RGBA", (10, 10), (255, 0, 0, 0)).save(out, "PNG")
    shown = Image.open(BytesIO(drawn_anew(out.getvalue()).content))
    assert shown.getpixel((5, 5))[3] == 0  # type: ignore[index]


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says it is large."""
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)

    def chunk(name: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        )

    data = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + data


@pytest.mark.parametrize("size", [(30_000, 30_000), (4001, 4000), (1, 20_000)])
def test_more_pixels_than_anybody_shows_are_refused_before_they_are_decoded(
    size: tuple[int, int],
) -> None:
    with pytest.raises(Invalid, match=f"{MOST_PIXELS // 1_000_000} megapixels"):
        drawn_anew(bomb(*size))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<script>alert(1)</script>",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"GIF89a<script>alert(1)</script>",
        b"\x89PNG\r\n\x1a\n" + b"\0" * 60,
        picture("JPEG")[:300],
        picture("PNG")[:60],
        picture("BMP"),
        picture("TIFF"),
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 100 100\n",
    ],
)
def test_what_is_no_picture_is_refused(content: bytes) -> None:
    with pytest.raises(Invalid, match="PNG, JPEG, WebP or GIF"):
        drawn_anew(content)
