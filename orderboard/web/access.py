"""Who is asking, and whether they may. Everything is denied unless a view allows it.

A view names the roles that may ask for it with ``@allow``; an app with a view that names none
does not start. Roles: ``public`` (anybody), ``public_intake`` (anybody while that is on),
``intake``, ``read`` and ``admin`` (a key's scopes), ``owner``, ``operator`` and ``viewer``
(signed in; each has those behind it too), ``driver``.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from flask import Flask, current_app, g, redirect, request, url_for
from werkzeug.exceptions import Forbidden, Unauthorized
from werkzeug.wrappers import Response

from orderboard import settings
from orderboard.events.event import Actor
from orderboard.orders.model import STRANGERS
from orderboard.people import keys, roles, sessions
from orderboard.people.staff import Member

View = TypeVar("View", bound=Callable[..., Any])
STAFF = frozenset(roles.ROLES)
ROLES = frozenset({"public", "public_intake", "intake", "read", "admin", "driver"}) | STAFF
COOKIE = "orderboard_session"


@dataclass(frozen=True, slots=True)
class Identity:
    """Who is asking. ``source`` is what orders they place are marked with."""

    actor: Actor
    source: str
    roles: frozenset[str]
    session_id: int | None = None
    key_id: int | None = None
    member: Member | None = None
    driver: dict[str, Any] | None = field(default=None)

    @property
    def anonymous(self) -> bool:
        """Whether nothing is known of who is asking."""
        return self.roles <= {"public", "public_intake"}

    @property
    def caller(self) -> str:
        """A name for who is asking, of 120 characters at most; one for all who are unknown."""
        return f"staff:{self.member.id}" if self.member else self.source

    @property
    def sees_all(self) -> bool:
        """Whether this is staff, or a key that may do all that staff may; not a viewer, who
        could act as the customer by an order's link.
        """
        return not self.roles.isdisjoint({"admin", "operator"})

    @property
    def audience(self) -> str:
        """What this identity hears of the log."""
        if self.driver:
            return f"driver:{self.driver['id']}"
        return "board" if self.sees_all else "reader"


def allow(*names: str) -> Callable[[View], View]:
    """Let these roles ask for a view."""
    wanted = frozenset(names)
    if not wanted or not wanted <= ROLES:
        raise ValueError(f"unknown roles: {names}")

    def mark(view: View) -> View:
        view.allowed = wanted  # type: ignore[attr-defined]
        return view

    return mark


def allowed_roles(app: Flask, endpoint: str) -> frozenset[str]:
    """The roles that may ask for an endpoint; none if it names none."""
    if endpoint == "static":
        return frozenset({"public"})
    return getattr(app.view_functions[endpoint], "allowed", frozenset())


def setup(app: Flask) -> None:
    """Guard every view of the app."""
    app.before_request(_guard)


def check_complete(app: Flask) -> None:
    """Refuse to start an app in which a view does not say who may ask for it."""
    for rule in app.url_map.iter_rules():
        if not allowed_roles(app, rule.endpoint):
            raise RuntimeError(f"{rule.rule} does not say who may ask for it; use @allow")


def identity() -> Identity:
    """Who is asking; worked out once a request. Raises Unauthorized for a key that is not good."""
    if "identity" not in g:
        g.identity = identify(request.headers.get("Authorization"), request.cookies.get(COOKIE))
    found: Identity = g.identity
    return found


def _guard() -> Response | None:
    if request.endpoint is None or request.method == "OPTIONS":
        return None  # what a route takes is no secret: it stands in the API's document
    wanted = allowed_roles(current_app, request.endpoint)
    if "Authorization" not in request.headers and "public" in wanted:
        return None
    who = identity()
    if who.roles & wanted:
        return None
    if who.member:
        raise Forbidden(_not_for(who.member, wanted))
    if wanted & STAFF and not request.path.startswith("/api/"):
        return redirect(url_for("staff.sign_in_page", next=request.full_path.rstrip("?")))
    if who.anonymous:
        raise Unauthorized("Sign in, or send a key: Authorization: Bearer ob_…")
    raise Forbidden("Your key or session is not good for this.")


def _not_for(member: Member, wanted: frozenset[str]) -> str:
    """What to tell one of the staff whose role does not reach."""
    reaching = [role for role in roles.ROLES if role in wanted]
    if not reaching:
        return "This is not for the staff."
    return (
        f"Your role is {member.role}: whoever has it {roles.MEANS[member.role]}."
        f" This needs the role {reaching[-1]}, which an owner can give you."
    )


def identify(key: str | None, token: str | None) -> Identity:
    """Whose a request is that has this Authorization and this session's cookie, if it has them.

    Raises Unauthorized for a key that is not good.
    """
    if key:
        return _by_key(key)
    everybody = {"public", "public_intake"} if settings.current().public_intake else {"public"}
    if token:
        session = sessions.find(token)
        if isinstance(session, sessions.StaffSession):
            return _of_staff(session)
        if session:
            actor = Actor("driver", session.driver["name"])
            source = f"driver:{session.driver['id']}"
            held = frozenset({*everybody, "driver"})
            return Identity(actor, source, held, session.id, driver=session.driver)
    return Identity(Actor("customer"), STRANGERS, frozenset(everybody))


def _of_staff(session: sessions.StaffSession) -> Identity:
    member = session.member
    held = roles.reach(member.role) | {"public"}
    if "operator" in held:
        held |= {"public_intake", "intake"}
    return Identity(Actor("staff", member.name), "staff", held, session.id, member=member)


def remembered(header: str) -> Identity | None:
    """Whose an Authorization is, if that is known without asking the database."""
    holder = keys.remembered(_key_in(header))
    return _of_key(holder) if holder else None


def _by_key(header: str) -> Identity:
    holder = keys.find(_key_in(header))
    if holder is None:
        raise Unauthorized("This key is not in force.")
    return _of_key(holder)


def _key_in(header: str) -> str:
    """The key of an Authorization; empty, which is nobody's, if it has none."""
    scheme, _, key = header.partition(" ")
    return key.strip() if scheme.lower() == "bearer" else ""


def _of_key(holder: keys.KeyHolder) -> Identity:
    held = {"public", *holder.scopes}
    if "admin" in holder.scopes:
        held |= {"intake", "read"}
    source = f"key:{holder.name}"
    return Identity(Actor("script", holder.name), source, frozenset(held), key_id=holder.id)


def signed_in() -> tuple[Member, int]:
    """The member of staff who is asking, and their session. Raises Unauthorized for a key."""
    who = identity()
    if who.member is None or who.session_id is None:
        raise Unauthorized("Sign in.")
    return who.member, who.session_id


@dataclass(frozen=True, slots=True)
class StillStands:
    """Asked again and again while a stream is open: may who opened it still hear?"""

    session_id: int | None
    key_id: int | None
    among: frozenset[str] = frozenset()
    """The roles of a member whose stream it is in which they hear what they do."""

    def __call__(self) -> bool:
        """Whether the session or the key is in force, and means what it meant."""
        if self.session_id is not None:
            return sessions.in_force(self.session_id, self.among)
        return self.key_id is None or keys.in_force(self.key_id)


def still_stands(who: Identity) -> StillStands:
    """The question for an identity."""
    alike = (role for role in roles.ROLES if ("operator" in roles.reach(role)) == who.sees_all)
    return StillStands(who.session_id, who.key_id, frozenset(alike if who.member else ()))
