"""The printers' part of the courier, and a script that may do all."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.printing.support import Courier
from tests.web import support


@pytest.fixture
def admin(app: Flask) -> FlaskClient:
    """A script whose key may do all that staff may."""
    return support.with_key(app, "admin", name="office")


@pytest.fixture
def courier(app: Flask) -> Courier:
    """What the courier does for printers."""
    return Courier(app)
