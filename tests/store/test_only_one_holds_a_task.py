from __future__ import annotations

from typing import Any

import pytest

from store.assignments import Held, TaskUnknown, claim, delegate, release
from store.projection import write_projection
from store.queries.tasks import ShownState, TaskView, find_task
from store.sessions import Database
from tests.store.making import CASE, NOW, RUN, part, task, whole

TASK = f"{CASE}.contact_customer"


@pytest.fixture(autouse=True)
async def _a_case(database: Database) -> None:
    await _project(database, 1)


async def _project(database: Database, revision: int, **changes: Any) -> None:
    write = part(revision, tasks=(task(**changes),)) if revision > 1 else whole(tasks=(task(**changes),))
    async with database.session() as session:
        await write_projection(session, RUN, NOW, write)


async def _claim(database: Database, user: str) -> Held:
    async with database.session() as session:
        return await claim(session, TASK, user=user, by=user, at=NOW)


async def _shown(database: Database) -> TaskView:
    async with database.reading() as session:
        view = await find_task(session, TASK)
    assert view
    return view


async def test_a_claimed_task_is_reserved_for_who_claimed_it(database: Database) -> None:
    assert (await _shown(database)).state is ShownState.READY
    assert await _claim(database, "wei") == Held(won=True, assignee="wei")
    shown = await _shown(database)
    assert (shown.state, shown.assignee) == (ShownState.RESERVED, "wei")


async def test_the_second_who_claims_learns_who_holds_it(database: Database) -> None:
    await _claim(database, "wei")
    assert await _claim(database, "anna") == Held(won=False, assignee="wei")
    assert (await _shown(database)).assignee == "wei"


async def test_claiming_again_what_is_already_mine_succeeds(database: Database) -> None:
    await _claim(database, "wei")
    assert await _claim(database, "wei") == Held(won=True, assignee="wei")


async def test_only_the_holder_releases_and_then_another_can_claim(database: Database) -> None:
    await _claim(database, "wei")
    async with database.session() as session:
        assert await release(session, TASK, holder="anna", by="anna", at=NOW) == Held(won=False, assignee="wei")
        assert await release(session, TASK, holder="wei", by="wei", at=NOW) == Held(won=True, assignee=None)
    assert (await _shown(database)).state is ShownState.READY
    assert (await _claim(database, "anna")).won


async def test_a_task_is_delegated_by_its_holder(database: Database) -> None:
    await _claim(database, "wei")
    async with database.session() as session:
        assert (await delegate(session, TASK, holder="anna", to="bo", by="anna", at=NOW)).won is False
        assert await delegate(session, TASK, holder="wei", to="anna", by="wei", at=NOW) == Held(
            won=True, assignee="anna"
        )
    assert (await _shown(database)).assignee == "anna"


async def test_an_assignment_by_the_workflow_overrules_an_earlier_claim(database: Database) -> None:
    await _claim(database, "wei")
    await _project(database, 2, assignee="bo", assignment=1)
    assert (await _shown(database)).assignee == "bo"
    assert await _claim(database, "wei") == Held(won=False, assignee="bo")


async def test_a_claim_after_the_workflows_assignment_holds_again(database: Database) -> None:
    await _claim(database, "wei")
    await _project(database, 2, assignee=None, assignment=1)
    assert (await _shown(database)).assignee is None
    assert await _claim(database, "anna") == Held(won=True, assignee="anna")
    assert (await _shown(database)).assignee == "anna"


async def test_releasing_what_the_workflow_assigned_gives_it_to_the_role(database: Database) -> None:
    await _project(database, 2, assignee="bo", assignment=1)
    async with database.session() as session:
        assert (await release(session, TASK, holder="bo", by="bo", at=NOW)).won
    assert (await _shown(database)).assignee is None


async def test_a_claim_stays_when_the_same_offer_is_written_again(database: Database) -> None:
    await _claim(database, "wei")
    await _project(database, 2, escalation_level=1, activity_id="contact_customer~2")
    assert (await _shown(database)).assignee == "wei"


async def test_an_unknown_task_cannot_be_claimed(database: Database) -> None:
    with pytest.raises(TaskUnknown):
        async with database.session() as session:
            await claim(session, "C-0000000009.contact_customer", user="wei", by="wei", at=NOW)
