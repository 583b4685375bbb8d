"""Whatever colour a shop takes, what is written in it can be read, by day and by night."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderboard.settings.colours import BLACK, SEEN, TEXT, WHITE, contrast, is_seen, stylesheet

COLOURS = st.integers(0, 0xFFFFFF).map("#{:06x}".format)


def rgb(colour: str) -> tuple[int, int, int]:
    red, green, blue = bytes.fromhex(colour[1:])
    return red, green, blue


def themes(accent: str) -> list[dict[str, tuple[int, int, int]]]:
    """The names that the stylesheet sets, by day and by night."""
    parts = re.findall(r":root \{(.*?)\}", stylesheet(accent))
    return [
        {name: rgb(colour) for name, colour in re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", part)}
        for part in parts
    ]


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [(BLACK, WHITE, 21), (WHITE, WHITE, 1), ((0x77,) * 3, WHITE, 4.48), (WHITE, (255, 0, 0), 4.0)],
)
def test_contrast_is_as_the_standard_has_it(
    one: tuple[int, int, int], other: tuple[int, int, int], ratio: float
) -> None:
    assert contrast(one, other) == pytest.approx(ratio, abs=0.01)


@pytest.mark.parametrize(("colour", "seen"), [("#ffffff", False), ("#ffee00", False)])
def test_a_colour_that_is_lost_on_white_is_not_seen(colour: str, seen: bool) -> None:
    assert is_seen(colour) is seen
    assert is_seen("#1d6f42")


@given(COLOURS)
def test_every_colour_can_be_read_by_day_and_by_night(accent: str) -> None:
    for theme, surface in zip(themes(accent), (WHITE, (0x15, 0x17, 0x1B)), strict=True):
        assert contrast(theme["on-accent"], theme["accent"]) >= TEXT
        assert contrast(theme["on-accent"], theme["accent-hover"]) >= TEXT
        assert contrast(theme["accent"], surface) >= SEEN
        assert contrast(theme["accent-ink"], surface) >= TEXT
        assert contrast(theme["accent-ink"], theme["accent-soft"]) >= TEXT


@given(COLOURS.filter(is_seen))
def test_by_day_the_shops_colour_is_what_it_chose(accent: str) -> None:
    assert themes(accent)[0]["accent"] == rgb(accent)
