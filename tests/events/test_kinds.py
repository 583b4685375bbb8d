"""Kinds and audiences of no shop at all: the mechanism knows neither orders nor boards."""

import pytest

from orderboard.events.event import Event
from orderboard.events.kinds import Audience, Kind, Kinds

MESSAGE = Kind(
    name="message.sent",
    carries="message",
    heard_by=lambda message, _: ("room", f"person:{message['to']}"),
    views={
        "everybody": lambda message, _: {"to": message["to"]},
        "person": lambda message, viewer: {**message, "mine": message["to"] == viewer.whose},
    },
)
KINDS = Kinds(
    kinds=[MESSAGE],
    audiences={
        "everybody": Audience("room", sees_names=True),
        "deaf": Audience("room"),
        "person": Audience("person"),
    },
)


def sent(**more: object) -> Event:
    data = {"to": "ada", "text": "hello"}
    actor = {"kind": "staff", "name": "Bo"}
    topics = tuple(MESSAGE.heard_by(data, {}))
    return Event(7, "message.sent", "now", actor, [], {}, topics, None, data)


def test_an_event_is_heard_under_its_topics_by_those_who_have_a_view_of_it() -> None:
    assert KINDS.audiences_of(sent()) == ("everybody", "person:ada")


def test_each_audience_sees_its_own_view_under_the_things_name() -> None:
    everybody = KINDS.view(sent(), "everybody", "")
    assert everybody is not None
    assert everybody["message"] == {"to": "ada"}
    assert everybody["actor"] == {"kind": "staff", "name": "Bo"}
    ada = KINDS.view(sent(), "person:ada", "")
    assert ada is not None
    assert ada["message"] == {"to": "ada", "text": "hello", "mine": True}
    assert ada["actor"] == {"kind": "staff"}


@pytest.mark.parametrize("stranger", ["person:bo", "deaf", "person", "nobody", ""])
def test_nobody_else_hears_it(stranger: str) -> None:
    assert KINDS.view(sent(), stranger, "") is None


def test_the_topic_of_an_audience_is_what_it_catches_up_with() -> None:
    assert KINDS.topic("everybody") == "room"
    assert KINDS.topic("person:ada") == "person:ada"


def test_a_kind_of_a_newer_version_is_no_silent_gap() -> None:
    older = Kinds(kinds=[], audiences=KINDS.audiences)
    assert set(older.audiences_of(sent())) == {"everybody", "deaf", "person:ada"}
    with pytest.raises(KeyError):
        older.view(sent(), "everybody", "")
