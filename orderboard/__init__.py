"""orderboard: a live order board. ``create_app`` is the only place that wires the parts."""

# ruff: noqa: E402
import gc

# Before anything else is imported: nearly all that is made meanwhile stays, and looking for garbage
# after each 700 new objects is a tenth of what a process needs to start. Nor does an order make
# objects that refer in a circle: looking for those was a tenth of the CPU of a batch.
gc.set_threshold(20_000, 20, 100)

import os
from collections.abc import Sequence
from functools import partial

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from orderboard import database, logs
from orderboard.analytics import keeping as analytics
from orderboard.audiences import KINDS
from orderboard.config import Settings
from orderboard.customers.keeping import CUSTOMERS
from orderboard.edge import Edge
from orderboard.events import log
from orderboard.events.event import Event
from orderboard.figures import keeping
from orderboard.online.chosen import provider_of
from orderboard.online.returning import CONSUMER as REFUNDS
from orderboard.orders import duplicates, indexing, marked
from orderboard.paths import STATIC, TEMPLATES
from orderboard.printing import jobs as print_jobs
from orderboard.settings import known as shop_settings
from orderboard.stream import Stream, Summed
from orderboard.web import (
    access,
    api,
    body,
    cookies,
    health,
    metrics,
    opening,
    pages,
    problems,
    security,
)
from orderboard.web.answers import IdConverter, NumberConverter, Parts, SkuConverter
from orderboard.web.limits import Limiter
from orderboard.web.overview import overview_now


def create_app(settings: Settings | None = None) -> Flask:
    """Make the app. Raises ConfigurationError when the environment has a wrong setting."""
    settings = settings or Settings.from_environment(os.environ)
    logs.setup()
    app = Flask(__name__, template_folder=str(TEMPLATES), static_folder=str(STATIC))
    app.config["MAX_CONTENT_LENGTH"] = body.LARGEST_MANY
    app.url_map.converters |= {"id": IdConverter, "number": NumberConverter, "sku": SkuConverter}
    database.setup(app, settings)
    known = shop_settings.setup(app, settings)
    recent = duplicates.setup(app)

    def heard(events: Sequence[Event]) -> None:
        known.heard(events)
        recent.heard(events)

    stream = Stream(
        settings,
        app_context=app.app_context,
        head=log.head,
        since=log.since,
        topic=KINDS.topic,
        audiences_of=KINDS.audiences_of,
        view=partial(KINDS.view, base_url=settings.base_url),
        to_wire=Event.to_wire,
        from_wire=Event.from_wire,
        summaries=[Summed("figures", who, overview_now) for who in ("board", "reader")],
        heard=heard,
        missed=known.forget,
    )
    log.announce_to(app, stream.announce)
    log.keep_in_step(app, keeping.keeper(settings.timezone))
    log.keep_in_step(app, indexing.keep)
    log.keep_in_step(app, marked.keep)
    app.extensions["orderboard"] = Parts(
        settings,
        stream,
        Limiter(settings),
        Edge(settings, body.LARGEST_MANY),
        (CUSTOMERS, REFUNDS, analytics.consumer(settings.timezone), print_jobs.consumer(settings)),
        provider_of(settings),
    )
    for part in (cookies, metrics, security, access, body, problems, api, pages, health, opening):
        part.setup(app)
    access.check_complete(app)
    app.wsgi_app = stream.wsgi(app.wsgi_app)  # type: ignore[assignment, method-assign]
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    return app
