"""What one process has to tell the others: of one epoch at a time."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import pytest

from orderboard.stream import publisher as publishing
from orderboard.stream.counters import Counters
from orderboard.stream.publisher import Publisher
from tests.stream.support import Event


class Redis:
    """Takes what is published."""

    def publish(self, _channel: str, _text: str) -> int:
        return 2


@pytest.fixture
def told() -> tuple[Publisher[Event], list[str]]:
    epoch = ["e1"]
    publisher = Publisher(
        Redis(),  # type: ignore[arg-type]
        "here",
        asdict,
        dict,
        lambda: epoch[0],
        Counters(),
    )
    publisher._hearers = 2
    return publisher, epoch


def gathered(publisher: Publisher[Event]) -> dict[str, Any]:
    gather: Callable[[], dict[str, Any]] = publisher._gather
    return gather()


def test_events_of_an_epoch_that_has_ended_are_told_nobody(
    told: tuple[Publisher[Event], list[str]],
) -> None:
    publisher, epoch = told
    publisher.events("e1", [Event(1, "a", ""), Event(2, "a", "")])
    epoch[0] = "e2"
    publisher.events("e2", [Event(1, "b", "")])
    message = gathered(publisher)
    assert message["epoch"] == "e2"
    assert [event["order"] for event in message["events"]] == ["b"]


def test_events_of_another_epoch_than_is_read_are_not_kept(
    told: tuple[Publisher[Event], list[str]],
) -> None:
    publisher, _ = told
    publisher.events("e0", [Event(1, "a", "")])
    assert gathered(publisher) == {}
    assert publishing.PER_MESSAGE > 1


def test_who_is_alone_tells_nobody_of_events_until_somebody_is_met(
    told: tuple[Publisher[Event], list[str]],
) -> None:
    publisher, _ = told
    publisher._hearers = 0  # nobody knows yet
    publisher.events("e1", [Event(1, "a", "")])
    assert gathered(publisher) == {"epoch": "e1", "head": 1}
    publisher._hearers = 1
    publisher.events("e1", [Event(2, "a", "")])
    assert gathered(publisher) == {}
    publisher.met()
    publisher.events("e1", [Event(3, "b", "")])
    assert [event["order"] for event in gathered(publisher)["events"]] == ["b"]
