"""The colours that follow from the shop's own, so that everything in it can be read. Pure.

Contrast is what WCAG 2 calls so: 4.5 for text, 3 for what has only to be seen.
"""

from collections.abc import Iterator

Rgb = tuple[int, int, int]
WHITE, BLACK = (255, 255, 255), (0, 0, 0)
TEXT, SEEN = 4.5, 3.0
_NIGHT: Rgb = (0x15, 0x17, 0x1B)
"""What pages are drawn on in the dark."""
_STEPS = 50


def is_seen(colour: str) -> bool:
    """Whether a colour stands out from a white page."""
    return contrast(_rgb(colour), WHITE) >= SEEN


def contrast(one: Rgb, other: Rgb) -> float:
    """How far apart two colours are, from 1 to 21."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def stylesheet(accent: str) -> str:
    """The names of tokens.css that an accent sets, by day and by night."""
    day, night = _theme(_rgb(accent), WHITE, BLACK), _theme(_rgb(accent), _NIGHT, WHITE)
    return (
        f"@layer tokens {{\n:root {{ {day} }}\n"
        f"@media (prefers-color-scheme: dark) {{ :root {{ {night} }} }}\n}}\n"
    )


def _theme(accent: Rgb, surface: Rgb, away: Rgb) -> str:
    fill = _apart(accent, away, SEEN, surface)
    soft = _mixed(surface, accent, 0.1)
    on_fill = max(WHITE, BLACK, key=lambda ink: contrast(ink, fill))
    names = {
        "--accent": fill,
        # Further from what is written on it, so that it can still be read there.
        "--accent-hover": _mixed(fill, BLACK if on_fill == WHITE else WHITE, 0.14),
        "--accent-ink": _apart(accent, away, TEXT, soft, surface),
        "--accent-soft": soft,
        "--on-accent": on_fill,
    }
    return " ".join(f"{name}: {_hex(colour)};" for name, colour in names.items())


def _apart(colour: Rgb, away: Rgb, least: float, *grounds: Rgb) -> Rgb:
    """The colour, moved as far as it has to be to stand out from what it lies on."""
    for shade in _shades(colour, away):
        if min(contrast(shade, ground) for ground in grounds) >= least:
            return shade
    return away


def _shades(colour: Rgb, towards: Rgb) -> Iterator[Rgb]:
    for step in range(_STEPS + 1):
        yield _mixed(colour, towards, step / _STEPS)


def _mixed(one: Rgb, other: Rgb, share: float) -> Rgb:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def _luminance(colour: Rgb) -> float:
    red, green, blue = (_linear(part / 255) for part in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    low: float = part / 12.92
    high: float = ((part + 0.055) / 1.055) ** 2.4
    return low if part <= 0.04045 else high


def _rgb(colour: str) -> Rgb:
    number = int(colour[1:], 16)
    return number >> 16, number >> 8 & 255, number & 255


def _hex(colour: Rgb) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour)
