"""The pages that people open in a browser."""

from flask import Flask

from orderboard.web.pages import (
    board,
    customers,
    driver,
    live,
    looks,
    order,
    products,
    settings,
    staff,
    track,
)


def setup(app: Flask) -> None:
    """Add the pages to the app."""
    looks.setup(app)
    for part in (order, track, staff, board, products, customers, settings, live, driver, looks):
        app.register_blueprint(part.pages)
