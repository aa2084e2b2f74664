"""Telling open pages that the work changed: one look at the database a while for all readers of this process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError

from core.logging import get_logger
from store.queries.changes import Change, changes
from store.sessions import Database
from store.sign_ins import still_signed_in

_EVERY = 2.0
"""Seconds between two looks."""
_OVERLAP = timedelta(seconds=15)
"""How far each look goes back behind the one before: what was written at an instant can be seen only later."""
_FARTHEST_BACK = timedelta(minutes=30)
_LONGEST = timedelta(minutes=10)
"""After this a page connects again, so that rights and filters are looked at anew."""
_HEARTBEAT = 20.0
_MOST_WAITING = 200
_log = get_logger(__name__)


@dataclass(eq=False)
class Reader:
    """An open page. `sign_in` names its session, None where a token was shown."""

    sign_in: str | None
    found: asyncio.Queue[tuple[Change, ...] | None] = field(default_factory=lambda: asyncio.Queue(_MOST_WAITING))


class Live:
    """The readers of this process. Looks while there are any, and ends their streams when it is told to stop.

    `idle` is how long a session goes on without being used, which following is not.
    """

    def __init__(self, database: Database, *, idle: timedelta | None = None, every: float = _EVERY) -> None:
        self._database, self._idle, self._every = database, idle, every
        self._readers: set[Reader] = set()
        self._task: asyncio.Task[None] | None = None
        self._seen: dict[tuple[str, datetime], None] = {}
        self._mark = datetime.now(UTC)
        self._stopped = False

    async def follow(self, sign_in: str | None, since: datetime | None) -> AsyncIterator[tuple[Change, ...]]:
        """Gives what changed, from `since` (real UTC) on, as it is seen; empty now and then while nothing does.

        Ends when the session ended, after ten minutes, and when the process stops.
        """
        reader, began = Reader(sign_in), datetime.now(UTC)
        self._enter(reader)
        try:
            if since is not None:
                async with self._database.reading() as session:
                    yield await changes(session, since=since_lately(since))
            while not self._stopped and datetime.now(UTC) - began < _LONGEST:
                try:
                    found = await asyncio.wait_for(reader.found.get(), _HEARTBEAT)
                except TimeoutError:
                    found = ()
                if found is None:
                    return
                yield found
        finally:
            self._readers.discard(reader)

    def stop(self) -> None:
        """Ends every stream, so that the process can."""
        self._stopped = True
        for reader in self._readers:
            _tell(reader, None)
        if self._task is not None:
            self._task.cancel()

    def _enter(self, reader: Reader) -> None:
        self._readers.add(reader)
        if self._task is None or self._task.done():
            self._mark = datetime.now(UTC)
            self._task = asyncio.create_task(self._look())

    async def _look(self) -> None:
        while self._readers and not self._stopped:
            await asyncio.sleep(self._every)
            try:
                await self._once()
            except (SQLAlchemyError, OSError) as error:  # pages go on without; the next look may find it back
                _log.warning("live_look_failed", error=type(error).__name__)

    async def _once(self) -> None:
        """One look for all readers: what changed, and who is still signed in."""
        begun, since = datetime.now(UTC), self._mark - _OVERLAP
        asked_for = frozenset(self._readers)  # whoever comes while the database is asked is not judged by its answer
        sign_ins = {reader.sign_in for reader in asked_for if reader.sign_in is not None}
        async with self._database.reading() as session:
            seen = await changes(session, since=since)
            valid = await still_signed_in(session, sign_ins, now=begun, idle=self._idle)
        new = tuple(one for one in seen if (one.task_id, one.at) not in self._seen)
        self._seen = {(one.task_id, one.at): None for one in seen}
        self._mark = begun
        for reader in self._readers:
            if reader in asked_for and reader.sign_in is not None and reader.sign_in not in valid:
                _tell(reader, None)
            elif new:
                _tell(reader, new)


def _tell(reader: Reader, what: tuple[Change, ...] | None) -> None:
    """Puts it into the reader's queue; one that takes nothing any more loses the oldest."""
    if reader.found.full():
        reader.found.get_nowait()
    reader.found.put_nowait(what)


def since_lately(since: datetime | None) -> datetime:
    """Returns an instant (real UTC), or how far back a page can be told of changes when it is longer ago."""
    farthest = datetime.now(UTC) - _FARTHEST_BACK
    return max(since or farthest, farthest)


def newest(found: Iterable[Change]) -> datetime | None:
    """Returns the instant of the newest change."""
    return max((one.at for one in found), default=None)
