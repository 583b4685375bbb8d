"""How the money of a refund goes back that came by a provider. Pure.

A refund's ``transfers`` are its parts that a provider is asked for, one for each payment, each
with its ``status``: pending, succeeded, failed. Those of a refund together are its own ``status``.
What did not come by a provider goes back by hand, and has neither.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from orderboard.errors import NotFound
from orderboard.money import from_text, to_text

Json = dict[str, Any]
STATUSES = ("pending", "succeeded", "failed")


def planned(order: Mapping[str, Any], amount: int, provider: str | None) -> Json:
    """What a new refund of an order's row says of how its money goes back.

    As much of the amount (minor units) as came by the provider and is still there goes back by it.
    """
    currency, done = str(order["currency"]), _of(order["refunds"] or ())
    transfers: list[Json] = []
    for payment in order["payments"] or ():
        if provider is None or payment.get("provider") != provider or payment["status"] != "paid":
            continue
        part = min(amount, from_text(payment["amount"], currency) - _gone(done, payment, currency))
        if part > 0:
            amount -= part
            key = f"trf_{str(order['id']).partition('_')[2]}_{len(done) + len(transfers) + 1}"
            said = {"amount": to_text(part, currency), "status": "pending", "reason": None}
            transfers.append({"id": key, "payment": payment["id"], **said})
    return {"status": "pending", "transfers": transfers} if transfers else {}


def settled(
    refunds: Sequence[Mapping[str, Any]], transfer_id: str, status: str, reason: str | None
) -> list[Json]:
    """The refunds of an order after one transfer has come to this. Raises NotFound."""
    if transfer_id not in {one["id"] for one in _of(refunds)}:
        raise NotFound("There is no such transfer.")
    return [_after(refund, transfer_id, status, reason) for refund in refunds]


def failed(refund: Mapping[str, Any], currency: str) -> str:
    """What of a refund could not go back the way it came."""
    mine = [one for one in _of([refund]) if one["status"] == "failed"]
    return to_text(sum(from_text(one["amount"], currency) for one in mine), currency)


def _after(refund: Mapping[str, Any], key: str, status: str, reason: str | None) -> Json:
    if "transfers" not in refund:
        return {**refund}
    change = {"status": status, "reason": reason}
    transfers = [{**one, **(change if one["id"] == key else {})} for one in refund["transfers"]]
    found = {one["status"] for one in transfers}
    whole = next((name for name in ("failed", "pending") if name in found), "succeeded")
    return {**refund, "status": whole, "transfers": transfers}


def _of(refunds: Sequence[Mapping[str, Any]]) -> list[Json]:
    return [transfer for refund in refunds for transfer in refund.get("transfers", ())]


def _gone(transfers: Sequence[Json], payment: Mapping[str, Any], currency: str) -> int:
    """What of a payment went back, or is about to; what failed is still there."""
    mine = [one for one in transfers if one["payment"] == payment["id"]]
    return sum(from_text(one["amount"], currency) for one in mine if one["status"] != "failed")
