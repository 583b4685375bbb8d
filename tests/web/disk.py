"""A process whose disk takes nothing more for a while: ``python -m tests.web.disk``.

The bound on the size of its files is real, and only its own. It says what happened as JSON.
"""

import json
import os
import resource
import sqlite3
import sys
import time
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from orderboard import create_app
from orderboard.database import db
from tests.web.support import Json, as_staff, place

_SIZE = resource.RLIMIT_FSIZE


def main() -> None:
    app = create_app()
    with app.app_context():
        sa.event.listen(db.engine, "connect", _let_the_log_grow)
    staff = as_staff(app)
    order = place(staff)
    path = f"/api/orders/{order['id']}"
    said: Json = {"before": summary(staff.get("/readyz"))}
    soft, hard = resource.getrlimit(_SIZE)
    # What is written first goes into this file, of which an order takes several pages.
    ahead = Path(os.environ["ORDERBOARD_HOME"]) / "orderboard.db-wal"
    resource.setrlimit(_SIZE, (ahead.stat().st_size + 4096, hard))
    try:
        said["orders"] = [summary(placed(staff)) for _ in range(30)]
        said["move"] = summary(staff.put(f"{path}/status", json={"status": "processing"}))
        said["ready"] = summary(staff.get("/readyz"))
        said["read"] = [staff.get(read).status_code for read in ("/admin", "/api/orders", path)]
    finally:
        resource.setrlimit(_SIZE, (soft, hard))
    time.sleep(1.1)
    said["ready_again"] = summary(staff.get("/readyz"))
    said["order_again"] = placed(staff).status_code
    json.dump(said, sys.stdout)
    sys.stdout.flush()
    os._exit(0)  # its streams' threads need not be waited for


def _let_the_log_grow(connection: sqlite3.Connection, _record: object) -> None:
    # Else SQLite's own log begins anew at times, and has room once more for something small.
    connection.execute("PRAGMA wal_autocheckpoint = 0")


def placed(client: FlaskClient) -> TestResponse:
    """The answer to an order of some kilobytes."""
    items = [{"name": "Chai " * 20, "quantity": 1}] * 40
    return client.post("/api/orders", json={"customer": "Ada", "items": items})


def summary(answer: TestResponse) -> dict[str, Any]:
    """What matters of an answer."""
    return {
        "status": answer.status_code,
        "type": answer.mimetype,
        "retry": answer.headers.get("Retry-After"),
        "body": answer.get_json() if answer.status_code != 201 else None,
    }


if __name__ == "__main__":
    main()
