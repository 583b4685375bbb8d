import time

from sseclient import SSEClient
from telling import HEADERS, URL, say

last_id = None
while True:
    try:
        for event in SSEClient(URL, last_id=last_id, headers=dict(HEADERS), timeout=30):
            if event.data:
                last_id = event.id or last_id
                say(event.event, event.id, event.data)
    except OSError:  # all that requests raises, and what it lets through
        time.sleep(2.6)
