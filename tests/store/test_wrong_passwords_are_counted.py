from __future__ import annotations

from datetime import timedelta

from store.guesses import Counted, Limit, count_try, drop_old_counts, forget, key_of, resting, take_back
from store.sessions import Database
from tests.store.making import NOW

LIMIT = Limit(most=3, window=timedelta(minutes=10), rest=timedelta(hours=1))
KEY = key_of("name", "wei")
MINUTE = timedelta(minutes=1)


async def test_the_last_try_that_is_allowed_begins_the_rest(database: Database) -> None:
    async with database.session() as session:
        for number in (1, 2):
            assert await count_try(session, KEY, LIMIT, now=NOW) == Counted(number, NOW + LIMIT.window)
        assert await count_try(session, KEY, LIMIT, now=NOW + MINUTE) == Counted(3, NOW + MINUTE + LIMIT.rest)
        assert await count_try(session, KEY, LIMIT, now=NOW + 5 * MINUTE) == Counted(4, NOW + MINUTE + LIMIT.rest)
        assert await resting(session, [KEY, key_of("name", "bo")], LIMIT, now=NOW) == {KEY: NOW + MINUTE + LIMIT.rest}


async def test_a_count_ends_with_its_window_and_with_its_rest(database: Database) -> None:
    async with database.session() as session:
        for _ in range(2):
            await count_try(session, KEY, LIMIT, now=NOW)
        assert (await count_try(session, KEY, LIMIT, now=NOW + LIMIT.window)).number == 1
        for _ in range(2):
            await count_try(session, KEY, LIMIT, now=NOW + LIMIT.window)
        later = NOW + LIMIT.window + LIMIT.rest
        assert await resting(session, [KEY], LIMIT, now=later) == {}
        assert (await count_try(session, KEY, LIMIT, now=later)).number == 1


async def test_a_try_can_be_taken_back_and_a_count_forgotten(database: Database, other: Database) -> None:
    async with database.session() as session:
        await count_try(session, KEY, LIMIT, now=NOW)
        await count_try(session, KEY, LIMIT, now=NOW)
        await take_back(session, KEY)
    async with other.session() as session:
        assert (await count_try(session, KEY, LIMIT, now=NOW)).number == 2
        assert await forget(session, KEY)
        assert (await count_try(session, KEY, LIMIT, now=NOW)).number == 1


async def test_counts_that_are_over_are_dropped(database: Database) -> None:
    async with database.session() as session:
        await count_try(session, KEY, LIMIT, now=NOW)
        await drop_old_counts(session, now=NOW + LIMIT.window - MINUTE)
        assert await forget(session, KEY)
        await count_try(session, KEY, LIMIT, now=NOW)
        await drop_old_counts(session, now=NOW + LIMIT.window)
        assert not await forget(session, KEY)


def test_what_was_typed_as_a_name_is_not_kept() -> None:
    assert "wei" not in KEY
    assert key_of("name", "\ud800") != key_of("address", "\ud800")
