"""An erased case keeps its number, its days and its chain; of the people it was for, no row and no file tells."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine as AnyEngine
from sqlalchemy import event, select

from core import settings
from core.errors import NotFound, Unavailable
from core.keys import KeyDestroyed, KeyRing, open_keys
from core.keys.master import ensure_master_keys
from domain.case import CaseState, TaskStatus
from domain.case.state import Done, Information
from domain.clocks import Pace
from domain.events import Actor, EventKind, chained, customer, first_unlinked
from domain.record.erased import ERASED
from store.access import Look, note_look
from store.attachments import Attachment, add_attachment
from store.disk_files import DiskFiles
from store.drafts import Draft, save_draft
from store.erasing import AlreadyErased, Eraser, UnderHold, WhileOpen, erasure_of, lift_hold, place_hold
from store.held_requests import HeldRequest, hold_request
from store.notices import Delivery, begin_delivery
from store.projection import project
from store.queries.archives import due_for_archive
from store.queries.cases import find_case, list_cases
from store.queries.events import list_events
from store.sessions import Database
from store.submissions import Submission, record_submission
from store.tables import AccessRow, Base, EventRow, TrackingLinkRow
from tests.store.making import CASE, NOW, RUN, application, case, number_of, task, whole

MARK = "Zwetschgenmus"
"""Stands in every value of the case that tells of a person; one word, so that it is one word of a search as well."""
OTHER = number_of(2)
FILE = "F-0000000000000MARK"


@dataclass
class Engine:
    """Stands in for the engine; `away` says that it cannot be reached."""

    away: bool = False
    ended: list[str] = field(default_factory=list)

    async def end_beside(self, case_id: str) -> int:
        if self.away:
            raise Unavailable("the engine cannot be reached")
        self.ended.append(case_id)
        return 0


@dataclass
class House:
    database: Database
    files: DiskFiles
    keys: KeyRing
    engine: Engine

    @property
    def eraser(self) -> Eraser:
        return Eraser(self.database, self.files, self.keys, self.engine, Pace(epoch=NOW, speed=1))


@pytest.fixture(autouse=True)
def deleted_rows_stay_behind() -> Iterator[None]:
    """SQLite as it is by default, and not as some systems build it: what is deleted is not overwritten by itself."""

    def prepare(connection: Any, _record: Any) -> None:
        if "sqlite" in type(connection).__module__:
            cursor = connection.cursor()
            cursor.execute("PRAGMA secure_delete=OFF")
            cursor.close()

    event.listen(AnyEngine, "connect", prepare)
    yield
    event.remove(AnyEngine, "connect", prepare)


@pytest.fixture
async def house(database: Database, tmp_path: Path) -> AsyncIterator[House]:
    home = tmp_path / "home"
    home.mkdir()
    ensure_master_keys(home)
    async with open_keys(settings.load(home=home)) as keys:
        yield House(database, DiskFiles(tmp_path / "files"), keys, Engine())


def marked(case_id: str = CASE, **changes: Any) -> CaseState:
    """A closed case whose every text is marked."""
    asked = application(
        name=f"{MARK} Ltd", contact_name=MARK, email=f"{MARK}@example.com", address=MARK, region=f"{MARK}-East"
    ).model_dump()
    asked["product"] |= {"model": f"Model {MARK}", "serial_number": f"{MARK}-1", "specification": MARK}
    asked["problem"]["description"] = f"The {MARK} rattles"
    who = customer(MARK)
    told = Information(at=NOW, by=who, text=MARK, attachments=(FILE,))
    closed = {"status": "closed", "stage": "archive", "result": "resolved", "closed_at": NOW + timedelta(days=1)}
    return case(
        case_id,
        application=asked,
        opened_by=who,
        information=(told,),
        consents=({"at": NOW, "given_by": MARK, "amount": "1.00", "task": "confirm_plan"},),
        costs=({"kind": "parts", "text": MARK, "amount": "2.00", "payer": "customer"},),
        record_salt=MARK,
        **(closed | changes),
    )


async def keep(house: House, state: CaseState) -> None:
    """Writes the case with everything beside it that can name its customer."""
    by = Actor(user="wei", name=f"Wei {MARK}", role="engineer", ground=f"stands in for {MARK}")
    told = {"party": "customer", "name": MARK, "evidence": MARK}
    done = Done.model_validate(
        {"by": by, "happened_at": NOW, "entered_at": NOW, "on_behalf_of": told, "submission_id": MARK, "kept": True,
         "late_entry": False}
    )  # fmt: skip
    visit = task(
        "site_visit", status=TaskStatus.COMPLETED, role="engineer", outcome={"result": "repaired", "work": MARK},
        done=done, reason=MARK, ended_at=NOW,
    )  # fmt: skip
    first = chained(None, NOW, EventKind.OPENED, customer(MARK), None, {"name": MARK}, salt=MARK)
    second = chained(first, NOW, EventKind.COMPLETED, by, "site_visit", {"work": MARK, "file": FILE}, salt=MARK)
    write = whole(tasks=(visit,)).model_copy(update={"case": state, "events": (first, second)})
    await project(house.database, RUN, NOW, write)
    async with house.files.received(f"photo of {MARK} {state.case_id}".encode()) as received:
        async with house.database.session() as session:
            photo = Attachment(FILE, received.sha256, f"{MARK}.jpg", "image/jpeg", received.size, "wei", NOW)
            await add_attachment(session, photo, named=True)
        await house.files.keep(received)
    await house.files.write_derived(received.sha256, "small.webp", MARK.encode())
    async with house.database.session() as session:
        name = f"{state.case_id}.site_visit"
        await save_draft(session, Draft(name, "wei", NOW, {"work": MARK}, {"photos": [FILE]}))
        await record_submission(session, Submission(f"s-{MARK}", name, RUN, "site_visit", "wei", NOW, "0" * 64))
        await begin_delivery(session, Delivery(state.case_id, "n-1", f"{MARK}@example.com", "opened", "m-1"), NOW)
        held = HeldRequest("Q-1", NOW, "rapid-response", {"name": MARK}, (MARK,), "lin", NOW, state.case_id)
        await hold_request(session, held)
    for kind, subject in (("product", f"{MARK.lower()}-1"), ("file", FILE), ("case", state.case_id)):
        await house.database.run(partial(note_look, look=Look("lin", kind, subject, "page"), slot=1, at=NOW))
    await house.keys.for_subject(state.case_id)


async def rows(database: Database) -> dict[str, list[str]]:
    """Every row of every table as text, by table."""
    found = {}
    async with database.reading() as session:
        for table in Base.metadata.sorted_tables:
            made = (await session.execute(select(table))).mappings().all()
            found[table.name] = [json.dumps(dict(row), default=str, ensure_ascii=False) for row in made]
    return found


async def naming(house: House) -> list[str]:
    """The tables and files that tell the mark, in any case of letters."""
    tables = [
        f"table {name}" for name, told in (await rows(house.database)).items() if MARK.lower() in str(told).lower()
    ]
    own = (path for path in house.files.root.rglob("*") if path.is_file())
    return tables + [f"file {path.name}" for path in own if MARK.encode().lower() in path.read_bytes().lower()]


def _files_with(mark: str, folder: Path) -> list[str]:
    """The database's own files that hold the mark, in clear."""
    return [path.name for path in folder.glob("aftercare.db*") if mark.lower().encode() in path.read_bytes().lower()]


async def test_the_mark_is_everywhere_before_and_nowhere_after(house: House, tmp_path: Path) -> None:
    await keep(house, marked())
    before = await naming(house)
    tables = {name.removeprefix("table ") for name in before if name.startswith("table ")}
    assert tables >= {
        "case", "task", "event", "case_entry", "case_fact", "case_part", "attachment", "draft", "submission",
        "notice", "held_request", "access", "customer", "product", "customer_entry", "product_entry",
    }  # fmt: skip
    if house.database.is_sqlite:
        assert _files_with(MARK, tmp_path), "the control: it can be found there"
    assert len([name for name in before if name.startswith("file")]) == 2, "the photo, and its small picture"

    erased = await house.eraser.erase(CASE, by="lin", reason="the customer asked for it")
    assert erased.done
    assert erased.told == ()
    assert house.engine.ended == [CASE]
    assert await naming(house) == []
    if house.database.is_sqlite:
        assert _files_with(MARK, tmp_path) == []
    with pytest.raises(KeyDestroyed):
        await house.keys.for_subject(CASE)


async def test_what_stays_says_how_the_case_went(house: House) -> None:
    await keep(house, marked())
    await house.eraser.erase(CASE, by="lin", reason="asked for")
    async with house.database.reading() as session:
        view = await find_case(session, CASE)
        events = (await list_events(session, CASE)).items
        told = await erasure_of(session, CASE)
        listed = (await list_cases(session)).items
        found = (await list_cases(session, q=MARK)).items
        links = (await session.execute(select(TrackingLinkRow.revoked))).scalars().all()
        assert await due_for_archive(session) == (), "there is nothing left to archive"
        looks = (await session.execute(select(AccessRow.user_id, AccessRow.subject))).all()
    assert view is not None and told is not None
    assert (view.state.result, view.state.closed_at) == ("resolved", NOW + timedelta(days=1))
    assert (view.state.application.customer.name, view.state.application.problem.category) == (ERASED, "noise")
    (visit,) = view.tasks
    assert visit.task.done is not None
    assert (visit.task.done.by.user, visit.task.done.by.name, visit.task.done.kept) == ("wei", "", True)
    assert first_unlinked(events) is None, "the chain holds without what was in it"
    assert [(event.actor.user, event.data) for event in events] == [
        ("@customer", {"erased": True}),
        ("wei", {"erased": True}),
    ]
    assert (told.by, told.reason, told.facts["events"], told.facts["record_hash"]) == (
        "lin",
        "asked for",
        2,
        events[-1].hash,
    )
    assert [one.case_id for one in listed] == [CASE]
    assert found == ()
    assert list(links) == [True], "the customer's link leads nowhere"
    assert {user for user, _ in looks} == {"lin"}, "who looked stays on record"
    assert CASE in {subject for _, subject in looks}


async def test_an_open_case_an_unknown_one_and_one_under_a_hold_are_refused_and_keep_their_keys(house: House) -> None:
    await keep(house, marked(status="active", stage="register", result=None, closed_at=None))
    with pytest.raises(WhileOpen, match="the case is open"):
        await house.eraser.erase(CASE, by="lin", reason="asked for")
    with pytest.raises(NotFound):
        await house.eraser.erase(OTHER, by="lin", reason="asked for")
    await project(house.database, RUN, NOW + timedelta(hours=1), whole(2).model_copy(update={"case": marked()}))
    async with house.database.session() as session:
        await place_hold(session, CASE, by="gm", reason="a claim is before the court")
    with pytest.raises(UnderHold, match="placed by gm: a claim is before the court; lift it first"):
        await house.eraser.erase(CASE, by="lin", reason="asked for")
    assert (await house.keys.for_subject(CASE)).subject == CASE
    async with house.database.session() as session:
        await lift_hold(session, CASE, by="gm", reason="settled")
    assert (await house.eraser.erase(CASE, by="lin", reason="asked for")).done
    async with house.database.session() as session:
        with pytest.raises(AlreadyErased):
            await place_hold(session, CASE, by="gm", reason="too late")


async def test_what_another_case_speaks_of_stays_and_is_told(house: House) -> None:
    await keep(house, marked())
    same = marked(OTHER, status="active", stage="register", result=None, closed_at=None)
    await project(house.database, RUN, NOW, whole().model_copy(update={"case": same}))
    erased = await house.eraser.erase(CASE, by="lin", reason="asked for")
    assert {one["what"]: one["names"] for one in erased.told} == {"product": [OTHER], "customer": [OTHER]}
    async with house.database.reading() as session:
        other = await find_case(session, OTHER)
        mine = await find_case(session, CASE)
    assert other is not None and mine is not None
    assert other.state.application.customer.contact_name == MARK
    assert mine.state.application.product.model == ERASED, "no case of somebody else has this model"
    told = await rows(house.database)
    assert len(told["customer"]) == len(told["product"]) == 1
    assert len(told["attachment"]) == 1, "the other case names the photo too"
    await project(house.database, RUN, NOW + timedelta(hours=1), whole(2).model_copy(update={"case": marked(OTHER)}))
    await house.eraser.erase(OTHER, by="lin", reason="asked for")
    assert await naming(house) == []


async def test_what_cases_of_others_say_as_well_is_counted_on(house: House) -> None:
    await keep(house, marked())
    asked = application(name="Somebody else", region=f"{MARK}-East").model_dump()
    asked["product"] |= {"model": f"Model {MARK}", "serial_number": "OTHER-1"}
    await project(house.database, RUN, NOW, whole().model_copy(update={"case": case(OTHER, application=asked)}))
    await house.eraser.erase(CASE, by="lin", reason="asked for")
    async with house.database.reading() as session:
        mine = await find_case(session, CASE)
        other = await find_case(session, OTHER)
    assert mine is not None and other is not None
    assert (mine.summary.model, mine.summary.region) == (f"Model {MARK}", f"{MARK}-East")
    assert other.state.application.customer.name == "Somebody else"


async def test_a_crash_in_between_is_made_good_by_the_next_run(house: House) -> None:
    await keep(house, marked())
    house.engine.away = True
    first = await house.eraser.erase(CASE, by="lin", reason="asked for")
    assert not first.done
    assert len([path for path in house.files.root.rglob("*") if path.is_file()]) == 2
    house.engine.away = False
    assert [one.case_id for one in await house.eraser.again()] == [CASE]
    assert await naming(house) == []
    assert await house.eraser.again() == [], "nothing is left to do"
    again = await house.eraser.erase(CASE, by="somebody", reason="once more")
    assert (again.by, again.reason, again.at) == ("lin", "asked for", first.at)


async def test_a_backup_from_before_is_erased_again_by_what_the_ring_of_keys_knows(house: House) -> None:
    await keep(house, marked())
    gone = await house.keys.destroy(CASE, by="gm", reason="asked for long ago")
    await house.keys.destroy(OTHER, by="gm", reason="a case this database never had")
    (erased,) = await house.eraser.again()
    assert (erased.by, erased.reason, erased.at) == ("gm", "asked for long ago", gone.at)
    assert await naming(house) == []


async def test_a_chain_that_was_tampered_with_shows_after_the_erasure_too(house: House) -> None:
    await keep(house, marked())
    await house.eraser.erase(CASE, by="lin", reason="asked for")
    async with house.database.session() as session:
        last = await session.get_one(EventRow, (CASE, 2))
        last.digest = "1" * 64
    async with house.database.reading() as session:
        assert first_unlinked((await list_events(session, CASE)).items) == 2
