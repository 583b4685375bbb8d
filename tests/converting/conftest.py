"""A shop that converted orders are placed in."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.web.support import with_key


@pytest.fixture
def admin(app: Flask) -> FlaskClient:
    """A script that may do everything."""
    return with_key(app, "admin")
