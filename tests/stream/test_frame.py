import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderboard.stream.frame import (
    EventId,
    InvalidEventId,
    end_frame,
    event_frame,
    heartbeat_frame,
    parse_id,
    reset_frame,
    retry_field,
    signal_frame,
)
from tests.stream.spec import Message, read

anything = st.text(st.characters(exclude_categories=())) | st.text("\r\n\0: \u2028\u0085\ud800a")
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | anything,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(anything, inner, max_size=3),
    max_leaves=8,
)


def as_json_carries(value):
    """What any JSON reader makes of it: two halves of a character that meet become one."""
    return json.loads(json.dumps(value))


@given(st.dictionaries(anything, values, max_size=4))
def test_any_text_in_any_field_is_one_frame_that_reads_back(data):
    (message,) = read(event_frame("9c41", 7, "order.updated", data)).messages
    assert (message.type, message.last_id) == ("order.updated", "9c41-7")
    assert json.loads(message.data) == as_json_carries(data)


@given(anything, anything)
def test_no_type_or_reason_can_make_a_second_frame(kind, reason):
    for frame in (
        event_frame("e", 1, kind, {}),
        reset_frame("e", 1, reason),
        signal_frame(kind, {}),
    ):
        assert len(read(frame).messages) == 1


@given(st.lists(st.dictionaries(anything, values, max_size=2), max_size=5))
def test_frames_joined_in_one_piece_stay_apart(many):
    piece = b"".join(event_frame("e", n, "x", data) for n, data in enumerate(many, 1))
    messages = read(piece).messages
    assert [m.last_id for m in messages] == [f"e-{n}" for n in range(1, len(many) + 1)]
    assert [json.loads(m.data) for m in messages] == [as_json_carries(data) for data in many]


def test_a_frame_has_one_line_for_each_of_its_fields():
    assert event_frame("9c41", 1042, "order.updated", {"position": 1042, "name": "Å"}) == (
        'id: 9c41-1042\nevent: order.updated\ndata: {"position":1042,"name":"Å"}\n\n'.encode()
    )


def test_a_heartbeat_carries_the_position_as_its_id_and_in_its_data():
    assert read(heartbeat_frame("e", 5)).messages == [Message("heartbeat", '{"position":5}', "e-5")]


def test_a_reset_carries_the_place_from_which_a_reconnect_goes_on():
    (message,) = read(reset_frame("e", 5, "too_old")).messages
    assert (message.type, message.last_id) == ("reset", "e-5")
    assert json.loads(message.data) == {"reason": "too_old"}


def test_a_signal_leaves_the_last_id_as_it_was():
    reading = read(heartbeat_frame("e", 5) + signal_frame("typing", {"who": "Ada"}))
    assert reading.messages[1] == Message("typing", '{"who":"Ada"}', "e-5")


def test_a_retry_rides_in_the_block_that_follows():
    reading = read(retry_field(2600) + heartbeat_frame("e", 5))
    assert (reading.retry, reading.blocks, len(reading.messages)) == (2600, 1, 1)


def test_a_last_word_says_why_and_moves_no_id():
    reading = read(heartbeat_frame("e", 5) + end_frame("full", "No room.", 31_000))
    (_, message) = reading.messages
    assert (message.type, message.last_id, reading.retry) == ("end", "e-5", 31_000)
    assert json.loads(message.data) == {"reason": "full", "detail": "No room."}


def test_a_refusal_has_the_id_that_was_asked_with():
    (message,) = read(end_frame("full", "No room.", 31_000, EventId("e", 7))).messages
    assert (message.type, message.last_id) == ("end", "e-7")


def test_an_id_reads_back_as_itself():
    assert parse_id("9c41-1042") == EventId("9c41", 1042)
    assert str(parse_id("9c41-1042")) == "9c41-1042"


@pytest.mark.parametrize(
    "text",
    ["", "9c41", "-1", "9c41-", "9C41-1", "9c41--1", "9c41-1\n", " 9c41-1", "9c41-1.0", "é-1",
     "a-१", "a" * 33 + "-1", "a-" + "1" * 19, "9c41-1-2", "a-+1", "\0-1"],
)  # fmt: skip
def test_what_is_no_id_is_refused(text):
    with pytest.raises(InvalidEventId):
        parse_id(text)
