"""My work as the database gives it: whose it is, narrowed by what stands in the address, in the order of urgency."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain.case import TaskState, TaskStatus
from domain.plan import Stage
from store.assignments import claim, delegate
from store.projection import write_projection
from store.queries.paging import BadCursor
from store.queries.worklist import NOBODY, Due, Held, Moment, Scope, Wanted, Worker, worklist
from store.sessions import Database
from tests.store.making import CASE, NOW, RUN, application, number_of, task, whole

HOUR = timedelta(hours=1)
AT = Moment(now=NOW, day_ends=NOW + 8 * HOUR)
WEI = Worker(people=frozenset({"wei"}), roles=frozenset({"customer_service"}))
OTHER = number_of(2)


def _due(key: str, hours: float | None, **changes: object) -> TaskState:
    due = NOW + hours * HOUR if hours is not None else None
    return task(key, **{"due_at": due, "first_due_at": due, **changes})


@pytest.fixture
async def filled(database: Database) -> Database:
    """One case with tasks of every state, and one of another plan and region; wei holds a task of each."""
    ended = {"status": TaskStatus.COMPLETED, "ended_at": NOW}
    first = (
        _due("acceptance", 9),
        _due("follow_up", None, status=TaskStatus.CREATED),
        _due("site_visit", -1, status=TaskStatus.SUSPENDED),
        _due("contact_customer", -2),
        _due("settlement", 3, first_due_at=NOW - 5 * HOUR, breached_at=NOW - 5 * HOUR, escalation_level=1),
        _due("engineer_call", -9, **ended, assignee="wei"),
        _due("remote_diagnosis", 1, role="engineer"),
    )
    second = (_due("await_parts", 2, role="engineer", assignee="wei", stage=Stage.RESOLVE), _due("payment", 24 * 30))
    async with database.session() as session:
        await write_projection(session, RUN, NOW, whole(case_id=CASE, tasks=first))
        asked = application(name="上海机械有限公司", region="Lombardia")
        write = whole(case_id=OTHER, tasks=second, plan="trading", application=asked)
        await write_projection(session, RUN, NOW, write)
        await claim(session, f"{CASE}.acceptance", user="wei", by="wei", at=NOW)
    return database


async def _keys(database: Database, worker: Worker = WEI, **wanted: object) -> list[str]:
    async with database.reading() as session:
        page = await worklist(session, worker, Wanted(**wanted), AT)  # type: ignore[arg-type] # one type each
    return [view.task.key for view in page.items]


async def test_what_is_mine_and_what_is_offered_stand_in_one_order(filled: Database) -> None:
    todo = ["settlement", "contact_customer", "site_visit", "await_parts", "acceptance", "payment", "follow_up"]
    assert await _keys(filled) == todo
    assert await _keys(filled, scope=Scope.MINE) == ["await_parts", "acceptance"]
    assert await _keys(filled, scope=Scope.OFFERED) == [key for key in todo if key not in ("await_parts", "acceptance")]


async def test_the_work_of_my_roles_and_everybodys_leave_out_what_ended(filled: Database) -> None:
    roles = ["settlement", "contact_customer", "site_visit", "acceptance", "payment", "follow_up"]
    assert await _keys(filled, scope=Scope.ROLES) == roles
    assert sorted(await _keys(filled, scope=Scope.ALL)) == sorted([*roles, "remote_diagnosis", "await_parts"])
    nobody = Worker(people=frozenset({"audra"}), roles=frozenset())
    assert await _keys(filled, nobody) == []
    assert await _keys(filled, nobody, scope=Scope.ROLES) == []


async def test_many_roles_list_the_same_as_few(filled: Database) -> None:
    many = Worker(WEI.people, frozenset({"customer_service", *(f"role_{number}" for number in range(12))}))
    for scope in Scope:
        assert await _keys(filled, many, scope=scope) == await _keys(filled, scope=scope)


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({"role": "engineer"}, ["await_parts"]),
        ({"scope": Scope.ALL, "role": "engineer"}, ["remote_diagnosis", "await_parts"]),
        ({"plan": "trading"}, ["await_parts", "payment"]),
        ({"region": "Lombardia"}, ["await_parts", "payment"]),
        ({"stage": "resolve"}, ["await_parts"]),
        ({"kind": "acceptance"}, ["acceptance"]),
        ({"due": Due.LATE}, ["settlement", "contact_customer"]),
        ({"due": Due.TODAY}, ["await_parts"]),
        ({"due": Due.WEEK}, ["await_parts", "acceptance"]),
        ({"due": Due.UNDATED}, ["follow_up"]),
        ({"state": Held.PAUSED}, ["site_visit"]),
        ({"state": Held.HELD}, ["await_parts", "acceptance"]),
        ({"state": Held.OFFERED, "due": Due.LATE}, ["settlement", "contact_customer"]),
        ({"scope": Scope.ALL, "holder": "wei"}, ["await_parts", "acceptance"]),
        ({"scope": Scope.ALL, "holder": NOBODY, "role": "engineer"}, ["remote_diagnosis"]),
        ({"q": "机械"}, ["await_parts", "payment"]),
        ({"q": "机械", "scope": Scope.MINE}, ["await_parts"]),
        ({"q": "5555 0101", "due": Due.LATE}, ["settlement", "contact_customer"]),
        ({"q": "acme", "scope": Scope.ALL, "role": "engineer"}, ["remote_diagnosis"]),
        ({"q": "%"}, []),
        ({"plan": "'; --"}, []),
    ],
)
async def test_each_filter_narrows_the_list(filled: Database, wanted: dict[str, object], expected: list[str]) -> None:
    assert await _keys(filled, WEI, **wanted) == expected


async def test_who_holds_a_task_follows_claims_and_what_the_workflow_says_later(filled: Database) -> None:
    async with filled.session() as session:
        await delegate(session, f"{OTHER}.await_parts", holder="wei", to="ann", by="wei", at=NOW)
    assert await _keys(filled, scope=Scope.MINE) == ["acceptance"]
    async with filled.session() as session:
        taken = _due("acceptance", 9, assignee="ann", assignment=1)
        write = whole(2, case_id=CASE, tasks=(taken,)).model_copy(update={"whole": False})
        await write_projection(session, RUN, NOW, write)
    assert await _keys(filled, scope=Scope.MINE) == []
    ann = Worker(frozenset({"ann"}), frozenset())
    assert await _keys(filled, ann, scope=Scope.MINE) == ["await_parts", "acceptance"]


async def test_a_claim_outlives_a_later_write_and_a_rebuilt_case(filled: Database) -> None:
    async with filled.session() as session:
        again = whole(2, case_id=CASE, tasks=(_due("acceptance", 4),))
        await write_projection(session, RUN, NOW, again)
    assert await _keys(filled, scope=Scope.MINE) == ["await_parts", "acceptance"]


async def test_pages_of_several_roles_join_without_gap_or_repeat(filled: Database) -> None:
    worker = Worker(WEI.people, frozenset({"customer_service", "engineer"}))
    seen: list[str] = []
    cursor: str | None = None
    async with filled.reading() as session:
        whole_list = (await worklist(session, worker, Wanted(), AT)).items
        for _ in range(9):
            page = await worklist(session, worker, Wanted(), AT, cursor=cursor, limit=2)
            seen, cursor = seen + [view.task_id for view in page.items], page.next
            if cursor is None:
                break
        assert seen == [view.task_id for view in whole_list]
        assert len(seen) == 8
        with pytest.raises(BadCursor):
            await worklist(session, worker, Wanted(), AT, cursor="WyJ0YXNrcyIsMSwiYSJd")
