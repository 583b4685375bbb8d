"""Whether it is alive, whether it can work, and its figures for Prometheus."""

from flask import Blueprint, Flask, Response, current_app

from orderboard.web.access import allow
from orderboard.web.answers import answer, parts
from orderboard.web.metrics import exposition
from orderboard.web.readiness import Readiness

health = Blueprint("health", __name__)


def setup(app: Flask) -> None:
    """Have the app tell of its health."""
    app.extensions["orderboard.readiness"] = Readiness()
    app.register_blueprint(health)


@health.get("/healthz")
@allow("public")
def alive() -> Response:
    """Answers while the process does."""
    return answer({"status": "ok"})


@health.get("/readyz")
@allow("public")
def ready() -> Response:
    """Whether the database can be read and written, and Redis reached. Without Redis it works,
    only slower."""
    database = current_app.extensions["orderboard.readiness"].state()
    redis = "ok" if parts().stream.redis_reachable() else "away"
    status = "away" if database != "ok" else "ok" if redis == "ok" else "degraded"
    code = 503 if status == "away" else 200
    return answer({"status": status, "database": database, "redis": redis}, code)


@health.get("/metrics")
@allow("public")
def metrics() -> Response:
    """The figures of this worker process in Prometheus' text format."""
    return Response(exposition(), mimetype="text/plain; version=0.0.4")
