"""How a solved case is accepted, settled, followed up, filed, and opened again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.support.people import (
    acceptance_refused,
    accepted,
    agreed,
    assigned,
    at_the_factory,
    confirmed,
    contacted,
    decided,
    factory_found,
    factory_repaired,
    finished,
    followed_up,
    no_answer,
    repaired_on_site,
    returned,
    settled,
    solved_remotely,
    visited,
)
from tests.support.scene import APPLICATION, Scene
from tests.workflows.conftest import Opener
from tests.workflows.endings import result_of


@pytest.mark.clause("R7", "R8")
async def test_an_agreed_repair_that_fails_is_settled_as_well(open_case: Opener) -> None:
    scene = await open_case()
    await at_the_factory(scene)
    await factory_found(scene, "needs_consent")
    await confirmed(scene)
    await factory_repaired(scene, "not_repairable")
    await decided(scene, "waive_cost")
    await returned(scene)
    await settled(scene)
    await followed_up(scene)
    assert await result_of(scene) == "unresolved"
    assert scene.memory.case(scene.case_id).customer_owes() == 0


@pytest.mark.clause("R8")
async def test_a_refused_acceptance_sends_the_case_back_to_be_resolved(open_case: Opener) -> None:
    scene = await open_case()
    await contacted(scene)
    await solved_remotely(scene)
    await scene.advance(hours=20)
    await acceptance_refused(scene, "It still rattles")
    assignment = await scene.task("assign_engineer")
    assert assignment.due_at and assignment.due_at > await scene.now(), "counts from the refusal, not the old diagnosis"
    await assigned(scene)
    await agreed(scene, "on_site")
    await visited(scene)
    await confirmed(scene)
    await repaired_on_site(scene)
    await accepted(scene, key="acceptance-2")
    await settled(scene)
    await followed_up(scene)
    assert await result_of(scene) == "resolved"


@pytest.mark.clause("R8", "X8")
async def test_a_refusal_says_who_refused_and_on_what_evidence(open_case: Opener) -> None:
    scene = await open_case()
    await contacted(scene)
    await solved_remotely(scene)
    await scene.do("acceptance", decision="refused", refusal="It still rattles")
    reason = (await scene.event("outcome_refused", "acceptance")).data["reason"]
    assert "refused_by" in reason
    assert "evidence" in reason
    await acceptance_refused(scene, "It still rattles")
    await scene.task("assign_engineer")


@pytest.mark.clause("R8")
async def test_a_signature_on_paper_needs_the_scan(open_case: Opener) -> None:
    scene = await open_case()
    await contacted(scene)
    await solved_remotely(scene)
    await accepted_on_paper(scene)
    assert "attachments" in (await scene.event("outcome_refused", "acceptance")).data["reason"]
    await accepted_on_paper(scene, attachments=["F-ABCDEFGH1234"])
    await scene.task("settlement")


async def accepted_on_paper(scene: Scene, **more: Any) -> None:
    await scene.do(
        "acceptance",
        decision="accepted",
        checks="Runs",
        signed_by="Chen Yu",
        signature="paper",
        evidence="Form 12",
        **more,
    )


@pytest.mark.clause("R9")
async def test_the_follow_up_runs_beside_settlement_in_either_order(open_case: Opener) -> None:
    for first, second in ((settled, followed_up), (followed_up, settled)):
        scene = await open_case()
        await contacted(scene)
        await solved_remotely(scene)
        await accepted(scene)
        await scene.task("settlement")
        await scene.task("follow_up")
        await first(scene)
        assert (await scene.state()).stage == "settle"
        await second(scene)
        assert await result_of(scene) == "resolved"


@pytest.mark.clause("R10")
async def test_the_archive_files_everything_together_in_both_languages(open_case: Opener) -> None:
    scene = await open_case(customer={**APPLICATION["customer"], "language": "en"})
    await contacted(scene)
    await solved_remotely(scene)
    await finished(scene)
    await scene.end()
    documents = {(document.kind, document.language) for document in scene.memory.case(scene.case_id).documents}
    kinds = ("service_confirmation", "archive_index")
    assert documents == {(kind, language) for kind in kinds for language in ("zh-CN", "en")}
    order = scene.memory.orders[-1]
    assert order.kind == "archive_index"
    assert order.case.work_order
    assert [task.kind for task in order.tasks] == [
        "contact_customer",
        "remote_diagnosis",
        "acceptance",
        "settlement",
        "follow_up",
    ]
    assert all(task.outcome for task in order.tasks)
    assert [event.kind for event in await scene.events()][-1] == "closed"


@pytest.mark.clause("X6")
async def test_a_reopened_case_names_the_old_one_and_says_until_when_it_can_be_reopened(open_case: Opener) -> None:
    first = await open_case()
    await contacted(first)
    await solved_remotely(first)
    await finished(first)
    await first.end()
    closed = first.memory.case(first.case_id)
    assert closed.closed_at and closed.reopen_until == closed.closed_at + timedelta(days=30)
    second = await open_case(reopened_from=first.case_id)
    assert (await second.state()).reopened_from == first.case_id
    assert (await second.event("opened")).data["reopened_from"] == first.case_id


@pytest.mark.clause("X12")
async def test_a_customer_who_never_signs_is_a_decision(open_case: Opener) -> None:
    for decision, result in (("go_on", "resolved"), ("end_unresolved", "unresolved")):
        scene = await open_case()
        await contacted(scene)
        await solved_remotely(scene)
        await no_answer(scene, "acceptance")
        await scene.do("decide_on_silence", decision=decision, reason="Three reminders in vain")
        if decision == "go_on":
            await settled(scene)
            await followed_up(scene)
        assert await result_of(scene) == result
