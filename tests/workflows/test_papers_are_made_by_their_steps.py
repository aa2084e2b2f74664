"""R8, R10, M9: which step makes which paper, in one table; a paper is made again from the record as it is then."""

from __future__ import annotations

import pytest

from domain.case import MESSAGES
from domain.documents.kinds import DocumentKind
from domain.documents.made import MADE
from domain.plan import read_plans
from domain.tasks import TASKS
from tests.support.people import contacted, finished, solved_remotely
from tests.support.scene import ROOT
from tests.workflows.conftest import Opener
from workflows.service_case import ServiceCase

PLANS = read_plans(ROOT / "plans")


@pytest.mark.parametrize("made", MADE, ids=lambda made: f"{made.kind}-{made.task}-{made.moment}")
def test_each_line_names_a_task_of_some_plan_and_an_answer_of_its_form(made: object) -> None:
    line = next(one for one in MADE if one is made)
    plans = [plan for plan in PLANS.values() if line.task in plan.tasks]
    assert plans, "some plan has the task"
    assert any(
        (line.plan_has is None or line.plan_has in plan.tasks)
        and (line.plan_lacks is None or line.plan_lacks not in plan.tasks)
        for plan in plans
    )
    if line.field:
        assert line.field in TASKS[line.task].form.model_fields
        assert line.answers


def test_every_kind_but_the_index_of_the_end_is_made_by_a_step() -> None:
    assert {one.kind for one in MADE} == set(DocumentKind) - {DocumentKind.ARCHIVE_INDEX}


def test_every_message_has_its_handler() -> None:
    handled = {name for name, value in vars(ServiceCase).items() if hasattr(value, "__temporal_signal_definition")}
    assert set(MESSAGES) <= handled


@pytest.mark.clause("R8", "R10")
async def test_a_paper_says_which_record_it_was_made_of_and_is_made_again_as_a_new_version(open_case: Opener) -> None:
    scene = await open_case()
    await contacted(scene)
    await solved_remotely(scene)
    await scene.task("acceptance")
    await scene.say("issue_document", kind="handover_form", reason="By mistake")
    assert "nothing was taken back" in (await scene.event("message_refused")).data["reason"]
    await scene.say("issue_document", kind="service_confirmation", reason="The printer ate it")
    await finished(scene)
    await scene.end()
    confirmations = [order for order in scene.memory.orders if order.kind == "service_confirmation"]
    assert [(order.version, order.reason) for order in confirmations] == [
        (1, None),
        (2, "The printer ate it"),
        (3, None),
    ]
    events = {event.no: event for event in scene.memory.events(scene.case_id)}
    for order in scene.memory.orders:
        assert events[order.record.no].hash == order.record.hash, "the chain's hash at that moment"
    signed = next(event for event in events.values() if event.task == "acceptance" and event.kind == "completed")
    assert confirmations[-1].record.no >= signed.no, "the signed paper confirms the signature too"
    issued = await scene.events("document_issued")
    again = [event for event in issued if event.data["reason"]]
    assert {event.actor.role for event in again} == {"customer_service"}
    kept = scene.memory.case(scene.case_id).documents
    assert sum(one.kind == "service_confirmation" for one in kept) == 3 * 2, "each in Chinese and English, all kept"
