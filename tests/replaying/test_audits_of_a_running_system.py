"""Audits beside a worker that goes on: what is whole passes, what was touched is named by table, row and column."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, update

from store.assignments import claim
from store.projected import LACKS, ONLY_HERE, PROJECTED, stored_rows
from store.tables import CaseRow, DocumentRow, EventRow, TaskRow, UsedTimeRow
from tests.replaying.conftest import House

OPEN_TASK = "remote_diagnosis"


async def change(house: House, *statements: Any) -> None:
    """Touches the database behind everybody's back."""
    async with house.database.session() as session:
        for statement in statements:
            await session.execute(statement)


def test_every_table_that_is_written_with_a_case_is_compared() -> None:
    names = {table.name for table in PROJECTED}
    assert {"case", "task", "event", "document", "shipment", "used_time", "case_entry"} <= names


async def test_what_nobody_touched_passes_every_audit(house: House) -> None:
    opened, closed = await house.open(), await house.closed()
    for command in (["replay", opened.case_id, closed.case_id], ["compare"], ["rebuild", "--dry-run"]):
        done = await house.audit(*command, *([] if command[0] == "rebuild" else ["-j", "1"]))
        assert done.exit_code == 0, done.output
    assert "2 cases compared, nothing found" in (await house.audit("compare", "-j", "1")).output


async def test_open_and_closed_cases_are_found_by_what_they_are(house: House) -> None:
    opened, closed = await house.open(), await house.closed()
    await house.listed()
    for option, case_id, other in (
        ("--open", opened.case_id, closed.case_id),
        ("--closed", closed.case_id, opened.case_id),
    ):
        done = await house.audit("replay", option, "--json", "-j", "1")
        lines = {line["case_id"]: line for line in map(json.loads, done.stdout.splitlines())}
        assert lines[case_id]["passed"], lines[case_id]
        assert other not in lines


def another_state(case_id: str) -> list[Any]:
    return [update(CaseRow).where(CaseRow.case_id == case_id).values(customer_name="Somebody Else")]


def another_due(case_id: str) -> list[Any]:
    due = datetime(2031, 1, 1, tzinfo=UTC)
    return [update(TaskRow).where(TaskRow.task_id == f"{case_id}.{OPEN_TASK}").values(due_at=due)]


def another_entry(case_id: str) -> list[Any]:
    return [update(EventRow).where(EventRow.case_id == case_id, EventRow.no == 2).values(data={"stage": "settle"})]


def a_dropped_entry(case_id: str) -> list[Any]:
    return [delete(EventRow).where(EventRow.case_id == case_id, EventRow.no == 3)]


def a_dropped_task(case_id: str) -> list[Any]:
    return [delete(TaskRow).where(TaskRow.task_id == f"{case_id}.contact_customer")]


def a_dropped_case(case_id: str) -> list[Any]:
    return [delete(CaseRow).where(CaseRow.case_id == case_id)]


def an_added_paper(case_id: str) -> list[Any]:
    row = {
        "case_id": case_id, "document_id": "D-FORGED", "kind": "handover_form", "language": "en", "version": 1,
        "file": "F-0000000000", "sha256": "0" * 64, "size": 1, "issued_at": datetime(2026, 3, 2, tzinfo=UTC),
        "record_no": 1, "record_hash": "0" * 64, "remarks": [], "by": None, "reason": None,
    }  # fmt: skip
    return [insert(DocumentRow).values(row)]


def added_time(case_id: str) -> list[Any]:
    row = {"case_id": case_id, "promise": "repaired", "party": "company", "role": "engineer", "microseconds": 1}
    row |= {"whose": "rapid-response/repaired/company/engineer", "opened": 1, "cases": 1}
    return [insert(UsedTimeRow).values(row)]


TOUCHED: dict[Callable[[str], list[Any]], tuple[str, ...]] = {
    another_state: ("table case, row {case}, column customer_name", "found Somebody Else"),
    another_due: ("table task, row {case}.remote_diagnosis, column due_at", "found 2031-01-01T00:00:00+00:00"),
    another_entry: ("table event, row {case}.2, column data.stage", "recorded register", "found settle"),
    a_dropped_entry: ("table event, row {case}.3", LACKS),
    a_dropped_task: ("table task, row {case}.contact_customer", LACKS),
    a_dropped_case: ("table case, row {case}", LACKS),
    an_added_paper: ("table document, row {case}.D-FORGED", ONLY_HERE),
    added_time: ("table used_time, row {case}.", ONLY_HERE),
}


@pytest.mark.parametrize("touch", TOUCHED, ids=lambda touch: str(touch.__name__))
async def test_what_was_touched_is_named_by_table_row_and_column_and_written_anew(
    touch: Callable[[str], list[Any]], house: House
) -> None:
    scene = await house.open()
    await change(house, *touch(scene.case_id))
    compared = await house.audit("compare", scene.case_id, "-j", "1")
    assert compared.exit_code == 1
    lines = [line for line in compared.output.splitlines() if line.startswith("  ")]
    told = [part.format(case=scene.case_id) for part in TOUCHED[touch]]
    assert any(all(part in line for part in told) for line in lines), compared.output
    if touch is not a_dropped_case:
        assert len(lines) == 1, lines

    dry = await house.audit("rebuild", scene.case_id, "--dry-run")
    assert "would be rebuilt" in dry.output
    assert (await house.audit("compare", scene.case_id, "-j", "1")).exit_code == 1, "a dry run writes nothing"
    rebuilt = await house.audit("rebuild", scene.case_id)
    assert rebuilt.exit_code == 0, rebuilt.output
    again = await house.audit("compare", scene.case_id, "-j", "1")
    assert again.exit_code == 0, again.output


async def test_a_replay_holds_the_database_against_the_replayed_case(house: House) -> None:
    scene = await house.open()
    async with house.database.session() as session:
        row = await session.get_one(TaskRow, f"{scene.case_id}.{OPEN_TASK}", with_for_update=True)
        row.state = {**row.state, "role": "engineer"}
    done = await house.audit("replay", scene.case_id, "-j", "1")
    assert done.exit_code == 1
    assert f"database: tasks.{OPEN_TASK}.role" in done.output
    assert "recorded engineer" in done.output


async def test_a_case_that_nobody_has_a_history_of_is_surplus(house: House) -> None:
    scene = await house.open()
    async with house.database.session() as session:
        table = CaseRow.__table__
        row = (await session.execute(select(table).where(table.c.case_id == scene.case_id))).mappings().one()
        await session.execute(insert(CaseRow).values({**row, "case_id": "C-FORGED0000"}))
    compared = await house.audit("compare", "C-FORGED0000", "-j", "1")
    assert compared.exit_code == 1
    assert "neither the engine nor an archive has its history" in compared.output
    rebuilt = await house.audit("rebuild", "C-FORGED0000")
    assert rebuilt.exit_code == 1
    assert "its rows were left as they are" in rebuilt.output


async def test_a_rebuild_beside_a_case_that_goes_on_leaves_nothing_behind(house: House) -> None:
    """Messages arrive while its rows are written anew, over and over; in the end everything is there."""
    scene = await house.open()

    async def tells() -> None:
        for number in range(12):
            await scene.say("add_information", text=f"Note {number}")
            await asyncio.sleep(0.15)

    telling = asyncio.create_task(tells())
    codes = []
    while not telling.done():
        codes.append((await house.audit("rebuild", scene.case_id)).exit_code)
    await telling
    await house.written(scene)
    assert len(codes) >= 2
    assert set(codes) == {0}
    compared = await house.audit("compare", scene.case_id, "-j", "1")
    assert compared.exit_code == 0, compared.output
    async with house.database.reading() as session:
        rows = await stored_rows(session, scene.case_id)
    texts = [row["data"].get("text") for row in rows["event"].values()]
    assert [text for text in texts if text] == [f"Note {number}" for number in range(12)]


async def test_claims_survive_a_rebuild_and_settle_who_holds_the_task(house: House) -> None:
    scene = await house.open()
    task_id = f"{scene.case_id}.{OPEN_TASK}"
    async with house.database.session() as session:
        await claim(session, task_id, user="lin", by="lin", at=datetime.now(UTC))
    assert (await house.audit("compare", scene.case_id, "-j", "1")).exit_code == 0
    assert (await house.audit("rebuild", scene.case_id)).exit_code == 0
    async with house.database.reading() as session:
        assert (await session.get_one(TaskRow, task_id)).holder == "lin"
    await change(house, update(TaskRow).where(TaskRow.task_id == task_id).values(holder="somebody"))
    compared = await house.audit("compare", scene.case_id, "-j", "1")
    assert f"table task, row {task_id}, column holder" in compared.output
    assert "recorded lin, found somebody" in compared.output
