import time

import httpx
from httpx_sse import SSEError, connect_sse
from telling import HEADERS, URL, say

last_id, pause = "", 2.6
while True:
    headers = HEADERS | ({"Last-Event-ID": last_id} if last_id else {})
    try:
        with (
            httpx.Client(headers=headers, timeout=30) as client,
            connect_sse(client, "GET", URL) as source,
        ):
            for event in source.iter_sse():
                last_id, pause = event.id or last_id, (event.retry or pause * 1000) / 1000
                say(event.event, event.id, event.data)
    except (httpx.TransportError, SSEError):
        pass
    time.sleep(pause)
