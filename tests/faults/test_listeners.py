"""What a listener of the tests writes down of a stream."""

import json

from tests.faults import oracle
from tests.faults.audience import Audience
from tests.faults.listeners import Notes
from tests.faults.record import Reset, Snapshot


def notes_of(*snapshots: str) -> Notes:
    """Notes that have begun with the first of these snapshots and will read the others."""
    ids = iter(snapshots)
    audience = Audience("board", "/", {}, lambda _: Snapshot(next(ids), {}))
    notes = Notes("board", audience, "http://127.0.0.1:1")
    notes.read()
    return notes


def resets(notes: Notes) -> list[Reset]:
    """The resets that were written down."""
    return [step for step in notes.record.steps if isinstance(step, Reset)]


def hear(notes: Notes, *frames: tuple[str, str]) -> None:
    """Have it hear frames of a type and an id."""
    for type_, id_ in frames:
        notes.hear(type_, id_, json.dumps({"reason": "epoch"}))


def test_a_reset_is_held_against_the_place_of_its_stream_and_not_of_a_snapshot() -> None:
    notes = notes_of("e1-4", "e3-9", "e3-12")
    hear(notes, ("reset", "e2-7"), ("reset", "e3-11"))
    assert [reset.after for reset in resets(notes)] == ["e1-4", "e2-7"]
    assert all(oracle.is_true(reset) for reset in resets(notes))


def test_a_second_reset_within_one_epoch_is_untrue() -> None:
    notes = notes_of("e1-4", "e2-9", "e2-12")
    hear(notes, ("reset", "e2-7"), ("typing", ""), ("reset", "e2-11"))
    assert [oracle.is_true(reset) for reset in resets(notes)] == [True, False]
