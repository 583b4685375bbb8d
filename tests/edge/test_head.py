"""Where a head ends, and which heads are too large, however the bytes come."""

import time

import pytest
from gunicorn.http.errors import InvalidRequestLine, LimitRequestHeaders, LimitRequestLine
from hypothesis import given
from hypothesis import strategies as st

from orderboard.edge.head import LARGEST, LONGEST_LINE, MOST_FIELDS, Head

LINE = b"GET / HTTP/1.1\r\n"


def gathered(data: bytes, size: int) -> tuple[bytes, bytes] | None:
    """What a head is taken for that comes in pieces; None when it is not complete."""
    head = Head()
    for begin in range(0, len(data), size):
        head.add(data[begin : begin + size])
        if head.complete:
            whole, rest = head.take()
            return whole, rest + data[begin + size :]
    return None


@given(st.integers(1, 60), st.binary(max_size=40), st.booleans(), st.integers(0, 5))
def test_a_head_ends_where_it_ends_in_whatever_pieces_it_comes(
    size: int, body: bytes, leading: bool, fields: int
) -> None:
    whole = b"\r\n" * leading + LINE + b"Some: thing\r\n" * fields + b"\r\n"
    assert gathered(whole + body, size) == (whole, body)
    assert gathered(whole[:-1], size) is None


@pytest.mark.parametrize("size", [1, 7, 8192])
def test_what_is_as_large_as_may_be_is_taken(size: int) -> None:
    line = b"GET /" + b"x" * (LONGEST_LINE - 14) + b" HTTP/1.1\r\n"
    field = b"X: " + b"y" * (LONGEST_LINE - 3) + b"\r\n"
    many = LINE + b"X: y\r\n" * MOST_FIELDS + b"\r\n"
    for whole in (line + b"\r\n", LINE + field + b"\r\n", many):
        assert gathered(whole, size) == (whole, b"")


@pytest.mark.parametrize("size", [1, 7, 8192])
def test_one_more_is_refused(size: int) -> None:
    with pytest.raises(LimitRequestLine):
        gathered(b"GET /" + b"x" * (LONGEST_LINE - 13) + b" HTTP/1.1\r\n", size)
    with pytest.raises(LimitRequestHeaders):
        gathered(LINE + b"X: " + b"y" * (LONGEST_LINE - 2) + b"\r\n", size)
    with pytest.raises(LimitRequestHeaders):
        gathered(LINE + b"X: y\r\n" * (MOST_FIELDS + 1), size)
    with pytest.raises(LimitRequestHeaders):
        gathered(LINE + (b"X: " + b"y" * 4000 + b"\r\n") * (LARGEST // 4000 + 1), size)


def test_what_will_never_end_is_refused_before_its_end() -> None:
    for data, error in (
        (b"G" * (LONGEST_LINE + 2), LimitRequestLine),
        (LINE + b"X" * (LONGEST_LINE + 2), LimitRequestHeaders),
        (b"\x16\x03\x01", InvalidRequestLine),
    ):
        with pytest.raises(error):
            gathered(data, 1)


def test_a_line_feed_that_stands_alone_is_left_to_the_parser() -> None:
    for data in (b"GET / HTTP/1.1\n", LINE + b"X: y\n", b"\n"):
        assert gathered(data, 1) is not None


def test_a_head_in_single_bytes_costs_no_more_for_being_long() -> None:
    def seconds(length: int) -> float:
        whole, began = (LINE + (b"X: " + b"y" * 1000 + b"\r\n") * length), time.process_time()
        gathered(whole, 1)
        return time.process_time() - began

    short = min(seconds(3) for _ in range(5))
    assert min(seconds(30) for _ in range(3)) < 25 * short
