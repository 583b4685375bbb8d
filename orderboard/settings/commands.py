"""What may be done to the settings. Each command is one change and one event."""

from collections.abc import Container, Mapping
from typing import Any

import sqlalchemy as sa

from orderboard import clock
from orderboard.config import Settings
from orderboard.errors import ChangedMeanwhile, Conflict, Invalid
from orderboard.events.event import Actor
from orderboard.events.log import Transaction
from orderboard.money import minor_at, to_text
from orderboard.pictures import Picture
from orderboard.settings import printers
from orderboard.settings.events import UPDATED
from orderboard.settings.model import ShopLogo, ShopSettings
from orderboard.settings.snapshot import snapshot
from orderboard.settings.values import METHODS, effective, fixed, hours_wrong

Json = dict[str, Any]
_settings = ShopSettings.__table__
_logos = ShopLogo.__table__
_IN_PARTS = ("contact", "opening_hours")
"""What is given in part: what is left out of it stays too."""


def hold(tx: Transaction, config: Settings, versions: Container[str] | None = None) -> Json:
    """Read the settings for changing. Raises ChangedMeanwhile for another version."""
    row = dict(tx.execute(sa.select(_settings).with_for_update()).mappings().one())
    if versions is not None and str(row["version"]) not in versions:
        settings = snapshot(row, config)
        raise ChangedMeanwhile(settings, settings["updated_by"], "settings")
    return row


def edit(tx: Transaction, row: Json, given: Json, config: Settings, actor: Actor) -> Json:
    """Change what is given of the settings that are held.

    Raises Conflict for what the environment sets, Invalid for hours that cannot be.
    """
    _check_hours(given.get("opening_hours", {}))
    bound = {name: text for name, text in fixed(config).items() if name in given}
    if bound:
        told = [{"path": n, "message": f"is set by {text}"} for n, text in bound.items()]
        names = " and ".join(bound.values())
        raise Conflict(f"{names} in the server's environment wins.", errors=told)
    if "methods" in given:
        given = given | {"methods": [method for method in METHODS if method in given["methods"]]}
    now = effective(row["given"], config)
    if "charges" in given:
        given = given | {"charges": _charges(now["charges"], given["charges"], config.currency)}
    if "printers" in given:
        given = given | {"printers": printers.numbered(now["printers"], given["printers"])}
    for name in _IN_PARTS:
        if name in given:
            given = given | {name: now[name] | given[name]}
    return _save(tx, row, row["given"] | given, config, actor)


def set_logo(
    tx: Transaction, row: Json, logo: Picture | None, config: Settings, actor: Actor
) -> Json:
    """Have another logo, or none, in the settings that are held."""
    digest = logo.digest if logo else None
    if digest != row["given"].get("logo"):
        tx.execute(sa.delete(_logos))
    if logo and digest != row["given"].get("logo"):
        values = {"digest": digest, "media": logo.media, "content": logo.content}
        tx.execute(sa.insert(_logos).values(values))
    return _save(tx, row, row["given"] | {"logo": digest}, config, actor)


def _check_hours(week: Mapping[str, Any]) -> None:
    wrong = {f"opening_hours.{day}": hours_wrong(spans) for day, spans in week.items()}
    if errors := {path: text for path, text in wrong.items() if text}:
        raise Invalid(errors)


def _charges(now: Json, given: Json, currency: str) -> Json:
    """What each method costs when this is given of some. Raises Invalid."""
    errors: dict[str, str] = {}
    found = dict(now)
    for method, parts in given.items():
        said = {
            name: None
            if amount is None
            else to_text(minor_at(amount, f"charges.{method}.{name}", currency, errors), currency)
            for name, amount in parts.items()
        }
        found[method] = now[method] | said
    if errors:
        raise Invalid(errors)
    return found


def _save(
    tx: Transaction, row: Json, given: Mapping[str, Any], config: Settings, actor: Actor
) -> Json:
    before = snapshot(row, config)
    after = row | {"given": dict(given)}
    was = _was(before, snapshot(after, config))
    if not was:
        return before
    after |= {
        "version": row["version"] + 1,
        "updated_at": clock.now(),
        "updated_by_kind": actor.kind,
        "updated_by_name": actor.name,
    }
    tx.execute(sa.update(_settings).values(after))
    settings = snapshot(after, config)
    tx.record(UPDATED, actor=actor, data=settings, was=was, at=after["updated_at"])
    return settings


def _was(before: Json, after: Json) -> Json:
    return {name: before[name] for name in before if before[name] != after[name]}
