"""The ring of keys: makes, finds, wraps anew and destroys the keys of cases.

The keys lie in a small database of their own, apart from the read side and the engine's, since a key that lay in a
backup beside what it protects could never be destroyed. What is destroyed leaves its name and when and why.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from sqlalchemy import (
    Column,
    DateTime,
    LargeBinary,
    MetaData,
    Row,
    String,
    Table,
    event,
    insert,
    make_url,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError, OperationalError, ProgrammingError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool
from sqlalchemy.schema import CreateTable

from core.errors import Unavailable
from core.keys.master import MasterKeys, master_keys
from core.keys.sealing import KEY_BYTES, CaseKey, KeyDestroyed, KeyUnknown, key_id_in

if TYPE_CHECKING:
    from core.settings import Settings

_REMEMBERED_SECONDS = 60.0
"""How long a process goes on using a key that another process may have destroyed."""
_MOST_REMEMBERED = 20_000

_DATA = MetaData()
_KEY = Table(
    "case_key",
    _DATA,
    Column("subject", String(64), primary_key=True),
    Column("key_id", String(64), unique=True, nullable=False),
    Column("wrapped", LargeBinary, nullable=True),
    Column("master", String(32), nullable=False),
    Column("made_at", DateTime(timezone=True), nullable=False),
    Column("destroyed_at", DateTime(timezone=True), nullable=True),
    Column("destroyed_by", String(200), nullable=True),
    Column("reason", String(2000), nullable=True),
)


@dataclass(frozen=True)
class Destroyed:
    """What stays of a destroyed key: whose it was, when (real UTC), by whom and why."""

    subject: str
    key_id: str
    at: datetime
    by: str
    reason: str


class KeyRing:
    """The keys of one installation. Keys are remembered for a minute; a destroyed one is forgotten here at once."""

    def __init__(self, url: str, masters: Callable[[], MasterKeys]) -> None:
        self._read_masters = masters
        self.masters = masters()  # first: without one, nothing is made
        self._engine = _engine(url)
        self._known: dict[str, tuple[float, CaseKey]] = {}
        self._ids: dict[str, str] = {}
        self._ready = False

    async def __aenter__(self) -> Self:
        """Nothing is opened before the first key is asked for."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Forgets every key."""
        self._known.clear()
        await self._engine.dispose()

    async def for_subject(self, subject: str) -> CaseKey:
        """Returns the key of a subject, made when it has none.

        Raises:
            KeyDestroyed: it was erased; nothing more can be sealed for it.
            Unavailable: the keys cannot be reached.
        """
        if (known := self._remembered(subject)) is not None:
            return known
        async with self._transaction() as connection:
            row = (await connection.execute(select(_KEY).where(_KEY.c.subject == subject))).one_or_none()
        if row is None:
            row = await self._make(subject)
        return self._unwrapped(row)

    async def by_id(self, key_id: str) -> CaseKey:
        """Returns the key of this name. Raises KeyDestroyed, KeyUnknown, Unavailable."""
        if (subject := self._ids.get(key_id)) and (known := self._remembered(subject)) is not None:
            return known
        async with self._transaction() as connection:
            row = (await connection.execute(select(_KEY).where(_KEY.c.key_id == key_id))).one_or_none()
        if row is None:
            raise KeyUnknown(f"this installation has no key {key_id}")
        return self._unwrapped(row)

    async def unseal(self, sealed: bytes, purpose: str) -> bytes:
        """Opens sealed bytes with the key they name. Raises as `by_id`, and Tampered."""
        return (await self.by_id(key_id_in(sealed))).open(sealed, purpose)

    async def destroy(self, subject: str, *, by: str, reason: str) -> Destroyed:
        """Destroys the key of a subject for good; again, it says when that was. A subject without a key never gets one.

        Raises Unavailable.
        """
        now = datetime.now(UTC)
        gone = {"wrapped": None, "destroyed_at": now, "destroyed_by": by, "reason": reason}
        async with self._transaction() as connection:
            done = await connection.execute(
                update(_KEY).where(_KEY.c.subject == subject, _KEY.c.destroyed_at.is_(None)).values(gone)
            )
            row = (await connection.execute(select(_KEY).where(_KEY.c.subject == subject))).one_or_none()
            if done.rowcount == 0 and row is None:
                nothing = {"subject": subject, "key_id": _new_id(), "master": self.masters.newest, "made_at": now}
                await connection.execute(insert(_KEY).values({**nothing, **gone}))
                row = (await connection.execute(select(_KEY).where(_KEY.c.subject == subject))).one()
        self._known.pop(subject, None)
        assert row is not None  # noqa: S101 - it was there, or has just been written
        return _told(row)

    async def destroyed(self, subject: str) -> Destroyed | None:
        """Returns when and why the key of a subject was destroyed, or None. Raises Unavailable."""
        query = select(_KEY).where(_KEY.c.subject == subject, _KEY.c.destroyed_at.is_not(None))
        async with self._transaction() as connection:
            row = (await connection.execute(query)).one_or_none()
        return _told(row) if row is not None else None

    async def all_destroyed(self) -> list[Destroyed]:
        """Returns every destroyed key, the earliest first: what has to be erased again in a restored backup."""
        query = select(_KEY).where(_KEY.c.destroyed_at.is_not(None)).order_by(_KEY.c.destroyed_at)
        async with self._transaction() as connection:
            return [_told(row) for row in await connection.execute(query)]

    async def take_in(self, key: CaseKey) -> bool:
        """Keeps a key that another installation handed over, wrapped by ours; False when its subject has one here.

        Raises Unavailable.
        """
        values = {
            "subject": key.subject,
            "key_id": key.key_id,
            "wrapped": self.masters.wrap(key.key_id, key.secret),
            "master": self.masters.newest,
            "made_at": datetime.now(UTC),
        }
        try:
            async with self._transaction() as connection:
                await connection.execute(insert(_KEY).values(values))
        except IntegrityError:
            return False
        return True

    async def wrap_anew(self) -> int:
        """Wraps every key by the newest master key; returns how many were not yet. Raises NotConfigured, Tampered."""
        self.masters = self._read_masters()
        count = 0
        async with self._transaction() as connection:
            query = select(_KEY).where(_KEY.c.master != self.masters.newest, _KEY.c.destroyed_at.is_(None))
            for row in (await connection.execute(query)).all():
                secret = self.masters.unwrap(row.key_id, row.wrapped, row.master)
                again = {"wrapped": self.masters.wrap(row.key_id, secret), "master": self.masters.newest}
                await connection.execute(update(_KEY).where(_KEY.c.subject == row.subject).values(again))
                count += 1
        return count

    def _remembered(self, subject: str) -> CaseKey | None:
        until, key = self._known.get(subject, (0.0, None))
        return key if until > time.monotonic() else None

    def _unwrapped(self, row: Row[Any]) -> CaseKey:
        if row.destroyed_at is not None:
            raise KeyDestroyed(row.subject, _utc(row.destroyed_at))
        key_id, subject = row.key_id, row.subject
        if row.master not in self.masters:  # rotated while we ran
            self.masters = self._read_masters()
        secret = self.masters.unwrap(key_id, row.wrapped, row.master)
        if len(self._known) >= _MOST_REMEMBERED:
            self._known.clear()
            self._ids.clear()
        key = CaseKey(key_id, subject, secret)
        self._known[subject] = (time.monotonic() + _REMEMBERED_SECONDS, key)
        self._ids[key_id] = subject
        return key

    async def _make(self, subject: str) -> Row[Any]:
        key_id, secret = _new_id(), secrets.token_bytes(KEY_BYTES)
        values = {
            "subject": subject,
            "key_id": key_id,
            "wrapped": self.masters.wrap(key_id, secret),
            "master": self.masters.newest,
            "made_at": datetime.now(UTC),
        }
        with suppress(IntegrityError):  # another process was quicker; its key holds
            async with self._transaction() as connection:
                await connection.execute(insert(_KEY).values(values))
        async with self._transaction() as connection:
            return (await connection.execute(select(_KEY).where(_KEY.c.subject == subject))).one()

    @asynccontextmanager
    async def _transaction(self) -> AsyncIterator[AsyncConnection]:
        try:
            if not self._ready:
                # PostgreSQL lets two who make it at once collide all the same: then it is there
                with suppress(IntegrityError, ProgrammingError):
                    async with self._engine.begin() as connection:
                        await connection.execute(CreateTable(_KEY, if_not_exists=True))
                self._ready = True
            async with self._engine.begin() as connection:
                yield connection
        except (OperationalError, OSError) as error:
            raise Unavailable("the keys of cases cannot be reached; nothing is sealed or read without them") from error


def open_keys(settings: Settings) -> KeyRing:
    """Returns the ring of the installation. Raises NotConfigured without master keys."""
    return KeyRing(settings.keys_url, lambda: master_keys(settings))


def _engine(url: str) -> AsyncEngine:
    """No connection is kept: a key is read once a minute and case, and no thread outlives its use."""
    parsed = make_url(url)
    drivers = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg", "postgres": "postgresql+asyncpg"}
    engine = create_async_engine(
        parsed.set(drivername=drivers.get(parsed.drivername.partition("+")[0], parsed.drivername)), poolclass=NullPool
    )
    if parsed.get_backend_name() == "sqlite":
        if parsed.database:
            Path(parsed.database).touch(mode=0o600)

        @event.listens_for(engine.sync_engine, "connect")
        def prepare(connection: Any, _record: Any) -> None:
            cursor = connection.cursor()
            # what is destroyed is overwritten, and no journal keeps a copy of it
            for pragma in ("busy_timeout=30000", "secure_delete=ON", "journal_mode=TRUNCATE", "synchronous=FULL"):
                cursor.execute(f"PRAGMA {pragma}")
            cursor.close()

    return engine


def _told(row: Row[Any]) -> Destroyed:
    return Destroyed(
        row.subject,
        row.key_id,
        _utc(row.destroyed_at),
        row.destroyed_by or "",
        row.reason or "",
    )


def _utc(at: datetime) -> datetime:
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _new_id() -> str:
    return f"k-{secrets.token_hex(8)}"
