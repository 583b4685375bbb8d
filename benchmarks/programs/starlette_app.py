"""Tells every listener what is posted: an event for each order, through a queue for each."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

from sse_starlette import EventSourceResponse
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

listeners: set[asyncio.Queue[str]] = set()


async def stream(_request: Request) -> EventSourceResponse:
    """Everything from now on."""
    return EventSourceResponse(told())


async def told() -> AsyncIterator[dict[str, Any]]:
    """The events of one listener."""
    queue: asyncio.Queue[str] = asyncio.Queue()
    listeners.add(queue)
    try:
        while True:
            yield {"event": "order.created", "data": await queue.get()}
    finally:
        listeners.discard(queue)


async def place(request: Request) -> Response:
    """Tell everybody of one order."""
    tell((await request.body()).decode())
    return Response(status_code=201)


async def place_batch(request: Request) -> Response:
    """Tell everybody of many orders."""
    for order in json.loads(await request.body())["orders"]:
        tell(json.dumps(order, separators=(",", ":")))
    return Response(status_code=201)


def tell(text: str) -> None:
    """Put an event into every queue."""
    for queue in listeners:
        queue.put_nowait(text)


app = Starlette(
    routes=[
        Route("/stream", stream),
        Route("/orders", place, methods=["POST"]),
        Route("/batch", place_batch, methods=["POST"]),
    ]
)
