"""Structured logs: one JSON line an event on standard error, or readable lines on a terminal.

Requests are logged with the pattern of their route, never with their address: the address of a
customer's page is a secret. Where one still gets into a message, as in a server's complaint about
a broken request, it is left out.
"""

import logging
import re
import sys
from typing import TextIO

import structlog

_SECRET = re.compile(r"(ob_(?=[\w-]{32})|/track/|/link/|orderboard_(?:session|device)=)[\w.-]{8,}")


def setup(stream: TextIO = sys.stderr) -> None:
    """Send structlog's and the standard library's logs to one stream in one form."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    render: structlog.typing.Processor = (
        structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
        if stream.isatty()
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                _without_secrets,
                render,
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    for quiet in ("alembic", "werkzeug"):
        logging.getLogger(quiet).setLevel(logging.WARNING)


def _without_secrets(
    _logger: structlog.typing.WrappedLogger, _method: str, fields: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    for name, value in fields.items():
        if isinstance(value, str):
            fields[name] = _SECRET.sub(r"\1…", value)
    return fields
