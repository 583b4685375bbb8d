"""An event stream that misbehaves on command, to try the page's feed against."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

STATIC = Path(__file__).parents[2] / "static"
HEARTBEAT = 0.3
SIGNALS = {"typing"}
PAGE = b"""<!doctype html><title>feed</title><script type="module" src="/page.js"></script>"""
PAGE_SCRIPT = b"""
import { Feed } from "/static/js/feed.js";
import { readJson } from "/static/js/feed/ask.js";

const asked = new URLSearchParams(location.search);
const after = asked.get("after");
const pace = Number(asked.get("pace") ?? 0.2);
const stream = `/api/stream?who=${asked.get("who")}`;
const known = ["created", "updated", "cancelled"].map((what) => `order.${what}`);
const types = [...known, ...asked.getAll("type")];
const feed = new Feed({ stream, poll: "/api/events", after, types, pace });
const seen = { messages: [], states: [], resets: [], signals: [], rights: [] };
feed.addEventListener("message", ({ detail }) => seen.messages.push(detail));
feed.addEventListener("signal", ({ detail }) => seen.signals.push(detail));
feed.addEventListener("rights", () => seen.rights.push(feed.position));
feed.addEventListener("state", ({ detail }) => {
  if (seen.states.at(-1) !== detail.state) seen.states.push(detail.state);
});
feed.addEventListener("reset", async ({ detail }) => {
  seen.resets.push(detail);
  feed.resume((await readJson("/api/orders")).position);
});
Object.assign(window, { feed, seen });
feed.start();
"""


class Script:
    """What the server does, changed by a test while it runs."""

    def __init__(self) -> None:
        self.changed = threading.Condition()
        self.epoch = "aa11"
        self.log: list[tuple[int, str, str]] = []
        self.stream = "well"
        """`well`, `silent` (open, nothing comes), `held` (no head either), `cut` or a status."""
        self.polling = "well"
        """`well`, `broken` (cut without an answer) or a status."""
        self.last_word = ""
        """Why streams end, if they say so."""
        self.generation = 0
        self.connects: list[str] = []
        self.polls = 0
        self.listening = 0

    def head(self) -> str:
        return f"{self.epoch}-{len(self.log)}"

    def happens(self, count: int = 1, type: str = "order.updated", audience: str = "us") -> None:
        with self.changed:
            for _ in range(count):
                self.log.append((len(self.log) + 1, type, audience))
            self.changed.notify_all()

    def becomes(self, stream: str | None = None, polling: str | None = None) -> None:
        """Change the manners; streams that are open end, unless they are to fall silent."""
        with self.changed:
            self.stream = stream or self.stream
            self.polling = polling or self.polling
            if self.stream != "silent":
                self.generation += 1
            self.changed.notify_all()

    def begins_anew(self) -> None:
        """The database was restored: another epoch, an empty log."""
        with self.changed:
            self.epoch, self.log = "bb22", []
        self.becomes()

    def event(self, number: int, type: str) -> dict[str, object]:
        order = {"id": "ord_1", "version": number}
        return {
            "position": number,
            "type": type,
            "at": "2026-11-21T07:10:46.123456Z",
            "actor": {"kind": "staff", "name": "Ada"},
            "changes": ["note"],
            "order": order,
        }

    def after(self, position: str) -> tuple[int, str | None]:
        """Where to go on from, and why that is not possible."""
        if not position:
            return len(self.log), None
        epoch, _, number = position.rpartition("-")
        if epoch != self.epoch:
            return len(self.log), "epoch"
        return int(number), None


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    script: Script

    def do_GET(self) -> None:
        """Every address the feed and its page ask for."""
        path = urlsplit(self.path).path
        match path:
            case "/":
                self._answer(200, "text/html", PAGE)
            case "/page.js":
                self._answer(200, "text/javascript", PAGE_SCRIPT)
            case "/api/orders":
                self._json(200, {"orders": [], "position": self.script.head()})
            case "/api/events":
                self._poll()
            case "/api/stream":
                self._stream()
            case _ if path.startswith("/static/"):
                self._answer(200, "text/javascript", (STATIC / path[8:]).read_bytes())
            case _:
                self._json(404, {})

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    def _after(self) -> str:
        asked = parse_qs(urlsplit(self.path).query).get("after", [""])[0]
        return self.headers.get("Last-Event-ID") or asked

    def _poll(self) -> None:
        self.script.polls += 1
        match self.script.polling:
            case "broken":
                self.close_connection = True
            case "well":
                self._events()
            case status:
                self._json(int(status), {})

    def _events(self) -> None:
        script = self.script
        start, reason = script.after(self._after())
        events = [
            {"id": f"{script.epoch}-{number}", **script.event(number, type)}
            for number, type, audience in script.log[start : start + 100]
            if audience == "us" and type not in SIGNALS
        ]
        last = min(len(script.log), start + 100)
        reset = {"reason": reason} if reason else None
        self._json(200, {"events": events, "next": f"{script.epoch}-{last}", "reset": reset})

    def _stream(self) -> None:
        script = self.script
        script.connects.append(self._after())
        self.close_connection = True
        if script.stream == "held":
            self._wait_for_change()
        elif script.stream.isdigit():
            self._json(int(script.stream), {})
        else:
            self._open_stream()

    def _open_stream(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        if self.script.stream == "silent":
            self._wait_for_change()
        else:
            self._write("retry: 100\n")
            if self.script.stream == "well":
                self.script.listening += 1
                try:
                    self._follow()
                finally:
                    self.script.listening -= 1

    def _wait_for_change(self) -> None:
        generation = self.script.generation
        with self.script.changed:
            self.script.changed.wait_for(lambda: self.script.generation != generation, 20)

    def _follow(self) -> None:
        script, generation = self.script, self.script.generation
        sent, reason = script.after(self._after())
        if reason:
            self._frame(sent, "reset", {"reason": reason})
        self._frame(sent, "heartbeat", {"position": sent})
        beat = time.monotonic() + HEARTBEAT
        while script.generation == generation and script.stream != "silent":
            with script.changed:
                fresh = script.log[sent:]
                if not fresh:
                    script.changed.wait(max(0.0, beat - time.monotonic()))
            if script.stream != "silent":
                self._frames(fresh)
                sent += len(fresh)
            if time.monotonic() >= beat and script.stream != "silent":
                self._frame(sent, "heartbeat", {"position": sent})
                beat = time.monotonic() + HEARTBEAT
        if script.stream == "silent":
            self._wait_for_change()
        elif script.last_word:
            self._frame(sent, "end", {"reason": script.last_word})

    def _frames(self, fresh: list[tuple[int, str, str]]) -> None:
        for number, type, audience in fresh:
            if type in SIGNALS:
                self._write(f"event: {type}\ndata: {number}\n\n")
            elif audience == "us":
                self._frame(number, type, self.script.event(number, type))

    def _frame(self, number: int, type: str, data: object) -> None:
        id = f"{self.script.epoch}-{number}"
        self._write(f"id: {id}\nevent: {type}\ndata: {json.dumps(data)}\n\n")

    def _write(self, text: str) -> None:
        self.wfile.write(text.encode())
        self.wfile.flush()

    def _json(self, status: int, body: object) -> None:
        self._answer(status, "application/json", json.dumps(body).encode())

    def _answer(self, status: int, type: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that goes away is nothing to report."""


@contextmanager
def serving(script: Script) -> Iterator[str]:
    """The script played on a port of its own; its address."""
    handler = type("ScriptedHandler", (Handler,), {"script": script})
    server = Server(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        script.becomes(stream="cut")
        server.shutdown()
        server.server_close()
