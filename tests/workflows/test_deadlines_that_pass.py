"""A deadline that passes is an outcome (X1): reminded before, recorded, told, and the task can still be done."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from itertools import pairwise

import pytest

from domain.tasks import TASKS
from tests.support.people import acknowledged, at_the_factory, contacted, decided, factory_found, returned
from tests.support.scene import ROOT, Scene, person
from tests.support.ways import WAYS_OF_PLAN, published, request_for, walk_to
from tests.workflows.conftest import Opener

OF_ESCALATION = {"acknowledge_breach", "chase", "special_case"}


def _clauses(plan: str, task: str) -> tuple[str, ...]:
    """The clauses that a task of a plan fulfils: those of its declaration and of its budget."""
    source = published(plan).rule(task).source
    return (TASKS[task].clause,) if source == "house" else tuple(dict.fromkeys((TASKS[task].clause, source)))


def _marks(plan: str, task: str) -> list[pytest.MarkDecorator]:
    """The clauses, and for all plans but the first that their clocks are run by `make trace` and not each time."""
    clauses = pytest.mark.clause(*_clauses(plan, task))
    return [clauses] if plan == "rapid-response" else [clauses, pytest.mark.every]


CLOCKS = [
    pytest.param(plan, name, marks=_marks(plan, name), id=f"{plan}-{name}")
    for plan, ways in WAYS_OF_PLAN.items()
    for name in ways
]
"""Every clock of every plan."""


async def until_due(scene: Scene, key: str) -> None:
    """Lets time pass until a task's present deadline has passed and is on record."""
    task = await scene.task(key)
    assert task.due_at
    await scene.advance(seconds=(task.due_at - await scene.now()).total_seconds() + 1)
    for _ in range(100):  # what was late to be offered, by a busy machine, is late to time out
        if (await scene.tasks())[key].escalation_level > task.escalation_level:
            return
        await asyncio.sleep(0.05)
    raise AssertionError(f"the deadline of {key} passed unnoticed")


def test_there_is_a_way_to_every_task_of_every_plan() -> None:
    plans = {file.stem for file in (ROOT / "plans").glob("*.toml")}
    assert {name: set(ways) for name, ways in WAYS_OF_PLAN.items()} == {
        name: set(published(name).tasks_met) for name in plans
    }


@pytest.mark.clause("X1", "X2")
@pytest.mark.parametrize(("plan", "name"), CLOCKS)
async def test_every_task_is_reminded_of_then_late_then_told_and_still_to_be_done(
    open_case: Opener, plan: str, name: str
) -> None:
    published_plan = published(plan)
    scene = await open_case(plan=published_plan, **request_for(plan, name))
    await walk_to(scene, name, plan)
    task, offered = await scene.task(name), await scene.event("offered", name)
    assert task.activity_id and task.due_at and task.remind_at
    assert (await scene.timeouts())[task.activity_id] == task.due_at - offered.at
    await until_due(scene, name)
    late = await scene.task(name)
    reminded, breached = await scene.event("reminded", name), await scene.event("breached", name)
    assert task.remind_at <= reminded.at < task.due_at <= breached.at < task.due_at + timedelta(seconds=5)
    assert (late.escalation_level, late.first_due_at) == (1, task.due_at)
    assert late.due_at and late.due_at > breached.at, "the task can still be done, with the budget of the next level"
    told = [other for other in (await scene.tasks()).values() if other.about == name and other.kind != "chase"]
    if name in OF_ESCALATION:
        assert told == [], "what is itself an escalation repeats as a reminder"
    else:
        assert [(other.kind, other.role) for other in told] == [
            ("acknowledge_breach", published_plan.superior_of(task.role))
        ]


@pytest.mark.clause("X1")
async def test_the_superior_acknowledges_and_the_task_is_done_late(open_case: Opener) -> None:
    scene = await open_case()
    await until_due(scene, "contact_customer")
    await scene.do("acknowledge_breach", measures="Li Na calls now")
    await contacted(scene)
    done = (await scene.tasks())["contact_customer"].done
    assert done and not done.kept
    assert (await scene.event("completed", "contact_customer")).data["kept"] is False
    await scene.task("remote_diagnosis")


@pytest.mark.clause("X1")
async def test_a_second_lapse_reaches_the_general_manager(open_case: Opener) -> None:
    scene = await open_case()
    await until_due(scene, "contact_customer")
    await until_due(scene, "contact_customer")
    special = await scene.task("special_case")
    assert (special.role, special.about) == ("general_manager", "contact_customer")
    assert (await scene.task("contact_customer")).escalation_level == 2
    await decided(scene, "go_on")
    await contacted(scene)
    await scene.task("remote_diagnosis")


@pytest.mark.clause("X1")
async def test_doing_the_late_task_makes_the_decision_about_its_lateness_needless(open_case: Opener) -> None:
    scene = await open_case()
    await until_due(scene, "contact_customer")
    await until_due(scene, "contact_customer")
    await scene.task("special_case")
    await contacted(scene)
    await scene.task("remote_diagnosis")
    await scene.rest()
    tasks = await scene.tasks()
    assert tasks["special_case"].status == "obsolete"
    assert tasks["acknowledge_breach"].is_open, "an acknowledgement is owed all the same"


@pytest.mark.clause("X1", "X3")
async def test_a_general_manager_who_does_not_decide_is_reminded_every_day(open_case: Opener) -> None:
    scene = await open_case()
    await scene.task("contact_customer")
    await scene.say("escalate", reason="The customer threatens to go to court")
    await scene.task("special_case")
    for level in range(1, 5):
        await until_due(scene, "special_case")
        assert (await scene.task("special_case")).escalation_level == level
    lapses = [event.at for event in await scene.events("breached") if event.task == "special_case"]
    gaps = [later - earlier for earlier, later in pairwise(lapses)]
    assert all(gap <= timedelta(days=12) for gap in gaps), "a working day each, also over the longest holidays"
    assert len([event for event in await scene.events("reminded") if event.task == "special_case"]) >= 3
    await decided(scene, "end", end_as="unresolved")
    for key, task in (await scene.open_tasks()).items():
        if task.kind == "acknowledge_breach":
            await acknowledged(scene, key=key)
    assert (await scene.end()).result == "unresolved"


@pytest.mark.clause("X1", "R7")
async def test_what_waits_on_the_factory_is_chased_by_the_role_that_owns_the_contact(open_case: Opener) -> None:
    scene = await open_case()
    await walk_to(scene, "chase")
    chase = await scene.task("chase")
    assert (chase.role, chase.about) == ("customer_service", "factory_inspection")
    await factory_found(scene, "repaired")
    await scene.task("return_item")
    await scene.rest()
    assert (await scene.tasks())["chase"].status == "obsolete", "what arrived need not be asked after"


@pytest.mark.clause("X1", "R7")
async def test_a_task_that_is_not_needed_any_more_leaves_no_decision_behind(open_case: Opener) -> None:
    scene = await open_case()
    await at_the_factory(scene)
    await until_due(scene, "progress_update")
    await until_due(scene, "progress_update")
    assert (await scene.task("special_case")).about == "progress_update"
    await factory_found(scene, "repaired")
    await returned(scene)
    await scene.task("acceptance")
    await scene.rest()
    tasks = await scene.tasks()
    assert [tasks[key].status for key in ("progress_update", "special_case")] == ["obsolete", "obsolete"]


@pytest.mark.clause("X8")
async def test_a_late_entry_of_what_happened_in_time_keeps_the_promise(open_case: Opener) -> None:
    scene = await open_case()
    called = await scene.now() + timedelta(hours=11)
    await until_due(scene, "contact_customer")
    await contacted(scene, happened_at=called, by=person("customer_service", "li.na"))
    done = (await scene.tasks())["contact_customer"].done
    assert done and done.kept and done.late_entry
    assert done.happened_at == called < done.entered_at
    assert done.by.user == "li.na"


@pytest.mark.clause("X8")
async def test_who_enters_for_the_factory_says_for_whom_and_on_what_evidence(open_case: Opener) -> None:
    scene = await open_case()
    await walk_to(scene, "factory_receipt")
    task = await scene.task("factory_receipt")
    assert task.activity_id
    now = await scene.now()
    behalf = {"party": "factory", "name": "Zhao Min", "evidence": "Mail of this morning"}
    await scene.complete_raw(
        task.activity_id,
        {
            "outcome": {"result": "received", "condition": "Dry"},
            "submission_id": "entered-for-the-factory",
            "by": person("customer_service").model_dump(mode="json"),
            "entered_at": now.isoformat(),
            "happened_at": (now - timedelta(hours=1)).isoformat(),
            "on_behalf_of": behalf,
        },
    )
    await scene.task("factory_inspection")
    assert (await scene.event("completed", "factory_receipt")).data["on_behalf_of"] == behalf
