"""Wrong passwords in a row, counted in the database so that all processes share the count. Times are real UTC."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import case, delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from store.statements import insert_into
from store.tables import GuessRow


@dataclass(frozen=True)
class Limit:
    """After `most` failures within `window`, nothing more is taken for `rest`."""

    most: int
    window: timedelta
    rest: timedelta


@dataclass(frozen=True)
class Counted:
    """A try with its number, the present one included; `until` is when the count ends, or the rest."""

    number: int
    until: datetime


def key_of(what: str, name: str) -> str:
    """The key of a count. What was typed as a name may be a password, so it is kept as a hash alone."""
    return hashlib.sha256(f"{what}:{name}".encode("utf-8", "replace")).hexdigest()


async def count_try(session: AsyncSession, key: str, limit: Limit, *, now: datetime) -> Counted:
    """Counts a try before it is made, so that tries at once are no way around the limit.

    One that succeeds is taken back by `forget` or `take_back`. Tries beyond the limit do not make the rest longer.
    """
    over = GuessRow.until <= now
    insert = insert_into(session, GuessRow).values(key=key, failures=1, since=now, until=now + limit.window)
    counted = insert.on_conflict_do_update(
        index_elements=[GuessRow.key],
        set_={
            "failures": case((over, 1), else_=GuessRow.failures + 1),
            "since": case((over, now), else_=GuessRow.since),
            "until": case(
                (over, now + limit.window),
                (GuessRow.failures + 1 == limit.most, now + limit.rest),
                else_=GuessRow.until,
            ),
        },
    ).returning(GuessRow.failures, GuessRow.until)
    number, until = (await session.execute(counted)).one()
    return Counted(number, until)


async def forget(session: AsyncSession, key: str) -> bool:
    """Begins the count anew; tells whether there was one."""
    gone = delete(GuessRow).where(GuessRow.key == key).returning(GuessRow.key)
    return (await session.execute(gone)).scalar() is not None


async def take_back(session: AsyncSession, key: str) -> None:
    """Takes one try back: it went right."""
    less = update(GuessRow).where(GuessRow.key == key, GuessRow.failures > 0).values(failures=GuessRow.failures - 1)
    await session.execute(less, execution_options={"synchronize_session": False})


async def resting(session: AsyncSession, keys: Iterable[str], limit: Limit, *, now: datetime) -> dict[str, datetime]:
    """Returns until when nothing is taken, for those of the keys for which that is so."""
    query = select(GuessRow.key, GuessRow.until).where(
        GuessRow.key.in_(list(keys)), GuessRow.failures >= limit.most, GuessRow.until > now
    )
    return {row.key: row.until for row in await session.execute(query)}


async def drop_old_counts(session: AsyncSession, *, now: datetime) -> None:
    """Forgets the counts that are over."""
    await session.execute(delete(GuessRow).where(GuessRow.until <= now))
