"""The HTTP API. One file a noun; each view says who may ask and what goes in and out."""

from flask import Blueprint, Flask

from orderboard.web.api import (
    accepting,
    analytics,
    assigning,
    bulk,
    catalogue,
    consumers,
    customers,
    discounts,
    document,
    drivers,
    duplicates,
    events,
    exporting,
    keys,
    notes,
    online,
    orders,
    overview,
    payments,
    placing,
    presence,
    previewing,
    printing,
    product_pictures,
    product_tables,
    products,
    quoting,
    returns,
    settings,
    staff,
    stream_figures,
    tracking,
    undoing,
    views,
)

BLUEPRINTS: tuple[Blueprint, ...] = (
    placing.api,
    orders.api,
    accepting.api,
    undoing.api,
    assigning.api,
    bulk.api,
    exporting.api,
    views.api,
    notes.api,
    payments.api,
    online.api,
    returns.api,
    printing.api,
    events.api,
    tracking.api,
    drivers.api,
    duplicates.api,
    products.api,
    product_tables.api,
    product_pictures.api,
    customers.api,
    catalogue.api,
    quoting.api,
    discounts.api,
    settings.api,
    keys.api,
    staff.api,
    overview.api,
    presence.api,
    analytics.api,
    stream_figures.api,
    consumers.api,
    document.api,
)


def setup(app: Flask) -> None:
    """Add the API to the app."""
    previewing.setup(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint, url_prefix="/api")
