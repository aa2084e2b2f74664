"""Logging, set up once per process: structlog for ours, the standard library bridged into the same lines.

No personal data is logged: keys that name a person, a way to reach one or free text are masked here, whoever logs them.
"""

from __future__ import annotations

import logging
import sys
from typing import Literal

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

PERSONAL = frozenset(
    {
        "address", "contact", "contact_name", "customer", "customer_name", "description", "email", "name", "note",
        "outcome", "password", "phone", "reason", "recipient", "secret", "signature", "text", "token", "tracking_url",
    }
)  # fmt: skip
MASK = "[not logged]"

# Their lines repeat per request or per poll; what goes wrong comes as a warning.
QUIET = ("uvicorn.access", "httpx", "httpcore", "aiosqlite", "alembic", "sqlalchemy.engine", "asyncio", "multipart")


# Without local variables: they hold what people entered, and no list of keys could mask that.
_TRACEBACKS = structlog.processors.ExceptionRenderer(structlog.tracebacks.ExceptionDictTransformer(show_locals=False))


def mask_personal(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Replace the value of every key that may hold personal data."""
    for key in event.keys() & PERSONAL:
        event[key] = MASK
    return event


def configure(level: str = "info", style: Literal["auto", "json", "console"] = "auto", *, process: str = "") -> None:
    """Send all log lines of this process to standard error.

    Args:
        level: least level shown.
        style: ``json`` one object a line, ``console`` for people, ``auto`` by whether a terminal listens.
        process: name put on each line (``worker``, ``server``).
    """
    console = sys.stderr.isatty() if style == "auto" else style == "console"
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        mask_personal,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    last: list[Processor] = (
        [structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback)]
        if console
        else [_TRACEBACKS, structlog.processors.JSONRenderer(ensure_ascii=False)]
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        other = logging.getLogger(name)
        other.handlers.clear()
        other.propagate = True
    structlog.contextvars.clear_contextvars()
    if process:
        structlog.contextvars.bind_contextvars(process=process)


def get_logger(name: str) -> structlog.stdlib.BoundLogger:
    """A logger that takes an event in a few plain words and key=value pairs."""
    logger: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(name)
    return logger
