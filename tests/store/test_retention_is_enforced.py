"""What plans do not keep any longer goes by the product's clock; what is held stays and is named."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from core import settings
from core.errors import Unavailable
from core.keys import KeyDestroyed, KeyRing, open_keys
from core.keys.master import ensure_master_keys
from domain.clocks import Pace
from domain.plan.retention import Retention, span_after
from domain.record.retention import NotDone
from store.archives.places import ArchiveFolder
from store.disk_files import DiskFiles
from store.erasing import Eraser, erasure_of, lift_hold, place_hold
from store.erasing.due import coming_cases, holds_in_force
from store.erasing.keeping import Keeper
from store.projection import project
from store.queries.cases import find_case
from store.sessions import Database
from store.tables import Base, RetentionRunRow
from tests.store.making import NOW, RUN, case, number_of, whole

THREE_YEARS = Retention(personal_data="3 years", archive="10 years")
CLOSED = NOW
ONE, TWO, OPEN, KEPT = (number_of(number) for number in (1, 2, 3, 4))


@dataclass
class Engine:
    away: bool = False
    forgotten: list[str] = field(default_factory=list)

    async def end_beside(self, _case_id: str) -> int:
        return 0

    async def forget(self, case_id: str) -> int:
        if self.away:
            raise Unavailable("the engine cannot be reached")
        self.forgotten.append(case_id)
        return 1


@dataclass
class House:
    database: Database
    files: DiskFiles
    keys: KeyRing
    archives: ArchiveFolder
    engine: Engine = field(default_factory=Engine)

    def keeper(self, at: datetime) -> Keeper:
        """What enforces retention while the product's clock shows `at`."""
        eraser = Eraser(self.database, self.files, self.keys, self.engine, Pace(epoch=NOW, speed=1))
        return Keeper(eraser, self.engine, self.archives, clock=lambda: at)


@pytest.fixture
async def house(database: Database, tmp_path: Path) -> AsyncIterator[House]:
    home = tmp_path / "home"
    home.mkdir()
    ensure_master_keys(home)
    async with open_keys(settings.load(home=home)) as keys:
        made = House(database, DiskFiles(tmp_path / "files"), keys, ArchiveFolder(tmp_path / "archives"))
        ended: dict[str, Any] = {"status": "closed", "stage": "archive", "result": "resolved", "closed_at": CLOSED}
        kept_for: dict[str, Any] = {"retention": THREE_YEARS}
        for number, changes in enumerate((ended | kept_for, ended | kept_for, kept_for, ended), start=1):
            state = case(number_of(number), **changes)
            await project(database, RUN, NOW, whole().model_copy(update={"case": state}))
            await keys.for_subject(state.case_id)
            place = tmp_path / "archives" / "2026" / f"{state.case_id}.aftercare"
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(b"sealed")
        yield made


def after(span: str, *, less: timedelta = timedelta()) -> datetime:
    return span_after(CLOSED, span) - less


async def test_nothing_goes_before_its_day_and_then_the_personal_data_alone(house: House) -> None:
    early = await house.keeper(after("3 years", less=timedelta(seconds=1))).enforce("r-1")
    assert (early.counted, early.erased, early.removed) == (0, (), ())
    on_the_day = await house.keeper(after("3 years")).enforce("r-2")
    assert (on_the_day.counted, on_the_day.erased, on_the_day.removed) == (2, (ONE, TWO), ())
    with pytest.raises(KeyDestroyed):
        await house.keys.for_subject(ONE)
    assert (await house.keys.for_subject(OPEN)).subject == OPEN, "an open case is never due"
    assert (await house.keys.for_subject(KEPT)).subject == KEPT, "its plan keeps everything"
    async with house.database.reading() as session:
        told = await erasure_of(session, ONE)
        kept = await find_case(session, ONE)
    assert told is not None and kept is not None
    assert (told.by, told.done, told.removed_at) == ("retention", True, None)
    assert "the time for which the plan keeps it has passed (Rapid response)" in told.reason
    assert house.engine.forgotten == []
    again = await house.keeper(after("3 years")).enforce("r-3")
    assert again.counted == 0, "done once"


async def test_when_the_archive_has_had_its_time_all_but_a_tombstone_goes(house: House) -> None:
    report = await house.keeper(after("10 years")).enforce("r-1")
    assert (report.erased, report.removed, report.failed) == ((), (ONE, TWO), ())
    assert house.engine.forgotten == [ONE, TWO]
    assert sorted([name async for name in house.archives.names()]) == [
        f"2026/{OPEN}.aftercare",
        f"2026/{KEPT}.aftercare",
    ]
    async with house.database.reading() as session:
        assert await find_case(session, ONE) is None
        left = await erasure_of(session, ONE)
        tables = [table.name for table in Base.metadata.sorted_tables if "case_id" in table.columns]
        naming = [
            name
            for name in tables
            if (
                await session.execute(
                    select(Base.metadata.tables[name]).where(Base.metadata.tables[name].c.case_id == ONE)
                )
            ).first()
            is not None
        ]
    assert left is not None and left.removed_at is not None
    assert (left.facts["result"], left.facts["events"]) == ("resolved", 1)
    # the link leads nowhere; the product is one of cases that stay
    assert sorted(naming) == ["erasure", "product", "tracking_link"]


async def test_what_is_held_stays_is_named_each_time_and_goes_when_the_hold_is_lifted(house: House) -> None:
    async with house.database.session() as session:
        await place_hold(session, ONE, by="gao", reason="before the court")
    for run in ("r-1", "r-2"):
        report = await house.keeper(after("10 years")).enforce(run)
        assert [(one.case_id, one.by, one.reason) for one in report.held] == [(ONE, "gao", "before the court")]
    assert (await house.keys.for_subject(ONE)).subject == ONE
    async with house.database.session() as session:
        assert [one.case_id for one in await holds_in_force(session, limit=10)] == [ONE]
        await lift_hold(session, ONE, by="gao", reason=None)
    assert (await house.keeper(after("10 years")).enforce("r-3")).removed == (ONE,)


async def test_what_fails_is_told_with_why_and_done_by_the_next_run(house: House) -> None:
    house.engine.away = True
    report = await house.keeper(after("10 years")).enforce("r-1")
    assert report.removed == ()
    assert report.failed == tuple(NotDone(case_id=one, why="the engine cannot be reached") for one in (ONE, TWO))
    house.engine.away = False
    assert (await house.keeper(after("10 years")).enforce("r-2")).removed == (ONE, TWO)


async def test_the_same_run_again_goes_on_with_the_same_report(house: House) -> None:
    await house.keeper(after("3 years")).enforce("r-1")
    again = await house.keeper(after("3 years")).enforce("r-1")
    assert again.erased == (ONE, TWO)
    async with house.database.reading() as session:
        (run,) = await session.execute(select(RetentionRunRow.report, RetentionRunRow.at, RetentionRunRow.ended_at))
    assert (run.report["erased"], run.at, run.ended_at is not None) == ([ONE, TWO], after("3 years"), True)


async def test_a_dry_run_tells_the_same_and_does_nothing(house: House) -> None:
    async with house.database.session() as session:
        await place_hold(session, TWO, by="gao", reason="before the court")
    told = await house.keeper(after("3 years")).foretell()
    assert (told.erased, [one.case_id for one in told.held], told.dry) == ((ONE,), [TWO], True)
    assert (await house.keeper(after("10 years")).foretell()).removed == (ONE,)
    assert (await house.keys.for_subject(ONE)).subject == ONE


async def test_what_comes_next_is_told_in_the_order_of_its_days(house: House) -> None:
    async with house.database.reading() as session:
        first = await coming_cases(session, CLOSED, limit=10)
    assert [(one.case_id, one.removes, one.at) for one in first] == [
        (ONE, False, after("3 years")),
        (TWO, False, after("3 years")),
    ]
    await house.keeper(after("3 years")).enforce("r-1")
    async with house.database.reading() as session:
        then = await coming_cases(session, after("3 years"), limit=1)
    assert [(one.case_id, one.removes, one.at) for one in then] == [(ONE, True, after("10 years"))]
