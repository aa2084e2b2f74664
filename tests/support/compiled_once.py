"""Statements compiled once for all databases of one kind in a process of tests.

An engine keeps what it compiled, and each test has engines of its own: compiling the same statements for each test
anew took a fifth of the time of a test that calls the API.
"""

from __future__ import annotations

import functools
from typing import Any

from sqlalchemy import Engine, create_engine
from sqlalchemy.ext.asyncio import AsyncEngine

from store import sessions


def share_compiled_statements() -> None:
    """Has every engine that is made from now on use the statements of the first of its driver.

    A dialect learns at its first connection which server it speaks to, and begins transactions as it was told to: only
    one that knows its server is shared, and only with engines that were told the same.
    """
    first: dict[tuple[str, object], Engine] = {}

    def shared(engine: Engine) -> None:
        kind = (engine.dialect.driver, getattr(engine.dialect, "_on_connect_isolation_level", None))
        one = first.setdefault(kind, engine)
        if engine.dialect.name == "sqlite" or one.dialect.server_version_info:
            engine.dialect, engine._compiled_cache = one.dialect, one._compiled_cache
        else:
            first[kind] = engine

    @functools.wraps(sessions.new_engine)
    def new_engine(url: str, **options: Any) -> AsyncEngine:
        made = original(url, **options)
        shared(made.sync_engine)
        return made

    @functools.wraps(create_engine)
    def new_sync_engine(*how: Any, **options: Any) -> Engine:
        made = create_engine(*how, **options)
        shared(made)
        return made

    original, sessions.new_engine = sessions.new_engine, new_engine
    setattr(sessions, "create_engine", new_sync_engine)  # noqa: B010 - the module imports it for itself
