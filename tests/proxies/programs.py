"""The proxies of Debian, each with the lines that docs/run-in-production.md has for it.

What differs from the docs is the address of the site, where the server and the certificate are, and
what a machine's own settings bring: folders, the log, timeouts.
"""

import grp
import os
import pwd
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from orderboard.children import Child
from tests.servers import ROOT, free_port, wait_until

SITE = "shop.test"
_DOCS = ROOT / "docs" / "run-in-production.md"
_PATH = f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin"
_DAYS = "2"

_NGINX = """
user {user};
daemon off;
pid {folder}/pid;
error_log stderr;
worker_processes 1;
events {{ }}
http {{
access_log off;
client_body_temp_path {folder}/body;
proxy_temp_path {folder}/proxy;
fastcgi_temp_path {folder}/fastcgi;
uwsgi_temp_path {folder}/uwsgi;
scgi_temp_path {folder}/scgi;
{snippet}
}}
"""
_HAPROXY = """
defaults
    mode http
    timeout connect 5000
    timeout client 50000
    timeout server 50000
    errorfile 502 /etc/haproxy/errors/502.http
    errorfile 503 /etc/haproxy/errors/503.http
    errorfile 504 /etc/haproxy/errors/504.http
{snippet}
"""
_CADDY = """
{{
    admin off
    local_certs
    skip_install_trust
}}
{snippet}
"""


@dataclass(frozen=True, slots=True)
class Setup:
    """What a program is started with, and what of its lines stands for this machine's places."""

    settings: str
    command: tuple[str, ...]
    places: tuple[tuple[str, str], ...]


PROGRAMS = {
    "nginx": Setup(
        _NGINX,
        ("nginx", "-e", "stderr", "-p", "{folder}", "-c", "{file}"),
        (
            ("listen 80;", "listen 127.0.0.1:{plain};"),
            ("listen 443 ", "listen 127.0.0.1:{secure} "),
            ("shop.example", SITE),
            ("/etc/ssl/shop.crt", "{folder}/shop.crt"),
            ("/etc/ssl/shop.key", "{folder}/shop.key"),
        ),
    ),
    "haproxy": Setup(
        _HAPROXY,
        ("haproxy", "-db", "-f", "{file}"),
        (
            ("bind :80\n", "bind 127.0.0.1:{plain}\n"),
            ("bind :443 ", "bind 127.0.0.1:{secure} "),
            ("/etc/ssl/shop.pem", "{folder}/shop.pem"),
        ),
    ),
    "caddy": Setup(
        _CADDY,
        ("caddy", "run", "--adapter", "caddyfile", "--config", "{file}"),
        (("shop.example", f"http://{SITE}:{{plain}}, https://{SITE}:{{secure}}"),),
    ),
}


@dataclass(frozen=True, slots=True)
class Proxy:
    """One that runs. Its ports on 127.0.0.1: ``plain`` for http, ``secure`` for https."""

    name: str
    plain: int
    secure: int

    def address(self, scheme: str = "http") -> str:
        """Where browsers find the site, without a slash at the end."""
        return f"{scheme}://{SITE}:{self.plain if scheme == 'http' else self.secure}"


@contextmanager
def proxy(name: str, folder: Path, server_port: int) -> Iterator[Proxy]:
    """A proxy in front of the server until the block ends. Fails where the program is missing."""
    running = Proxy(name, free_port(), free_port())
    folder.mkdir()
    setup, places = PROGRAMS[name], {"plain": running.plain, "secure": running.secure}
    lines = snippet(name)
    for documented, here in (*setup.places, ("127.0.0.1:8000", f"127.0.0.1:{server_port}")):
        assert documented in lines, f"{documented} is not in what the docs have for {name}"
        lines = lines.replace(documented, here.format(folder=folder, **places))
    _make_certificate(folder)
    file = folder / "settings"
    file.write_text(setup.settings.format(folder=folder, snippet=lines, user=_user()))
    child = _start([part.format(folder=folder, file=file) for part in setup.command], folder)
    try:
        wait_until(lambda: _answers(running) or not child.alive(), 20, f"{name} at its port")
        assert child.alive(), (folder / "log").read_text()
        yield running
    finally:
        child.end()


def snippet(name: str) -> str:
    """What the docs have for one of the programs."""
    found = re.findall(rf"^```{name}\n(.*?)^```$", _DOCS.read_text(), re.DOTALL | re.MULTILINE)
    assert len(found) == 1, f"the docs have {len(found)} pieces for {name}"
    return str(found[0])


def _start(command: list[str], folder: Path) -> Child:
    program = shutil.which(command[0], path=_PATH)
    assert program, f"The tests need {command[0]}: on Debian apt install nginx-light haproxy caddy."
    homes = {name: str(folder) for name in ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME")}
    return Child([program, *command[1:]], os.environ | homes, folder / "log")


def _user() -> str:
    """Who runs the tests, and their group: whoever else nginx became could not use the folder."""
    return f"{pwd.getpwuid(os.geteuid()).pw_name} {grp.getgrgid(os.getegid()).gr_name}"


def _make_certificate(folder: Path) -> None:
    key, certificate = folder / "shop.key", folder / "shop.crt"
    name = ["-subj", f"/CN={SITE}", "-addext", f"subjectAltName=DNS:{SITE}"]
    kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", _DAYS]
    files = ["-keyout", str(key), "-out", str(certificate)]
    made = subprocess.run(
        ["openssl", "req", "-x509", *kind, *name, *files],
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    assert made.returncode == 0, made.stderr
    (folder / "shop.pem").write_text(certificate.read_text() + key.read_text())


def _answers(running: Proxy) -> bool:
    try:
        httpx.get(f"http://127.0.0.1:{running.plain}/healthz", headers={"Host": SITE})
    except httpx.TransportError:
        return False
    return True
