"""Tries to sign in to an account, of which each kind has an allowance of its own.

Whoever tries passwords is slowed down more and more, from one address and from all together. A
browser in which the account's owner has signed in before is not counted among these: however many
try from elsewhere, the owner gets in. So does whoever has a one-time link. That nobody has an
account changes nothing in all this.
"""

from dataclasses import dataclass

from orderboard.people.staff import account_of
from orderboard.web import limits
from orderboard.web.answers import parts
from orderboard.web.limits import Allowance
from orderboard.web.pages import device

_MINUTE, _HOUR, _DAY = 60, 3600, 86_400
_KNOWN = Allowance(tries=10, shortest=5, longest=5 * _MINUTE, memory=_HOUR)
_ONE_ADDRESS = Allowance(tries=5, shortest=5, longest=_HOUR, memory=_DAY)
_ALL_ADDRESSES = Allowance(tries=20, shortest=5, longest=5 * _MINUTE, memory=_HOUR)
"""More than one address alone can use up in its time."""


@dataclass(frozen=True, slots=True)
class Try:
    """One try, counted. ``known``: of somebody who has signed in before."""

    name: str
    known: bool

    def succeeded(self) -> None:
        """Forget those of this browser or address; those of others stay counted."""
        limits.limiter().forget(self.name)


def to_sign_in(email: str) -> Try:
    """A try to sign in. Raises TooMany where it comes too early."""
    account = account_of(email)
    browser = device.known(account)
    if browser:
        limits.limiter().take(_KNOWN, f"{account}/{browser}")
        return Try(f"{account}/{browser}", known=True)
    limits.hit("sign-in", parts().settings.sign_in_limit)
    here = f"{account}/{limits.asker()}"
    limits.limiter().take(_ONE_ADDRESS, here)
    limits.limiter().take(_ALL_ADDRESSES, account)
    return Try(here, known=False)


def to_change_password(session_id: int) -> Try:
    """A try of who is signed in to say their own password. Raises TooMany."""
    limits.limiter().take(_KNOWN, f"session/{session_id}")
    return Try(f"session/{session_id}", known=True)
