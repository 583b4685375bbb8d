"""The clients that are tried, and what is to be said of each. The docs have this as a table."""

from dataclasses import dataclass

from tests.interop import environments

ITSELF, LOOP = "yes", "loop"
STRAIGHT, NGINX = "straight", "through nginx"
HEAD = """\
| client | comes back by itself | settings |
| --- | --- | --- |"""


@dataclass(frozen=True, slots=True)
class Client:
    """``program``: what runs it, in ``programs/``; a browser needs none. ``comes_back``: whether it
    reconnects with its last id by itself, or a loop around it has to. ``how``: for the docs.

    ``breaks``: the kinds of the oracle's flaws that its own design lets happen, see ``how``;
    ``ways``: by which it can be used at all.
    """

    name: str
    program: str
    comes_back: str
    how: str
    breaks: frozenset[str] = frozenset()
    ways: tuple[str, ...] = (STRAIGHT, NGINX)

    @property
    def title(self) -> str:
        """Its name and version."""
        if self.name in ("Chromium", "curl"):
            return f"`{self.name}`" if self.name == "curl" else self.name
        return f"`{self.name}` {environments.version(self.name)}"


CLIENTS = [
    Client("Chromium", "", ITSELF, "the browsers' `EventSource`; signed in by cookie"),
    Client("eventsource", "eventsource.mjs", ITSELF, "a key goes into `fetch`"),
    Client("eventsource-client", "eventsource-client.mjs", ITSELF, "`headers`"),
    Client("undici", "undici.mjs", ITSELF, "a key by a dispatcher; set its `bodyTimeout`"),
    Client(
        "event-source-polyfill", "event-source-polyfill.mjs", ITSELF, "`heartbeatTimeout: 30000`"
    ),
    Client(
        "reconnecting-eventsource",
        "reconnecting-eventsource.mjs",
        ITSELF,
        "not needed: the `EventSource` inside it comes back by itself",
    ),
    Client(
        "@microsoft/fetch-event-source",
        "microsoft-fetch-event-source.mjs",
        ITSELF,
        "throw in `onclose`, return nothing from `onerror`; `openWhenHidden: true`",
    ),
    Client(
        "@sentool/fetch-event-source",
        "sentool-fetch-event-source.mjs",
        LOOP,
        "better not: an event that the network cuts in two is lost to it",
        frozenset({"lost", "altered", "beat", "snapshot"}),
    ),
    Client("httpx-sse", "httpx_sse_loop.py", LOOP, "`timeout=30`"),
    Client("requests-sse", "requests_sse_loop.py", LOOP, "`timeout=30`, `latest_event_id`"),
    Client(
        "sseclient-py", "sseclient_py_loop.py", LOOP, "`requests.get(…, stream=True, timeout=30)`"
    ),
    Client(
        "launchdarkly-eventsource",
        "launchdarkly_eventsource_itself.py",
        ITSELF,
        "`ErrorStrategy.always_continue()`, `backoff_multiplier=1`, a read timeout of 30 s",
    ),
    Client("aiosseclient", "aiosseclient_loop.py", LOOP, "`raise_for_status=True`; hides `retry`"),
    Client("aiohttp-sse-client", "aiohttp_sse_client_loop.py", LOOP, "`sock_read=30`"),
    Client("aiohttp-sse-client2", "aiohttp_sse_client2_loop.py", LOOP, "`sock_read=30`"),
    Client(
        "sseclient",
        "sseclient_loop.py",
        LOOP,
        "better not: it takes chunks' sizes for text, so behind a proxy it never notices an end",
        frozenset({"lost", "altered", "beat", "snapshot"}),
        (STRAIGHT,),
    ),
    Client("curl", "curl_loop.py", LOOP, "`-N --speed-time 30 --speed-limit 1`"),
]


def table() -> str:
    """What the docs say of them."""
    lines = [f"| {one.title} | {one.comes_back} | {one.how} |" for one in CLIENTS]
    return "\n".join([HEAD, *lines])
