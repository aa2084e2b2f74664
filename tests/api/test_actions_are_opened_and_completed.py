"""Q8: an action is opened from a report's row, done by its department, verified by somebody else, called off."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.api.house import House, paths, problem


def an_order(house: House, **changes: Any) -> dict[str, Any]:
    today = house.parts.now().date()
    return {
        "plan": "rapid-response",
        "kind": "corrective",
        "title": "Change the seal's supplier",
        "why": "Leaks doubled",
        "role": "engineer",
        "due_on": str(today + timedelta(days=10)),
        "verify_role": "service_manager",
        "verify_on": str(today + timedelta(days=60)),
        "finding": {"of": "repairs", "by": "category", "key": "leak"},
        **changes,
    }


async def opened(house: House, **changes: Any) -> str:
    answer = await house.post("deng", "/actions", an_order(house, **changes))
    assert answer.status_code == 201, answer.text
    return str(answer.json()["action"]["action_id"])


@pytest.mark.clause("Q8")
async def test_it_is_opened_once_listed_and_shown_with_the_form_of_its_step(house: House) -> None:
    number = await opened(house, action_id="A-0000000007")
    assert number == await opened(house, action_id="A-0000000007") == "A-0000000007"
    (one,) = (await house.get("audit", "/actions?open=true&role=engineer")).json()["items"]
    assert one["action"]["order"]["finding"]["key"] == "leak"
    assert one["form"]["required"] == ["done"]
    assert not one["overdue"]
    assert (await house.get("audit", "/actions?role=factory")).json()["items"] == []
    problem(await house.post("deng", "/actions", an_order(house, action_id="A-0000000007", title="Other")), 409)
    problem(await house.get("audit", "/actions/A-0000000001"), 404)
    problem(await house.get("audit", "/actions/nonsense"), 404)


@pytest.mark.clause("Q8")
async def test_what_does_not_fit_is_named_and_nothing_begins(house: House) -> None:
    assert paths(await house.post("deng", "/actions", an_order(house, role="cook"))) == {"role"}
    assert paths(await house.post("deng", "/actions", an_order(house, due_on="2020-01-01"))) == {"due_on"}
    assert paths(await house.post("deng", "/actions", an_order(house, verify_on="2020-01-01"))) == {"verify_on"}
    assert paths(await house.post("deng", "/actions", an_order(house, owner="nobody"))) == {"owner"}
    assert paths(await house.post("deng", "/actions", an_order(house, owner="lin"))) == {"owner"}
    assert paths(await house.post("deng", "/actions", an_order(house, plan="none-such"))) == {"plan"}
    assert "title" in paths(await house.post("deng", "/actions", {}))
    problem(await house.post("fang", "/actions", an_order(house)), 403)
    assert house.engine.begun == {}


@pytest.mark.clause("Q8")
async def test_its_step_is_done_by_its_department_and_its_owner(house: House) -> None:
    number = await opened(house, owner="wang.lei")
    done = {"outcome": {"done": "New supplier"}, "submission_id": "s-1"}
    problem(await house.post("lin", f"/actions/{number}/complete", done), 403)
    problem(await house.post("zhou", f"/actions/{number}/complete", done), 403)
    assert paths(await house.post("wang.lei", f"/actions/{number}/complete", {**done, "outcome": {}})) == {
        "outcome.done"
    }
    early = {**done, "happened_at": "2020-01-01T00:00:00Z"}
    assert paths(await house.post("wang.lei", f"/actions/{number}/complete", early)) == {"happened_at"}
    assert (await house.post("wang.lei", f"/actions/{number}/complete", done)).status_code == 200
    ((sent_to, step, completion),) = house.engine.completions
    assert (sent_to, step, completion["by"]["user"]) == (number, "carry_out_action", "wang.lei")


@pytest.mark.clause("Q8")
async def test_it_is_called_off_with_a_reason_by_who_may_open_one(house: House) -> None:
    number = await opened(house)
    problem(await house.post("fang", f"/actions/{number}/call-off", {"reason": "No"}), 403)
    assert paths(await house.post("deng", f"/actions/{number}/call-off", {"reason": ""})) == {"reason"}
    assert (await house.post("deng", f"/actions/{number}/call-off", {"reason": "Not made any more"})).status_code == 200
    assert [(one, name) for one, name, _ in house.engine.signals] == [(number, "call_off")]
