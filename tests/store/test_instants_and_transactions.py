from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy.exc import StatementError

from store.attachments import Attachment, add_attachment, find_attachment
from store.sessions import Database, async_url

CHINA = timezone(timedelta(hours=8))


def _file(at: datetime) -> Attachment:
    return Attachment("F-1", "0", "a", "text/plain", 1, "wei", at)


async def test_an_instant_of_any_zone_comes_back_in_utc_to_the_microsecond(database: Database) -> None:
    at = datetime(2026, 1, 1, 7, 30, 0, 1, tzinfo=CHINA)
    async with database.session() as session:
        await add_attachment(session, _file(at))
    async with database.reading() as session:
        found = await find_attachment(session, "F-1")
    assert found
    assert found.uploaded_at == at
    assert found.uploaded_at.tzinfo is UTC


async def test_a_time_without_a_zone_is_refused(database: Database) -> None:
    with pytest.raises(StatementError, match="time zone"):
        async with database.session() as session:
            await add_attachment(session, _file(datetime(2026, 1, 1)))  # noqa: DTZ001


async def test_a_block_that_fails_leaves_nothing(database: Database) -> None:
    async def fails() -> None:
        async with database.session() as session:
            await add_attachment(session, _file(datetime.now(UTC)))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fails()
    async with database.reading() as session:
        assert await find_attachment(session, "F-1") is None


async def test_a_database_that_answers_can_be_told_from_one_that_does_not(database: Database) -> None:
    await database.ping()
    nowhere = Database("postgresql://nobody@127.0.0.1:1/nothing")
    with pytest.raises(OSError):
        await nowhere.ping()
    await nowhere.dispose()


def test_only_the_two_databases_are_accepted() -> None:
    assert async_url("sqlite:////tmp/a.db").drivername == "sqlite+aiosqlite"
    assert async_url("postgresql://u@h/d").drivername == "postgresql+asyncpg"
    with pytest.raises(ValueError, match="SQLite or PostgreSQL"):
        async_url("mysql://u@h/d")
