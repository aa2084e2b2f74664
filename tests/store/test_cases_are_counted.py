"""Cases are counted by what their completed tasks say (Q8)."""

from __future__ import annotations

from domain.case import TaskState, TaskStatus
from domain.statistics import REPAIRS, RETURNS, Sorted
from store.projection import write_projection
from store.queries.statistics import count_cases
from store.sessions import Database
from tests.store.making import NOW, RUN, number_of, task, whole


def ended(kind: str, status: TaskStatus = TaskStatus.COMPLETED, **outcome: str) -> TaskState:
    return task(kind, status=status, outcome=outcome, ended_at=NOW)


async def test_a_case_counts_once_by_what_was_done_in_it(database: Database) -> None:
    cases = (
        (ended("site_repair", work_done="Bearing changed"), ended("workshop_repair", work_done="Shaft too")),
        (ended("service_visit", result="served", report="Two people trained"),),
        (ended("factory_inspection", result="repaired", report="Board changed"),),
        (ended("factory_inspection", result="not_repairable", report="Housing cracked"),),
        (ended("site_repair", TaskStatus.OBSOLETE, work_done="Withdrawn before it was sent"),),
        (ended("receive_item", result="received"), ended("return_item", carrier="By hand")),
        (ended("receive_item", result="lost"),),
    )
    async with database.session() as session:
        for number, tasks in enumerate(cases, start=1):
            await write_projection(session, RUN, NOW, whole(case_id=number_of(number), tasks=tasks))
    async with database.reading() as session:
        counted = [await count_cases(session, Sorted.MODEL, having=having) for having in (None, REPAIRS, RETURNS)]
    assert counted == [{"Lathe 200": 7}, {"Lathe 200": 2}, {"Lathe 200": 1}]
