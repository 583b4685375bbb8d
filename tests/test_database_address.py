"""What an address of a database says is what the connection does."""

from dataclasses import replace

import pytest
import sqlalchemy as sa
from flask import Flask

from orderboard.addresses import database_url as checked
from orderboard.config import Settings
from orderboard.database import db, reading, setup


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_options_in_the_address_are_not_lost_among_our_own(settings: Settings) -> None:
    address = settings.database_url + "&options=-c%20work_mem%3D5MB&application_name=till"
    app = Flask(__name__)
    setup(app, replace(settings, database_url=checked(address, settings.home)))
    with app.app_context(), reading() as connection:
        asked = ("work_mem", "application_name", "timezone", "statement_timeout")
        told = [connection.execute(sa.text(f"SHOW {name}")).scalar() for name in asked]
        assert told == ["5MB", "till", "UTC", "30s"]
    with app.app_context():
        db.engine.dispose()
