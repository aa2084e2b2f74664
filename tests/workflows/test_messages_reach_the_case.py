"""Messages to a case: acted on once and in order; what does not apply or cannot be read is recorded as refused."""

from __future__ import annotations

from typing import Any

import pytest

from domain.case import MESSAGES
from tests.support.people import assigned, contacted, dispatched, finished, solved_remotely, visited
from tests.support.scene import person
from tests.support.ways import walk_to
from tests.workflows.conftest import Opener

PHOTO = "F-ABCDEFGH1234"


@pytest.mark.clause("X7")
async def test_information_is_added_at_any_step_and_reaches_whoever_holds_the_task(open_case: Opener) -> None:
    scene = await open_case()
    for step in ("contact_customer", "remote_diagnosis", "assign_engineer"):
        await scene.task(step)
        await scene.say("add_information", text=f"Seen at {step}", attachments=[PHOTO], by=person("engineer"))
        await scene.rest()
        added = (await scene.state()).information[-1]
        assert (added.text, added.attachments, added.by.role) == (f"Seen at {step}", (PHOTO,), "engineer")
        if step == "contact_customer":
            await contacted(scene)
        elif step == "remote_diagnosis":
            await scene.do(step, result="complex", findings="Worn", explanation="A visit")
    assert len(await scene.events("information_added")) == 3
    await assigned(scene)


@pytest.mark.clause("X7")
async def test_information_without_text_or_files_is_refused(open_case: Opener) -> None:
    scene = await open_case()
    await scene.task("contact_customer")
    await scene.say("add_information")
    assert (await scene.event("message_refused")).data["reason"] == "neither text nor files"


@pytest.mark.clause("X8", "X11")
async def test_a_correction_is_a_new_entry_that_names_the_old_one(open_case: Opener) -> None:
    scene = await open_case()
    await contacted(scene)
    wrong = await scene.event("completed", "contact_customer")
    await scene.say("correct", event=wrong.no, text="The blade of machine 7, not 4", by=person("service_manager"))
    corrected = await scene.event("corrected")
    assert (corrected.data["corrects"], corrected.actor.role) == (wrong.no, "service_manager")
    assert (await scene.events("completed"))[0] == wrong, "the old entry stands as it was"
    (right,) = (await scene.state()).corrections
    assert (right.event, right.task, right.text) == (wrong.no, "contact_customer", "The blade of machine 7, not 4")
    await scene.say("correct", event=999, text="x")
    assert "no entry 999" in (await scene.event("message_refused")).data["reason"]


async def test_a_task_is_given_to_another_person_and_its_clock_goes_on(open_case: Opener) -> None:
    scene = await open_case()
    await walk_to(scene, "engineer_call")
    before = await scene.task("engineer_call")
    await scene.say("reassign", task="engineer_call", assignee="zhao.min", reason="Wang Lei is ill")
    await scene.rest()
    after = await scene.task("engineer_call")
    assert (after.assignee, after.assignment, after.role) == ("zhao.min", before.assignment + 1, "engineer")
    assert (after.due_at, after.activity_id) == (before.due_at, before.activity_id)
    await scene.do("engineer_call", reached="yes", method="factory_return")
    assert (await scene.state()).engineer == "zhao.min"
    assert (await scene.event("reassigned")).data["reason"] == "Wang Lei is ill"


async def test_a_task_is_given_to_another_role(open_case: Opener) -> None:
    scene = await open_case()
    await scene.task("contact_customer")
    await scene.say("reassign", task="contact_customer", role="service_manager")
    await scene.rest()
    assert (await scene.task("contact_customer")).role == "service_manager"
    await scene.say("reassign", task="settlement")
    await scene.say("reassign", task="contact_customer", role="cook")
    await scene.rest()
    reasons = [event.data["reason"] for event in await scene.events("message_refused")]
    assert reasons == ["settlement is not an open task", "the plan has no role cook"]


async def test_a_copy_of_a_message_is_ignored(open_case: Opener) -> None:
    scene = await open_case()
    await scene.task("contact_customer")
    for _ in range(3):
        await scene.say("add_information", id="M-1", text="Once")
    await scene.rest()
    assert len(await scene.events("information_added")) == 1
    assert not await scene.events("message_refused")


@pytest.mark.parametrize("sent", [[], [None], ["text"], [[1, 2]], [{"id": "M"}, {"id": "N"}], [{"id": "M", "x": 1}]])
async def test_a_message_of_the_wrong_shape_is_recorded_as_refused(open_case: Opener, sent: list[Any]) -> None:
    scene = await open_case()
    await scene.task("contact_customer")
    for name in [*MESSAGES, "dance"]:
        await scene.handle.signal(name, args=sent)
    await scene.rest()
    refused = await scene.events("message_refused")
    assert [event.data["message"] for event in refused] == [*MESSAGES, "dance"]
    assert refused[-1].data["reason"] == "there is no such message"
    await contacted(scene)
    await scene.task("remote_diagnosis")


@pytest.mark.parametrize("result", [None, 7, "done", ["x"], {}, {"outcome": {"reached": "yes"}}])
async def test_a_completion_of_the_wrong_shape_is_refused_and_the_task_offered_again(
    open_case: Opener, result: Any
) -> None:
    scene = await open_case()
    first = await scene.task("contact_customer")
    await scene.complete_raw("contact_customer", result)
    await scene.event("outcome_refused", "contact_customer")
    again = await scene.task("contact_customer")
    assert (again.activity_id, again.due_at) == ("contact_customer~2", first.due_at)
    await contacted(scene)
    await scene.task("remote_diagnosis")


@pytest.mark.parametrize(
    "outcome",
    [
        {"reached": "perhaps"},
        {"reached": "yes"},
        {"reached": "yes", "requirement": "Repair", "colour": "red"},
        {"reached": "yes", "requirement": "x" * 4001},
        {"reached": "yes", "requirement": "bell \x07"},
    ],
    ids=["unknown choice", "needed field missing", "unknown key", "too long", "control character"],
)
async def test_an_outcome_that_does_not_fit_its_form_is_refused(open_case: Opener, outcome: dict[str, Any]) -> None:
    scene = await open_case()
    await scene.do("contact_customer", **outcome)
    refused = await scene.event("outcome_refused", "contact_customer")
    assert refused.data["reason"]
    assert (await scene.task("contact_customer")).activity_id == "contact_customer~2"


async def test_what_arrives_as_the_case_ends_is_refused_or_acted_on_never_lost(open_case: Opener) -> None:
    scene = await open_case()
    await contacted(scene)
    await solved_remotely(scene)
    await scene.task("acceptance")
    scene.memory.failing = True  # the end of the case waits for the read side
    await finished(scene)
    for number in range(3):
        await scene.say("add_information", text=f"Late {number}")
    scene.memory.failing = False
    assert (await scene.end()).result == "resolved"
    kinds = [str(event.kind) for event in await scene.events()]
    assert kinds.count("information_added") + kinds.count("message_refused") == 3


@pytest.mark.clause("X9", "R6")
async def test_consent_names_who_gave_it_and_the_evidence(open_case: Opener) -> None:
    scene = await open_case()
    await dispatched(scene, "on_site")
    await visited(scene)
    await scene.do("confirm_plan", decision="confirmed")
    reason = (await scene.event("outcome_refused", "confirm_plan")).data["reason"]
    assert "given_by" in reason and "evidence" in reason
    assert "site_repair" not in await scene.tasks()
