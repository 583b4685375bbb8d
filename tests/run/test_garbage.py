"""What a worker has loaded is not looked through for garbage again and again."""

import os
import subprocess
import sys
from pathlib import Path

import httpx

from tests.servers import ROOT, Valkey, free_port, wait_until

APP = """
import gc
from orderboard import create_app
from orderboard.web.access import allow

app = create_app()

@app.get("/frozen")
@allow("public")
def frozen():
    return {"frozen": gc.get_freeze_count(), "young": len(gc.get_objects())}
"""


def test_what_is_loaded_at_start_is_out_of_the_collectors_sight(
    folder: Path, shared_valkey: Valkey
) -> None:
    (folder / "frozen_app.py").write_text(APP)
    port = free_port()
    env = os.environ | {
        "ORDERBOARD_HOME": str(folder / "home"),
        "REDIS_URL": shared_valkey.url,
        "PORT": str(port),
        "PYTHONPATH": f"{ROOT}{os.pathsep}{folder}",
        "WEB_CONCURRENCY": "1",
    }
    command = [sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py", "frozen_app:app"]
    server = subprocess.Popen(command, cwd=ROOT, env=env, stderr=subprocess.DEVNULL)
    try:
        wait_until(lambda: _answers(port), 30, "an answer")
        found = httpx.get(f"http://127.0.0.1:{port}/frozen").json()
    finally:
        server.terminate()
        server.wait(20)
    assert found["frozen"] > 50_000
    assert found["young"] < found["frozen"] / 5


def _answers(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/healthz").is_success
    except httpx.TransportError:
        return False
