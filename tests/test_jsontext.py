"""JSON text is the same whoever writes it."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderboard.jsontext import dump, load

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text()
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(VALUES)
def test_what_is_written_is_read_again(data: Any) -> None:
    text = dump(data)
    assert json.loads(text) == data
    assert "\n" not in text


@pytest.mark.parametrize("data", ["\ud800", 2**70, {"total": -(2**64)}])
def test_what_the_quick_writer_refuses_is_written_as_well(data: Any) -> None:
    assert json.loads(dump(data)) == data


@pytest.mark.parametrize("data", [{"customer": "Zoë \U0001f600"}, [], {}, "é\u2028", 10**15])
def test_letters_stand_for_themselves_and_nothing_is_spread_out(data: Any) -> None:
    text = dump(data)
    assert text == json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    assert load(text) == data


def test_what_json_has_no_words_for_is_refused() -> None:
    with pytest.raises(TypeError):
        dump({"at": object()})
