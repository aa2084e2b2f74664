from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from domain.case import MESSAGES, SAID_BY_PEOPLE
from tests.api.house import House, paths, problem

GOOD: dict[str, dict[str, Any]] = {
    "escalate": {"reason": "The customer threatens to leave"},
    "add_information": {"text": "It is the left blade"},
    "resume": {},
    "withdraw": {"reason": "Bought another one"},
    "reassign": {"task": "contact_customer", "assignee": "bai"},
    "correct": {"event": 1, "text": "It was the right blade"},
    "recalculate": {"reason": "The calendar was published"},
    "record_invoice": {"kind": "invoice", "number": "FP-2026-0815", "amount": "300.00"},
    "issue_document": {"kind": "service_confirmation", "reason": "The customer lost it"},
}


@pytest.fixture
async def case_id(house: House) -> str:
    return await house.open()


def _pause(house: House, **by: float) -> dict[str, Any]:
    return {"reason": "On holiday", "until": (house.parts.now() + timedelta(**by)).isoformat()}


@pytest.mark.parametrize("name", sorted(SAID_BY_PEOPLE))
async def test_every_message_is_recorded_with_who_and_when(house: House, case_id: str, name: str) -> None:
    fields = GOOD.get(name, _pause(house, days=3))
    if name == "reschedule":
        await house.engine.offer(case_id, "site_visit", "engineer")
        moved = (house.parts.now() + timedelta(days=3)).isoformat()
        fields = {"task": "site_visit", "appointment": moved, "reason": "Snow", "told": "Call to Chen Yu"}
    answer = await house.post("shen", f"/cases/{case_id}/signals/{name}", fields)
    assert answer.status_code == 202, answer.text
    [(told, signal, payload)] = house.engine.signals
    assert (told, signal) == (case_id, name)
    message = MESSAGES[name].model_validate(payload)
    assert (message.by.user, message.by.role) == ("shen", "service_manager")
    assert answer.json() == {"recorded": True, "id": message.id}


async def test_the_sender_can_choose_the_id_so_that_a_copy_is_known(house: House, case_id: str) -> None:
    answer = await house.post("lin", f"/cases/{case_id}/signals/add_information", {"id": "m-7", "text": "Left"})
    assert answer.json()["id"] == "m-7"
    assert house.engine.signals[0][2]["id"] == "m-7"


async def test_a_message_without_its_fields_or_with_others_is_refused(house: House, case_id: str) -> None:
    base = f"/cases/{case_id}/signals"
    assert paths(await house.post("lin", f"{base}/withdraw", {})) == {"reason"}
    assert paths(await house.post("lin", f"{base}/withdraw", {"reason": "x", "colour": "red"})) == {"colour"}
    assert paths(await house.post("lin", f"{base}/withdraw", {"reason": "x", "by": "gao"})) == {"by"}
    assert paths(await house.post("lin", f"{base}/add_information", {})) == {"text"}
    assert paths(await house.post("lin", f"{base}/add_information", {"attachments": ["F-0000000000000000"]})) == {
        "attachments.0"
    }
    assert paths(await house.post("lin", f"{base}/correct", {"event": 10**30, "text": "x"})) == {"event"}
    assert house.engine.signals == []


async def test_a_pause_ends_in_the_future_and_in_this_age(house: House, case_id: str) -> None:
    for far in ({"hours": -1}, {"days": 4000}):
        refused = await house.post("lin", f"/cases/{case_id}/signals/pause", _pause(house, **far))
        assert paths(refused) == {"until"}


async def test_a_task_is_reassigned_only_to_a_role_of_the_plan_and_a_person_who_has_it(
    house: House, case_id: str
) -> None:
    base = f"/cases/{case_id}/signals/reassign"
    assert paths(await house.post("shen", base, {"task": "acceptance", "role": "engineer"})) == {"task"}
    assert paths(await house.post("shen", base, {"task": "contact_customer", "role": "pilot"})) == {"role"}
    assert paths(await house.post("shen", base, {"task": "contact_customer", "assignee": "nobody"})) == {"assignee"}
    assert paths(await house.post("shen", base, {"task": "contact_customer", "assignee": "zhou"})) == {"assignee"}
    changed = {"task": "contact_customer", "role": "engineer", "assignee": "zhou"}
    assert (await house.post("shen", base, changed)).status_code == 202


async def test_a_closed_case_takes_no_message_and_says_how_it_ended(house: House, case_id: str) -> None:
    await house.engine.close_case(case_id)
    detail = problem(await house.post("lin", f"/cases/{case_id}/signals/withdraw", {"reason": "x"}), 409)["detail"]
    assert "resolved" in detail
    assert "reopened until" in detail


async def test_a_case_that_just_closed_is_said_to_be_closed(house: House, case_id: str) -> None:
    house.engine.projecting = False
    await house.engine.close_case(case_id)
    problem(await house.post("lin", f"/cases/{case_id}/signals/withdraw", {"reason": "x"}), 409)


async def test_unknown_cases_and_messages_are_not_found(house: House, case_id: str) -> None:
    problem(await house.post("lin", "/cases/C-0000000000/signals/withdraw", {"reason": "x"}), 404)
    problem(await house.post("lin", f"/cases/{case_id}/signals/explode", {}), 404)


@pytest.mark.parametrize(
    ("user", "name"),
    [("fang", "withdraw"), ("lin", "reassign"), ("audit", "escalate"), ("audit", "add_information"), ("fang", "pause")],
)
async def test_who_may_not_say_something_is_told_which_role_it_takes(
    house: House, case_id: str, user: str, name: str
) -> None:
    detail = problem(await house.post(user, f"/cases/{case_id}/signals/{name}", GOOD.get(name, {})), 403)["detail"]
    assert "role" in detail
    assert house.engine.signals == []


async def test_information_reaches_a_case_that_the_read_side_does_not_show_yet(house: House) -> None:
    house.engine.projecting = False
    case_id = await house.open()
    assert (await house.post("lin", f"/cases/{case_id}/signals/add_information", {"text": "Left"})).status_code == 202


async def test_what_workflows_tell_a_case_nobody_else_does(house: House, case_id: str) -> None:
    answer = await house.post("lin", f"/cases/{case_id}/signals/undelivered", {"reason": "made up"})
    assert answer.status_code == 404
    assert "undelivered" not in answer.json()["detail"]
    assert house.engine.signals == []
