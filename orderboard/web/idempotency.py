"""Answering a repeated request with the first answer (``Idempotency-Key``).

The answer is stored in the transaction of the change itself, so there is never a change without
its answer nor an answer without its change, whatever is killed in between. On PostgreSQL a lock
that ends with the transaction shows that the first request is still running; SQLite has one
writer at a time, so there the second request simply comes after the first.

A key counts for its caller alone. Of strangers nothing is known, so theirs counts only together
with a secret that comes along (``Idempotency-Secret``): whoever guesses or sees a key gets nothing
for it, and can take none away.
"""

import hashlib
import json
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from orderboard import clock
from orderboard.database import UTCDateTime, db, reading
from orderboard.errors import Conflict, Invalid
from orderboard.events.group_commit import group_commit
from orderboard.events.log import Transaction, transaction
from orderboard.jsontext import dump
from orderboard.people.tokens import hash_of
from orderboard.web.access import Identity

Json = dict[str, Any]
_AT_ONCE = 50
LIFE = timedelta(days=7)
LONGEST = 255
SHORTEST_SECRET = 22
"""Characters of a secret at least: 128 random bits in base 64."""


class IdempotencyKey(db.Model):  # type: ignore[name-defined,misc]
    """The first answer to a request. ``scope`` is who asked for what."""

    __tablename__ = "idempotency_keys"

    scope: Mapped[str] = mapped_column(sa.String(200), primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(LONGEST), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(sa.String(64))
    answer: Mapped[str] = mapped_column(sa.Text)
    created_at: Mapped[str] = mapped_column(UTCDateTime, index=True)


_keys = IdempotencyKey.__table__


@dataclass(frozen=True, slots=True)
class Repeatable:
    """One request that may be repeated."""

    scope: str
    key: str
    fingerprint: str

    @classmethod
    def of(
        cls, what: str, who: Identity, key: str | None, secret: str | None, body: bytes
    ) -> "Repeatable | None":
        """What a request's key, secret and body say. Raises Invalid.

        None without a key, and for a stranger's key that comes without a secret.
        """
        _check("Idempotency-Key", key, 1)
        _check("Idempotency-Secret", secret, SHORTEST_SECRET)
        caller = who.caller if not who.anonymous else secret and f"secret:{hash_of(secret)}"
        if key is None or caller is None:
            return None
        return cls(f"{what} {caller}", key, hashlib.sha256(body).hexdigest())


def once(request: Repeatable | None, work: Callable[[Transaction], str]) -> tuple[str, bool]:
    """Do work in one transaction and keep its answer; or give the answer kept from before.

    Answers the text, and whether it was given before. The transaction may be shared with others:
    work that holds rows of orders is done ``once_alone``, or two might wait for each other.
    """
    return group_commit(lambda tx: _answered(tx, request, work))


def once_alone(request: Repeatable | None, work: Callable[[Transaction], str]) -> tuple[str, bool]:
    """The same in a transaction of its own."""
    with transaction() as tx:
        return _answered(tx, request, work)


def _answered(
    tx: Transaction, request: Repeatable | None, work: Callable[[Transaction], str]
) -> tuple[str, bool]:
    first = _first_answer(tx, request) if request else None
    if first is not None:
        return first, True
    text = work(tx)
    if request:
        _keep(tx, request, text)
    return text, False


def remove_old(tx: Transaction, moment: datetime, limit: int) -> int:
    """Remove some answers that are older than LIFE; answers how many."""
    key = (_keys.c.scope, _keys.c.key)
    old = sa.select(*key).where(_keys.c.created_at < moment - LIFE).limit(limit)
    return tx.execute(sa.delete(_keys).where(sa.tuple_(*key).in_(old))).rowcount


def rewrite(change: Callable[[Json], Json], ids: Collection[str]) -> int:
    """Change what answers say of some orders; answers how many answers that were."""
    texts = [_keys.c.answer.contains(order_id, autoescape=True) for order_id in ids]
    changed, key = 0, (_keys.c.scope, _keys.c.key)
    for start in range(0, len(texts), _AT_ONCE):
        with reading() as connection:
            of_them = sa.or_(*texts[start : start + _AT_ONCE])
            rows = connection.execute(sa.select(*key, _keys.c.answer).where(of_them)).all()
        for row in rows:
            answer = dump(_changed(json.loads(row.answer), change))
            mine = (_keys.c.scope == row.scope) & (_keys.c.key == row.key)
            with transaction() as tx:
                tx.execute(sa.update(_keys).where(mine).values(answer=answer))
            changed += 1
    return changed


def _changed(answer: Json, change: Callable[[Json], Json]) -> Json:
    if "results" not in answer:
        return change(answer)
    results = [
        {**one, "order": change(one["order"])} if "order" in one else one
        for one in answer["results"]
    ]
    return {**answer, "results": results}


def _check(name: str, value: str | None, shortest: int) -> None:
    if value is None:
        return
    if not shortest <= len(value) <= LONGEST or not value.isprintable() or not value.isascii():
        raise Invalid({name: f"must have {shortest} to {LONGEST} printable characters"})


def _first_answer(tx: Transaction, request: Repeatable) -> str | None:
    """The answer given before, if any.

    Raises Conflict while the first request is still running, Invalid when its body was another.
    """
    if tx.connection.dialect.name == "postgresql":
        name = f"{request.scope}\n{request.key}"
        number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)
        if not tx.execute(sa.select(sa.func.pg_try_advisory_xact_lock(number))).scalar():
            raise Conflict("The first request with this Idempotency-Key is still running.")
    mine = (_keys.c.scope == request.scope) & (_keys.c.key == request.key)
    row = tx.execute(sa.select(_keys).where(mine)).first()
    if row is None:
        return None
    if row.created_at < clock.now() - LIFE:
        tx.execute(sa.delete(_keys).where(mine))
        return None
    if row.fingerprint != request.fingerprint:
        raise Invalid({"Idempotency-Key": "was used before, with another body"})
    return str(row.answer)


def _keep(tx: Transaction, request: Repeatable, answer: str) -> None:
    """Keep the first answer."""
    moment = clock.now()
    row = {"scope": request.scope, "key": request.key, "fingerprint": request.fingerprint}
    tx.execute(sa.insert(_keys), {**row, "answer": answer, "created_at": moment})
