import time
from datetime import timedelta

import requests
from requests_sse import EventSource
from telling import HEADERS, URL, say

last_id = ""
while True:
    try:
        with EventSource(
            URL,
            headers=HEADERS,
            timeout=30,
            latest_event_id=last_id,
            reconnection_time=timedelta(seconds=1),
        ) as source:
            for event in source:
                last_id = event.last_event_id or last_id
                say(event.type, event.last_event_id, event.data)
    except requests.RequestException:
        time.sleep(2.6)
