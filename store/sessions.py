"""Connections and sessions. Nothing is opened at import."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import Session

T = TypeVar("T")

BUSY_SECONDS = 30.0
"""How long a SQLite connection waits for another process's write before it gives up."""

_DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg", "postgres": "postgresql+asyncpg"}


def async_url(url: str) -> URL:
    """Returns the URL with the async driver we use: `sqlite:///file` and `postgresql://...` will do.

    Raises ValueError for another database.
    """
    parsed = make_url(url)
    backend = parsed.drivername.partition("+")[0]
    if backend not in _DRIVERS:
        raise ValueError(f"the database must be SQLite or PostgreSQL, not {backend}")
    return parsed.set(drivername=_DRIVERS[backend])


def new_engine(url: str, **options: Any) -> AsyncEngine:
    """Returns an engine that has not connected yet.

    On SQLite: WAL, foreign keys, waiting for locks, and transactions begun by us, since the driver would begin them
    only with the first write, too late to wait for another writer.
    """
    parsed = async_url(url)
    if parsed.get_backend_name() != "sqlite":
        return create_async_engine(parsed, pool_pre_ping=True, **options)
    engine = create_async_engine(parsed, connect_args={"timeout": BUSY_SECONDS}, **options)
    _prepare_sqlite(engine.sync_engine)
    return engine


def _prepare_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("writes", True)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


class Database:
    """One database. `session()` to write, `reading()` to read; both are left with everything settled."""

    def __init__(self, url: str) -> None:
        self._engine = new_engine(url)
        self.is_sqlite = self._engine.dialect.name == "sqlite"
        self._writing = async_sessionmaker(self._engine, expire_on_commit=False)
        if self.is_sqlite:
            self._reads: Engine | None = _reading_engine(async_url(url))
            self._reading = async_sessionmaker(sync_session_class=partial(_bound_to, self._reads))
        else:
            self._reads = None
            self._reading = async_sessionmaker(self._engine.execution_options(writes=False), expire_on_commit=False)
        # SQLite has one writer at a time: queueing here is fair and cheaper than its own polling
        self._turn: AbstractAsyncContextManager[Any] = asyncio.Lock() if self.is_sqlite else nullcontext()
        self._thread = _WritingThread(async_url(url)) if self.is_sqlite else None

    @asynccontextmanager
    async def session(self) -> AsyncIterator[AsyncSession]:
        """Gives a session that commits when the block ends, and rolls back when it raises.

        Never open one inside another: on SQLite the second waits for the first.
        """
        async with self._turn, self._writing() as session, session.begin():
            yield session

    async def run(self, work: Callable[[Connection], T]) -> T:
        """Does `work` in one transaction and returns its result: for writes that happen often.

        On SQLite the whole of it runs in one thread of its own. The async driver changes threads several times a
        statement, which costs more than the statements themselves.
        """
        if self._thread:
            async with self._turn:
                return await self._thread.run(work)
        async with self._engine.begin() as connection:
            return await connection.run_sync(work)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncSession]:
        """Gives a session for reading one consistent picture; it never waits for a writer, and writes nothing.

        On SQLite its statements run in the thread that awaits them: that of a page takes a fraction of a millisecond,
        changing threads and back several times for it took longer than all else that reading does. What is to have the
        connection itself gets it by `run_sync`.
        """
        async with self._reading() as session:
            try:
                yield session
            finally:
                await session.rollback()

    async def ping(self) -> None:
        """Reaches the database. Raises what the driver raises when it cannot."""
        async with self.reading() as session:
            await session.execute(text("SELECT 1"))

    async def rewrite(self, tables: Iterable[str]) -> bool:
        """Has the database write itself anew without what was deleted, so that its files hold nothing of it.

        SQLite writes its whole file and empties its journal; False when somebody who reads kept it from that, and it
        is to be done again. PostgreSQL clears these tables; what lies in its journal goes with the journal.
        """
        if not self._thread:
            async with self._engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
                for table in tables:
                    await connection.exec_driver_sql(f'VACUUM "{table}"')
            return True
        async with self._turn:
            return await self._thread.rewrite()

    def engines(self) -> tuple[Engine, ...]:
        """Returns the engines of sessions, those that read the last: to listen to what is asked."""
        return (self._engine.sync_engine, *([self._reads] if self._reads else []))

    async def dispose(self) -> None:
        """Closes every connection."""
        await self._engine.dispose()
        if self._reads:
            self._reads.dispose()
        if self._thread:
            await self._thread.close()


class _Cursor(sqlite3.Cursor):
    """A cursor whose rows can be read by an `AsyncSession` although nothing of it is asynchronous."""

    async def _async_soft_close(self) -> None:
        """Is what the session asks a cursor for when it has all rows: there is nothing to wait for."""


class _Connection(sqlite3.Connection):
    def cursor(self, factory: Any = _Cursor) -> Any:
        return super().cursor(factory)


def _reading_engine(url: URL) -> Engine:
    """An engine without threads. It makes as many connections as there are readers: to wait for one would stop all."""
    arguments = {"timeout": BUSY_SECONDS, "check_same_thread": False, "factory": _Connection}
    engine = create_engine(url.set(drivername="sqlite"), connect_args=arguments, max_overflow=-1)
    _prepare_sqlite(engine)
    return engine.execution_options(writes=False)


def _bound_to(engine: Engine, **options: Any) -> Session:
    return Session(**options | {"bind": engine, "expire_on_commit": False})


class _WritingThread:
    """A thread with a connection of its own."""

    def __init__(self, url: URL) -> None:
        self._engine = create_engine(url.set(drivername="sqlite"), connect_args={"timeout": BUSY_SECONDS}, pool_size=1)
        _prepare_sqlite(self._engine)
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="database")

    async def run(self, work: Callable[[Connection], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._pool, self._transaction, work)

    def _transaction(self, work: Callable[[Connection], T]) -> T:
        with self._engine.begin() as connection:
            return work(connection)

    async def rewrite(self) -> bool:
        return await asyncio.get_running_loop().run_in_executor(self._pool, self._rewrite)

    def _rewrite(self) -> bool:
        raw = self._engine.raw_connection()
        try:
            cursor = raw.cursor()
            cursor.execute("VACUUM")
            busy, _, _ = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            return not busy
        finally:
            raw.close()

    async def close(self) -> None:
        await asyncio.get_running_loop().run_in_executor(self._pool, self._engine.dispose)
        self._pool.shutdown(wait=False)
