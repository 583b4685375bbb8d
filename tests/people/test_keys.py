"""Keys: made once, stored as hashes, good until they are revoked."""

import time

import pytest
import sqlalchemy as sa
from flask import Flask

from orderboard.errors import Invalid
from orderboard.events import log
from orderboard.people import keys
from orderboard.people.model import Key


def test_a_key_is_found_with_its_name_and_scopes(app: Flask) -> None:
    with app.app_context():
        key = keys.create("till", ["read", "intake", "read"])
        found = keys.find(key)
        assert found
        assert (found.name, found.scopes) == ("till", {"read", "intake"})
        assert keys.find(key + "x") is None
        assert keys.find("") is None


def test_only_a_hash_of_a_key_is_stored(app: Flask) -> None:
    with app.app_context():
        key = keys.create("till", ["read"])
        with log.transaction() as tx:
            row = tx.execute(sa.select(Key)).one()
    assert key.removeprefix("ob_") not in str(row)
    assert key.startswith("ob_")
    assert len(key) == 35


def test_all_keys_of_a_name_are_revoked_together(app: Flask) -> None:
    with app.app_context():
        old, new, other = (keys.create(name, ["read"]) for name in ("till", "till", "shop"))
        holders = [keys.find(key) for key in (old, new, other)]
        assert keys.revoke("till")
        assert not keys.revoke("till")
        assert [bool(keys.find(key)) for key in (old, new, other)] == [False, False, True]
        assert [keys.in_force(h.id) for h in holders if h] == [False, False, True]


def test_a_key_that_another_process_revoked_is_soon_good_for_nothing(app: Flask) -> None:
    with app.app_context():
        key = keys.create("till", ["read"])
        assert keys.find(key)
        with log.transaction() as tx:
            tx.execute(sa.delete(Key))
        time.sleep(keys.REMEMBERED + 0.1)
        assert keys.find(key) is None


def test_a_key_needs_a_name_and_known_scopes(app: Flask) -> None:
    with app.app_context():
        for name, scopes in (("", ["read"]), ("x" * 81, ["read"]), ("a\n", ["read"]), ("a", [])):
            with pytest.raises(Invalid):
                keys.create(name, scopes)
        with pytest.raises(Invalid):
            keys.create("till", ["read", "write"])
