"""Who asks through a proxy: curl, which speaks HTTP/1.1 and HTTP/2."""

import json
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.proxies.programs import SITE, Proxy
from tests.servers import wait_until

Json = dict[str, Any]
VERSIONS = {"HTTP/1.1": ("http", "--http1.1"), "HTTP/2": ("https", "--http2")}
"""How each version is asked for: HTTP/2 needs TLS, by which the two agree on it."""
STREAM = ("-H", "Accept: text/event-stream")


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    type: str
    text: str


def ask(proxy: Proxy, path: str, *options: str, version: str = "HTTP/1.1") -> Answer:
    """One request through a proxy."""
    scheme, spoken = VERSIONS[version]
    end = "\n%{http_code} %{http_version} %{content_type}"
    command = [*_curl(proxy), spoken, "-m", "20", "-w", end, *options]
    done = subprocess.run(
        [*command, proxy.address(scheme) + path], capture_output=True, text=True, check=True
    )
    text, _, last = done.stdout.rpartition("\n")
    status, spoke, type_ = last.split(" ", 2)
    assert spoke[0] == version.removeprefix("HTTP/")[0], f"{proxy.name} spoke HTTP/{spoke}"
    return Answer(int(status), type_, text)


@dataclass
class Stream:
    """A stream that curl reads, and when the first event of each order came, by the order's id."""

    process: "subprocess.Popen[str]"
    came: dict[str, float] = field(default_factory=dict)
    beats: int = 0
    head: str = ""
    began: float = field(default_factory=time.monotonic)

    def read(self) -> None:
        """Take in line by line until it ends."""
        assert self.process.stdout
        for line in self.process.stdout:
            name, _, value = line.strip().partition(": ")
            if name.startswith("HTTP/"):
                self.head = name
            elif name == "data":
                data = json.loads(value)
                if "order" in data:
                    self.came.setdefault(data["order"]["id"], time.monotonic())
                else:
                    self.beats += 1

    @property
    def is_open(self) -> bool:
        """Whether it has not ended yet."""
        return self.process.poll() is None


@contextmanager
def stream(
    proxy: Proxy, path: str, headers: dict[str, str], version: str = "HTTP/1.1"
) -> Iterator[Stream]:
    """A stream through a proxy until the block ends; it has begun when the block begins."""
    scheme, spoken = VERSIONS[version]
    command = [*_curl(proxy), spoken, "-N", "-D", "-", *STREAM]
    for name, value in headers.items():
        command += ["-H", f"{name}: {value}"]
    process = subprocess.Popen(
        [*command, proxy.address(scheme) + path], stdout=subprocess.PIPE, text=True
    )
    reading = Stream(process)
    thread = threading.Thread(target=reading.read, daemon=True)
    thread.start()
    try:
        wait_until(lambda: reading.beats, what="the first frame")
        assert reading.head.startswith(version), f"{proxy.name} spoke {reading.head}"
        yield reading
    finally:
        process.kill()
        process.wait()
        thread.join(5)
        assert process.stdout
        process.stdout.close()


def _curl(proxy: Proxy) -> list[str]:
    near = [f"{SITE}:{port}:127.0.0.1" for port in (proxy.plain, proxy.secure)]
    return ["curl", "-sk", "--noproxy", "*", "--resolve", near[0], "--resolve", near[1]]
