"""Whether it is alive, whether it can work, and its figures for Prometheus."""

import sqlalchemy as sa
from flask import Blueprint, Response

from orderboard.errors import OrderboardError
from orderboard.events import log
from orderboard.web.access import allow
from orderboard.web.answers import answer, parts
from orderboard.web.metrics import exposition

health = Blueprint("health", __name__)


@health.get("/healthz")
@allow("public")
def alive() -> Response:
    """Answers while the process does."""
    return answer({"status": "ok"})


@health.get("/readyz")
@allow("public")
def ready() -> Response:
    """Whether the database and Redis can be reached. Without Redis it works, only slower."""
    try:
        log.head()
        database = "ok"
    except (sa.exc.SQLAlchemyError, OrderboardError):
        database = "away"
    redis = "ok" if parts().stream.redis_reachable() else "away"
    status = "away" if database != "ok" else "ok" if redis == "ok" else "degraded"
    code = 503 if status == "away" else 200
    return answer({"status": status, "database": database, "redis": redis}, code)


@health.get("/metrics")
@allow("public")
def metrics() -> Response:
    """The figures of this worker process in Prometheus' text format."""
    return Response(exposition(), mimetype="text/plain; version=0.0.4")
