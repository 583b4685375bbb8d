import time

import requests
from sseclient import SSEClient
from telling import HEADERS, URL, say

last_id, pause = "", 2.6
while True:
    headers = HEADERS | {"Accept": "text/event-stream"}
    if last_id:
        headers["Last-Event-ID"] = last_id
    try:
        with requests.get(URL, headers=headers, stream=True, timeout=30) as answer:
            answer.raise_for_status()
            for event in SSEClient(answer).events():
                last_id, pause = event.id or last_id, int(event.retry or pause * 1000) / 1000
                say(event.event, event.id, event.data)
    except requests.RequestException:
        pass
    time.sleep(pause)
