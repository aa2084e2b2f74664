"""Checks, samples and reviews are kept on both databases; one check of a kind runs for a case at a time."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from functools import partial

from temporalio.testing import ActivityEnvironment

from activities.auditing import Audits
from core.errors import NotFound
from domain.record import Audited, AuditKind, Finding
from domain.record.auditing import AuditDone, AuditOrder
from domain.record.sampling import Chosen, Criteria, Drawn, draw
from store.audits import ask_audit, erase_findings, keep_audit, keep_sample, review_case
from store.projection import write_projection
from store.queries.audits import candidates, find_sample, latest_of_each, latest_results, results_of_case
from store.sessions import Database
from tests.store.making import CASE, NOW, whole

FOUND = Finding(place="event 3", what="it was changed", recorded="Acme", found=None)


def _audited(*findings: Finding) -> Audited:
    return Audited.of(CASE, AuditKind.REPLAY, findings, notes=("seen",), code_version="1.2.3", at=NOW)


class Double:
    """An auditor that says what it is told to; an exception is raised."""

    def __init__(self, says: Audited | Exception) -> None:
        self.says, self.asked = says, list[str]()

    async def replay(self, case_id: str) -> Audited:
        self.asked.append(f"replay {case_id}")
        if isinstance(self.says, Exception):
            raise self.says
        return self.says

    async def verify(self, case_id: str) -> Audited:
        self.asked.append(f"verify {case_id}")
        return await self.replay(case_id)


async def _asked(database: Database, kind: AuditKind = AuditKind.REPLAY) -> str:
    async with database.session() as session:
        return await ask_audit(session, CASE, kind, by="audra", at=NOW)


async def test_people_who_press_at_once_ask_for_one_check(database: Database, other: Database) -> None:
    ids = set(await asyncio.gather(*(_asked(one) for one in (database, other) * 4)))
    assert len(ids) == 1
    assert await _asked(database, AuditKind.VERIFY) not in ids
    async with database.session() as session:
        await keep_audit(session, ids.copy().pop(), _audited())
    assert await _asked(database) not in ids, "another one can be asked for once it is done"


async def test_an_outcome_is_kept_once_and_told_with_who_asked(database: Database) -> None:
    audit_id = await _asked(database)
    for outcome in (_audited(FOUND), _audited()):
        async with database.session() as session:
            await keep_audit(session, audit_id, outcome)
    async with database.reading() as session:
        (kept,) = await results_of_case(session, CASE)
        assert (kept.asked_by, kept.asked_at, kept.done_at, kept.code_version) == ("audra", NOW, NOW, "1.2.3")
        assert kept.passed is False and kept.findings == (FOUND,) and kept.notes == ("seen",)
        assert await latest_results(session) == (kept,)
        assert await latest_of_each(session, [CASE, "C-0000000002"]) == {CASE: (kept,)}


async def test_the_activity_keeps_what_the_auditor_found_and_gives_the_engine_none_of_it(database: Database) -> None:
    double = Double(_audited(FOUND))
    order = AuditOrder(audit_id=await _asked(database), case_id=CASE, kind=AuditKind.REPLAY)
    done = await ActivityEnvironment().run(Audits(database, double).audit_case, order)
    assert done == AuditDone(passed=False, findings=1)
    assert "Acme" not in done.model_dump_json()
    assert double.asked == [f"replay {CASE}"]
    async with database.reading() as session:
        (kept,) = await results_of_case(session, CASE)
    assert kept.findings == (FOUND,)


async def test_what_cannot_be_checked_is_neither_passed_nor_found(database: Database) -> None:
    order = AuditOrder(audit_id=await _asked(database), case_id=CASE, kind=AuditKind.REPLAY)
    audits = Audits(database, Double(NotFound("the engine has no such history any more")))
    assert await ActivityEnvironment().run(audits.audit_case, order) == AuditDone(passed=None, findings=0)
    async with database.reading() as session:
        (kept,) = await results_of_case(session, CASE)
    assert kept.done_at is not None and kept.passed is None
    assert kept.notes == ("the engine has no such history any more",)


async def test_an_erasure_takes_what_findings_and_reviews_say(database: Database) -> None:
    audit_id = await _asked(database)
    wanted = Criteria(since=NOW, until=NOW + timedelta(days=1), size=1)
    async with database.session() as session:
        await keep_audit(session, audit_id, _audited(FOUND))
        chosen = (Chosen(case_id=CASE, drawn=Drawn.ANY),)
        sample_id = await keep_sample(session, wanted, "x", chosen, by="audra", at=NOW)
        await review_case(session, sample_id, CASE, finding=True, remark="Acme again", by="audra", at=NOW)
    await database.run(partial(erase_findings, case_id=CASE))
    async with database.reading() as session:
        (kept,) = await results_of_case(session, CASE)
        sample = await find_sample(session, sample_id)
    assert (kept.passed, kept.findings, kept.notes) == (False, (), ())
    assert sample is not None and sample.reviews[CASE].finding and sample.reviews[CASE].remark == ""


async def test_a_sample_is_drawn_from_what_was_closed_in_its_period(database: Database) -> None:
    for number in range(6):
        closed = whole(case_id=f"C-{number:010d}", status="closed", closed_at=NOW - timedelta(days=number))
        async with database.session() as session:
            await write_projection(session, "run-1", NOW, closed)
    wanted = Criteria(since=NOW - timedelta(days=4), until=NOW, size=2)
    async with database.reading() as session:
        found = await candidates(session, wanted)
    assert sorted(one.case_id[-1] for one in found) == ["1", "2", "3", "4"]
    async with database.session() as session:
        sample_id = await keep_sample(session, wanted, "x", draw(found, wanted, "x"), by="audra", at=NOW)
    async with database.reading() as session:
        sample = await find_sample(session, sample_id)
        assert await find_sample(session, "S-none") is None
    assert sample is not None
    assert (sample.criteria, sample.seed, sample.cases) == (wanted, "x", draw(reversed(found), wanted, "x"))
