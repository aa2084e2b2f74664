"""Migrations, run in process by alembic."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from sqlalchemy import Connection, text
from sqlalchemy.pool import NullPool

from store.sessions import new_engine

_LOCK = 4_207_260_611
"""Names our lock in PostgreSQL; any number that nobody else uses will do."""


def upgrade(database_url: str) -> None:
    """Brings a database to the newest schema; several processes may call it at once, one of them does it.

    Works with and without a running event loop. Raises what the driver raises when the database cannot be reached.
    """
    with ThreadPoolExecutor(1, thread_name_prefix="migrations") as own_thread:
        own_thread.submit(asyncio.run, _upgrade(database_url)).result()


async def _upgrade(database_url: str) -> None:
    engine = new_engine(database_url, poolclass=NullPool)
    try:
        async with engine.begin() as connection:  # on SQLite this already waits for other writers
            await connection.run_sync(_run)
    finally:
        await engine.dispose()


def _run(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
