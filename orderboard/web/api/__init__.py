"""The HTTP API. One file a noun; each view says who may ask and what goes in and out."""

from flask import Blueprint, Flask

from orderboard.web.api import document, drivers, events, orders, overview, placing, tracking

BLUEPRINTS: tuple[Blueprint, ...] = (
    placing.api,
    orders.api,
    events.api,
    tracking.api,
    drivers.api,
    overview.api,
    document.api,
)


def setup(app: Flask) -> None:
    """Add the API to the app."""
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint, url_prefix="/api")
