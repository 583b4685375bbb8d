"""What is left of an order, or of a part of one, when its person is taken out. Pure."""

from collections.abc import Collection
from typing import Any

Json = dict[str, Any]
GONE = ("address", "note", "cancel_reason")
STAYS_OF_TRACKING = ("carrier", "eta")
_PERSONAL = ("billing_address", "metadata", "display_number")
"""Of what only some orders have, what may say who somebody is."""
_THEIR_WORDS = {"items": ("note",), "fulfilment": ("instructions",), "shipments": ("number", "url")}
"""Part of an order → what in it is somebody's own words, or leads to them."""
_EMPTIED: dict[str, Json] = {
    "payments": {"title": None, "reference": None},
    "refunds": {"reason": ""},
    "returns": {"reason": ""},
}


def scrubbed(order: Json, name: str, token: str) -> Json:
    """An order, or a part of one, without the person. Pure."""
    gone = {part: None for part in GONE if part in order}
    out = {**order, **gone}
    if "customer" in out:
        out["customer"] = dict.fromkeys(out["customer"] or {}) | {"name": name}
    _scrub_details(out)
    if out.get("cancellation_request"):
        out["cancellation_request"] = {**out["cancellation_request"], "reason": ""}
    if out.get("tracking"):
        out["tracking"] = {
            part: value if part in STAYS_OF_TRACKING else None
            for part, value in out["tracking"].items()
        }
    if "track_token" in out:
        out["track_token"] = token
    if "track_url" in out:
        out["track_url"] = f"{out['track_url'].rpartition('/')[0]}/{token}"
    if (out.get("updated_by") or {}).get("kind") == "customer":
        out["updated_by"] = {"kind": "customer", "name": name}
    return out


def without_note(details: Json | None) -> Json | None:
    """What only some lines have, without what their customer said of them."""
    return _without(details, _THEIR_WORDS["items"]) or None


def _scrub_details(out: Json) -> None:
    for part in _PERSONAL:
        out.pop(part, None)
    for part, words in _THEIR_WORDS.items():
        if out.get(part):
            out[part] = _without(out[part], words)
    for part, empty in _EMPTIED.items():
        if out.get(part):
            out[part] = [{**one, **empty} for one in out[part]]


def _without(part: Any, words: Collection[str]) -> Any:
    if isinstance(part, list):
        return [_without(one, words) for one in part]
    return {name: value for name, value in (part or {}).items() if name not in words}
