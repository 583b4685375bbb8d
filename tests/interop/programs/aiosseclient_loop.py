import asyncio

import aiohttp
from aiosseclient import aiosseclient
from telling import HEADERS, URL, say


async def listen():
    last_id = None
    while True:
        try:
            async for event in aiosseclient(
                URL, last_id=last_id, headers=dict(HEADERS), raise_for_status=True
            ):
                last_id = event.id or last_id
                say(event.event, event.id, event.data)
        except aiohttp.ClientError:
            pass
        await asyncio.sleep(2.6)


asyncio.run(listen())
