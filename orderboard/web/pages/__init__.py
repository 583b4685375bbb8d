"""The pages that people open in a browser."""

from flask import Flask

from orderboard.web.pages import (
    board,
    customers,
    desk,
    driver,
    live,
    looks,
    order,
    overview,
    printing,
    products,
    settings,
    staff,
    team,
    track,
)


def setup(app: Flask) -> None:
    """Add the pages to the app."""
    looks.setup(app)
    for_staff = (
        *(staff, board, desk, printing, products, customers),
        *(overview, settings, team, live),
    )
    for part in (order, track, *for_staff, driver, looks):
        app.register_blueprint(part.pages)
