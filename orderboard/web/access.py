"""Who is asking, and whether they may. Everything is denied unless a view allows it.

A view names the roles that may ask for it with ``@allow``; an app with a view that names none
does not start. Roles: ``public`` (anybody), ``public_intake`` (anybody while that is on),
``intake``, ``read`` and ``admin`` (a key's scopes), ``staff`` (signed in), ``driver``.
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
from orderboard.people import keys, sessions
from orderboard.people.staff import Member

View = TypeVar("View", bound=Callable[..., Any])
ROLES = frozenset({"public", "public_intake", "intake", "read", "admin", "staff", "driver"})
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
        """Whether this is staff, or a key that may do all that staff may."""
        return "admin" in self.roles

    @property
    def audience(self) -> str:
        """What this identity hears of the log."""
        if self.driver:
            return f"driver:{self.driver['id']}"
        return "board" if self.sees_all else "reader"


def allow(*roles: str) -> Callable[[View], View]:
    """Let these roles ask for a view."""
    if not roles or not set(roles) <= ROLES:
        raise ValueError(f"unknown roles: {roles}")

    def mark(view: View) -> View:
        view.allowed = frozenset(roles)  # type: ignore[attr-defined]
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
        g.identity = _identify()
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
    if wanted & {"staff"} and not request.path.startswith("/api/"):
        return redirect(url_for("staff.sign_in_page", next=request.full_path.rstrip("?")))
    if who.anonymous:
        raise Unauthorized("Sign in, or send a key: Authorization: Bearer ob_…")
    raise Forbidden("Your key or session is not good for this.")


def _identify() -> Identity:
    everybody = {"public", "public_intake"} if settings.current().public_intake else {"public"}
    if header := request.headers.get("Authorization"):
        return _by_key(header)
    if token := request.cookies.get(COOKIE):
        session = sessions.find(token)
        if isinstance(session, sessions.StaffSession):
            name = session.member.name
            roles = frozenset(ROLES - {"driver"})
            actor = Actor("staff", name)
            return Identity(actor, "staff", roles, session.id, member=session.member)
        if session:
            actor = Actor("driver", session.driver["name"])
            roles = frozenset({*everybody, "driver"})
            source = f"driver:{session.driver['id']}"
            return Identity(actor, source, roles, session.id, driver=session.driver)
    return Identity(Actor("customer"), STRANGERS, frozenset(everybody))


def _by_key(header: str) -> Identity:
    scheme, _, key = header.partition(" ")
    holder = keys.find(key.strip()) if scheme.lower() == "bearer" else None
    if holder is None:
        raise Unauthorized("This key is not in force.")
    roles = {"public", *holder.scopes}
    if "admin" in holder.scopes:
        roles |= {"intake", "read"}
    source = f"key:{holder.name}"
    return Identity(Actor("script", holder.name), source, frozenset(roles), key_id=holder.id)


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

    def __call__(self) -> bool:
        """Whether the session or the key is in force."""
        if self.session_id is not None:
            return sessions.in_force(self.session_id)
        return self.key_id is None or keys.in_force(self.key_id)


def still_stands(who: Identity) -> StillStands:
    """The question for an identity."""
    return StillStands(who.session_id, who.key_id)
