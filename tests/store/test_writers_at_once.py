"""Several processes on one database: nothing is lost, nothing is there twice."""

from __future__ import annotations

import asyncio
import random

from store.assignments import claim
from store.projection import project, write_projection
from store.queries.cases import find_case, list_cases
from store.queries.events import all_events
from store.sessions import Database
from store.work_orders import issue_number
from tests.store.making import CASE, NOW, RUN, minutes, number_of, task, whole


async def test_the_last_revision_stays_whatever_order_writes_come_in(database: Database, other: Database) -> None:
    revisions = list(range(1, 21))
    random.Random(7).shuffle(revisions)

    async def write(place: Database, revision: int) -> None:
        projection = whole(revision, events=revision, tasks=(task(),))
        if revision % 3:
            await project(place, RUN, NOW + minutes(revision), projection)
            return
        async with place.session() as session:
            await write_projection(session, RUN, NOW + minutes(revision), projection)

    await asyncio.gather(*(write(random.choice((database, other)), revision) for revision in revisions))
    async with database.reading() as session:
        view = await find_case(session, CASE)
        assert view
        assert view.revision == 20
        assert [event.no for event in await all_events(session, CASE)] == list(range(1, 21))


async def test_many_cases_are_written_side_by_side(database: Database, other: Database) -> None:
    async def write(place: Database, number: int) -> None:
        await project(place, RUN, NOW, whole(case_id=number_of(number), tasks=(task(),)))

    await asyncio.gather(*(write((database, other)[number % 2], number) for number in range(30)))
    async with database.reading() as session:
        assert len((await list_cases(session, limit=100)).items) == 30


async def test_of_many_who_claim_a_task_one_wins_and_all_learn_who(database: Database, other: Database) -> None:
    async with database.session() as session:
        await write_projection(session, RUN, NOW, whole(tasks=(task(),)))

    async def ask(place: Database, user: str) -> tuple[bool, str | None]:
        async with place.session() as session:
            held = await claim(session, f"{CASE}.contact_customer", user=user, by=user, at=NOW)
        return held.won, held.assignee

    answers = await asyncio.gather(*(ask((database, other)[n % 2], f"user{n}") for n in range(12)))
    winners = [holder for won, holder in answers if won]
    assert len(winners) == 1
    assert {holder for _, holder in answers} == set(winners)


async def test_work_order_numbers_are_neither_shared_nor_skipped(database: Database, other: Database) -> None:
    async def issue(place: Database, case: int) -> str:
        async with place.session() as session:
            return await issue_number(session, number_of(case), "RR", 2026)

    asked = [case for case in range(10) for _ in range(2)]  # each case twice, at once
    issued = await asyncio.gather(*(issue((database, other)[n % 2], case) for n, case in enumerate(asked)))
    of_case = dict(zip(asked, issued, strict=True))
    assert list(issued) == [of_case[case] for case in asked]
    assert sorted(of_case.values()) == [f"RR-2026-{number:06d}" for number in range(1, 11)]


async def test_each_prefix_and_year_counts_for_itself(database: Database) -> None:
    async with database.session() as session:
        assert await issue_number(session, number_of(1), "RR", 2026) == "RR-2026-000001"
        assert await issue_number(session, number_of(2), "RR", 2027) == "RR-2027-000001"
        assert await issue_number(session, number_of(3), "W", 2026) == "W-2026-000001"
        assert await issue_number(session, number_of(1), "RR", 2027) == "RR-2026-000001"


async def test_readers_do_not_wait_for_a_writer(database: Database, other: Database) -> None:
    async with database.session() as writing:
        await write_projection(writing, RUN, NOW, whole())
        async with asyncio.timeout(5), other.reading() as reading:
            assert await find_case(reading, CASE) is None
