"""The stream's own figures, for the page that shows them and for whoever watches over it."""

import os
from collections import Counter
from typing import Any

from flask import Blueprint, Response

from orderboard import clock
from orderboard.web.access import allow
from orderboard.web.answers import answer, parts
from orderboard.web.api.describe import describe
from orderboard.web.api.shape_words import COUNT, TEXT, TIME, many, thing
from orderboard.web.meanings import COUNTERS, GAUGES

Json = dict[str, Any]
api = Blueprint("stream_figures", __name__)
_SHORT = 6


def _numbers(words: str, **meanings: str) -> Json:
    named = {name: COUNT | {"description": meaning} for name, meaning in meanings.items()}
    return {
        "type": "object",
        "description": words,
        "properties": named,
        "additionalProperties": COUNT,
    }


_LISTENERS = _numbers(
    "Open streams by kind of audience.",
    board="Of staff and admin keys.",
    reader="Of keys that may only read.",
    order="Of customers, each of one order.",
    driver="Of drivers.",
)
_COUNTS = _numbers("Counted up since the process began.", **COUNTERS)
_PROCESS = thing(
    process=TEXT | {"description": "A short name, new with each start."},
    this={"type": "boolean", "description": "Whether this process gave the answer."},
    age={
        "type": "number",
        "minimum": 0,
        "description": "Seconds since it told these figures; 0 for the one that answers.",
    },
    listeners=_LISTENERS,
    counters=_COUNTS,
)
FIGURES = thing(
    at=TIME,
    epoch=TEXT | {"description": "What the positions belong to."},
    process=TEXT | {"description": "Which process answers."},
    pid=COUNT | {"description": "Its number in its operating system."},
    doorbell={
        "enum": ["connected", "away"],
        "description": "Whether it hears Redis. While it is away, others are not known.",
    },
    head=COUNT | {"description": GAUGES["stream_head"]},
    behind=COUNT | {"description": GAUGES["stream_behind"]},
    behind_log=COUNT | {"description": GAUGES["stream_behind_log"]},
    listeners=_LISTENERS,
    processes=many(_PROCESS),
)


@api.get("/stream/figures")
@allow("admin", "viewer")
@describe(
    "The stream's figures",
    "Events",
    answers={200: ("Of the process that answers, and of the others as they told theirs.", FIGURES)},
)
def figures() -> Response:
    """How the stream does just now; ``listeners`` are those of all processes."""
    found = parts().stream.figures()
    gauges = found["gauges"]
    mine = {
        "process": found["process"],
        "age": 0.0,
        "listeners": found["listeners"],
        "counters": found["counters"],
    }
    processes = [mine, *found["others"]]
    return answer(
        {
            "at": clock.rfc3339(clock.now()),
            "epoch": found["epoch"],
            "process": mine["process"][:_SHORT],
            "pid": os.getpid(),
            "doorbell": "connected" if gauges["doorbell_connected"] else "away",
            "head": gauges["stream_head"],
            "behind": gauges["stream_behind"],
            "behind_log": gauges["stream_behind_log"],
            "listeners": _sum([process["listeners"] for process in processes]),
            "processes": [_told(process, process is mine) for process in processes],
        }
    )


def _told(process: Json, this: bool) -> Json:
    return process | {
        "process": process["process"][:_SHORT],
        "this": this,
        "age": round(process["age"], 3),
    }


def _sum(counts: list[dict[str, int]]) -> dict[str, int]:
    total: Counter[str] = Counter()
    for count in counts:
        total.update(count)
    return dict(total)
