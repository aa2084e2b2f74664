"""Profiles, absences and deputies on both databases; who stands in for whom at an instant, and the load of a day."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from domain.dispatch import Absence, Deputy
from domain.plan import Stage
from store.engineers import (
    Overlaps,
    add_absence,
    add_deputy,
    find_absence,
    find_deputy,
    remove_absence,
    remove_deputy,
    set_profile,
)
from store.projection import write_projection
from store.queries.engineers import absences, candidates, deputies, grounds_of, task_roles
from store.queries.navigation import counts
from store.queries.tasks import list_tasks
from store.sessions import Database
from store.users import User, UserUnknown, create_user, find_user
from tests.store.making import NOW, RUN, number_of, task, whole

DAY = NOW.date()
PEOPLE = (
    User("bo", "Bo Chen", ("engineer",), NOW, regions=("Shanghai",), skills=("noise",), time_zone="Asia/Shanghai"),
    User("cy", "Cy Lin", ("engineer",), NOW),
    User("gao", "Gao Jun", ("general_manager",), NOW),
    User("old", "Old Hand", ("engineer",), NOW, active=False),
)


@pytest.fixture
async def peopled(database: Database) -> Database:
    async with database.session() as session:
        for user in PEOPLE:
            await create_user(session, user)
    return database


def away(first: date, last: date, substitute: str | None = "cy", user: str = "bo") -> Absence:
    return Absence(
        absence_id=f"{user}-{first}", user=user, first=first, last=last, reason="Leave", substitute=substitute
    )


async def test_a_profile_is_replaced_and_the_rest_of_the_person_stays(peopled: Database) -> None:
    async with peopled.session() as session:
        await set_profile(session, "bo", regions=("江苏", "上海"), skills=("AX",), reports_to="gao")
    async with peopled.reading() as session:
        user = await find_user(session, "bo")
    assert user is not None
    assert (user.regions, user.skills, user.reports_to) == (("江苏", "上海"), ("AX",), "gao")
    assert (user.name, user.roles, user.time_zone) == ("Bo Chen", ("engineer",), "Asia/Shanghai")


async def test_nobody_has_no_profile(peopled: Database) -> None:
    with pytest.raises(UserUnknown):
        async with peopled.session() as session:
            await set_profile(session, "nobody", regions=(), skills=(), reports_to=None)


async def test_an_absence_is_kept_until_it_is_taken_back(peopled: Database) -> None:
    absence = away(DAY, date(2026, 12, 3))
    async with peopled.session() as session:
        await add_absence(session, absence, by="gao", at=NOW)
    async with peopled.reading() as session:
        assert await find_absence(session, absence.absence_id) == absence
        assert await absences(session, since=date(2026, 12, 3)) == (absence,)
        assert await absences(session, since=date(2026, 12, 4)) == ()
        assert await absences(session, since=DAY, user="cy") == ()
    for _ in range(2):
        async with peopled.session() as session:
            await remove_absence(session, absence.absence_id)
    async with peopled.reading() as session:
        assert await find_absence(session, absence.absence_id) is None


async def test_nobody_is_away_twice_on_one_day(peopled: Database) -> None:
    async with peopled.session() as session:
        await add_absence(session, away(date(2026, 12, 1), date(2026, 12, 3)), by="gao", at=NOW)
    with pytest.raises(Overlaps, match="2026-12-01 to 2026-12-03"):
        async with peopled.session() as session:
            await add_absence(session, away(DAY, date(2026, 12, 1)), by="gao", at=NOW)
    async with peopled.session() as session:
        await add_absence(session, away(DAY, date(2026, 11, 30)), by="gao", at=NOW)
        await add_absence(session, away(date(2026, 12, 1), date(2026, 12, 3), user="cy"), by="gao", at=NOW)
    async with peopled.reading() as session:
        assert len(await absences(session, since=DAY)) == 3


async def test_a_substitute_stands_in_by_the_days_of_the_absent_persons_zone(peopled: Database) -> None:
    async with peopled.session() as session:
        await add_absence(session, away(date(2026, 11, 24), date(2026, 11, 24)), by="gao", at=NOW)
    shanghai_midnight = datetime(2026, 11, 23, 16, tzinfo=UTC)
    async with peopled.reading() as session:
        assert await grounds_of(session, "cy", shanghai_midnight.replace(hour=15, minute=59)) == ()
        (ground,) = await grounds_of(session, "cy", shanghai_midnight)
        assert (ground.of, ground.roles) == ("bo", frozenset({"engineer"}))
        assert ground.words == "as substitute of Bo Chen, absent until 2026-11-24"
        assert await grounds_of(session, "cy", datetime(2026, 11, 24, 16, tzinfo=UTC)) == ()
        assert await grounds_of(session, "gao", shanghai_midnight) == ()


async def test_a_deputy_holds_for_the_time_that_was_named(peopled: Database) -> None:
    limited = Deputy(deputy_id="d-1", role="general_manager", user="cy", first=DAY, last=DAY)
    always = Deputy(deputy_id="d-2", role="general_manager", user="bo")
    async with peopled.session() as session:
        for deputy in (limited, always):
            await add_deputy(session, deputy, by="gao", at=NOW)
    async with peopled.reading() as session:
        cy = await find_user(session, "cy")
        assert cy is not None
        assert await task_roles(session, cy, NOW) == {"engineer", "general_manager"}
        assert await task_roles(session, cy, datetime(2026, 11, 24, tzinfo=UTC)) == {"engineer"}
        assert len(await grounds_of(session, "bo", datetime(2030, 1, 1, tzinfo=UTC))) == 1
        assert await deputies(session, since=DAY) == (always, limited)
        assert await deputies(session, since=date(2026, 11, 24)) == (always,)
        assert await find_deputy(session, "d-1") == limited
    async with peopled.session() as session:
        await remove_deputy(session, "d-1")
    async with peopled.reading() as session:
        assert await find_deputy(session, "d-1") is None


async def test_a_zone_that_nobody_knows_shuts_nobody_out(database: Database) -> None:
    async with database.session() as session:
        await create_user(session, User("bo", "Bo", ("engineer",), NOW, time_zone="Mars/Olympus"))
        await create_user(session, User("cy", "Cy", ("engineer",), NOW))
        await add_absence(session, away(DAY, DAY), by="bo", at=NOW)
    async with database.reading() as session:
        assert [one.of for one in await grounds_of(session, "cy", NOW)] == ["bo"]


async def test_candidates_come_with_the_load_of_the_day(peopled: Database) -> None:
    tomorrow_there = datetime(2026, 11, 23, 17, tzinfo=UTC)  # 01:00 on the 24th in the case's zone
    async with peopled.session() as session:
        for number, appointment in enumerate((NOW, tomorrow_there, None), start=1):
            write = whole(
                case_id=number_of(number), engineer="bo", appointment=appointment, stage=Stage.RESOLVE,
                tasks=(task("site_visit", role="engineer", assignee="bo"),),
            )  # fmt: skip
            await write_projection(session, RUN, NOW, write)
        closed = whole(case_id=number_of(4), engineer="bo", appointment=NOW, status="closed", closed_at=NOW)
        await write_projection(session, RUN, NOW, closed)
        await add_absence(session, away(date(2026, 11, 25), date(2026, 11, 26)), by="gao", at=NOW)
    async with peopled.reading() as session:
        bo, cy = await candidates(session, DAY)
        later, _ = await candidates(session, date(2026, 11, 24))
    assert (bo.user, bo.regions, bo.skills) == ("bo", ("Shanghai",), ("noise",))
    assert (bo.open_tasks, bo.appointments, len(bo.absences)) == (3, 1, 1)
    assert (cy.user, cy.open_tasks, cy.appointments, cy.absences) == ("cy", 0, 0, ())
    assert later.appointments == 1


async def test_the_work_of_whom_one_stands_in_for_is_listed_and_counted_as_ones_own(peopled: Database) -> None:
    async with peopled.session() as session:
        write = whole(tasks=(task("site_visit", role="engineer", assignee="bo"), task("follow_up", role="x")))
        await write_projection(session, RUN, NOW, write)
    async with peopled.reading() as session:
        held = await list_tasks(session, held_by={"cy", "bo"})
        assert [view.assignee for view in held.items] == ["bo"]
        assert (await list_tasks(session, held_by={"cy"})).items == ()
        alone = await counts(session, user="cy", roles=["engineer"], now=NOW)
        standing_in = await counts(session, user="cy", roles=["engineer"], now=NOW, stands_in_for={"bo"})
    assert (alone.mine, standing_in.mine) == (0, 1)
