"""A lease has one holder, and soon another one when that is gone."""

import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask

from orderboard import clock
from orderboard.consumers import lease
from orderboard.consumers.lease import Claim


@pytest.fixture(autouse=True)
def inside(app: Flask) -> Iterator[None]:
    """The app's context."""
    with app.app_context():
        yield


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """A lease that is soon over."""
    monkeypatch.setattr(lease, "LIFE", 0.6)
    monkeypatch.setattr(lease, "RENEW", 0.1)


def test_one_holds_it_and_the_other_does_not() -> None:
    first, second = Claim("it"), Claim("it")
    assert lease.holder("it") is None
    for _ in range(12):
        assert first.holds()
        assert not second.holds()
        time.sleep(0.1)
    assert lease.holder("it") == first.holder


def test_one_that_says_nothing_more_is_followed() -> None:
    first, second = Claim("it"), Claim("it")
    assert first.holds()
    deadline = time.monotonic() + 5
    while not second.holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)
    assert not first.holds()


def test_one_that_ends_lets_go_at_once() -> None:
    first, second = Claim("it"), Claim("it")
    assert first.holds()
    first.release()
    assert second.holds()


def test_nobody_releases_what_is_anothers() -> None:
    first, second = Claim("it"), Claim("it")
    assert first.holds()
    second.release()
    assert not second.holds()


@pytest.mark.parametrize("hours", [-3, 3])
def test_a_clock_that_is_wrong_keeps_nobody_out(
    hours: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = clock.now
    monkeypatch.setattr(clock, "now", lambda: right() + timedelta(hours=hours))
    assert Claim("it").holds()
    monkeypatch.setattr(clock, "now", right)
    time.sleep(0.7)
    assert Claim("it").holds()


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_on_postgresql_the_machines_clocks_do_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    right = clock.now
    first, second = Claim("it"), Claim("it")
    monkeypatch.setattr(clock, "now", lambda: right() - timedelta(seconds=5))
    assert first.holds()
    monkeypatch.setattr(clock, "now", lambda: right() + timedelta(seconds=5))
    assert not second.holds()
