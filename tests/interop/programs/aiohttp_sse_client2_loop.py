import asyncio
from datetime import timedelta

import aiohttp
from aiohttp_sse_client2.client import EventSource
from telling import HEADERS, URL, say


async def listen():
    last_id = ""
    while True:
        headers = dict(HEADERS) | ({"Last-Event-Id": last_id} if last_id else {})
        try:
            async with EventSource(
                URL,
                headers=headers,
                reconnection_time=timedelta(seconds=1),
                timeout=aiohttp.ClientTimeout(total=None, sock_read=30),
            ) as source:
                async for event in source:
                    last_id = event.last_event_id or last_id
                    say(event.message or "message", event.last_event_id, event.data)
        except (aiohttp.ClientError, ConnectionError):
            await asyncio.sleep(2.6)


asyncio.run(listen())
