"""Absence, substitution and deputies over the API: who may do whose tasks, and what the record says."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.api.house import CONTACTED, House, paths, problem

CALLED = {"reached": "yes", "method": "factory_return"}


def absence(house: House, user: str = "wang.lei", substitute: str | None = "zhou", **changes: Any) -> dict[str, Any]:
    today = house.parts.now().date()
    days = {"first": f"{today - timedelta(days=1)}", "last": f"{today + timedelta(days=2)}"}
    return {"user": user, "reason": "Leave", "substitute": substitute, **days, **changes}


@pytest.fixture
async def held(house: House) -> str:
    """A task that Wang Lei holds."""
    case_id = await house.open()
    await house.engine.offer(case_id, "engineer_call", "engineer", assignee="wang.lei")
    return f"{case_id}.engineer_call"


async def _delete(house: House, user: str, path: str) -> Any:
    return await house.client.delete(f"/api/v1{path}", headers=house.headers(user))


async def test_a_substitute_does_a_task_of_whom_is_absent_and_the_record_says_for_whom(house: House, held: str) -> None:
    assert "Wang Lei" in problem(await house.complete("zhou", held, CALLED), 403)["detail"]
    await house.post("wang.lei", "/absences", absence(house))
    assert (await house.complete("zhou", held, CALLED)).status_code == 200
    by = house.engine.completions[0][2]["by"]
    until = house.parts.now().date() + timedelta(days=2)
    assert (by["user"], by["role"]) == ("zhou", "engineer")
    assert by["ground"] == f"as substitute of Wang Lei, absent until {until}"


async def test_a_substitute_of_another_role_does_it_too_but_gets_no_other_right(house: House, held: str) -> None:
    await house.post("wang.lei", "/absences", absence(house, substitute="fang"))
    assert (await house.complete("fang", held, CALLED)).status_code == 200
    case_id = held.partition(".")[0]
    problem(await house.post("fang", f"/cases/{case_id}/signals/withdraw", {"reason": "x"}), 403)


async def test_a_substitute_can_take_a_task_over_and_give_it_back(house: House, held: str) -> None:
    await house.post("wang.lei", "/absences", absence(house))
    assert (await house.post("zhou", f"/tasks/{held}/claim")).json()["assignee"] == "zhou"
    assert (await house.post("zhou", f"/tasks/{held}/release")).json()["assignee"] is None


async def test_an_absence_that_is_taken_back_takes_the_ground_with_it(house: House, held: str) -> None:
    entered = (await house.post("wang.lei", "/absences", absence(house))).json()
    problem(await _delete(house, "zhou", f"/absences/{entered['absence_id']}"), 403)
    assert (await _delete(house, "wang.lei", f"/absences/{entered['absence_id']}")).status_code == 204
    problem(await _delete(house, "wang.lei", f"/absences/{entered['absence_id']}"), 404)
    problem(await house.complete("zhou", held, CALLED), 403)


async def test_an_absence_that_lies_ahead_gives_no_ground_yet(house: House, held: str) -> None:
    today = house.parts.now().date()
    later = {"first": f"{today + timedelta(days=3)}", "last": f"{today + timedelta(days=4)}"}
    assert (await house.post("wang.lei", "/absences", absence(house, **later))).status_code == 201
    problem(await house.complete("zhou", held, CALLED), 403)


async def test_nobody_lends_out_roles_that_they_have_not_got(house: House) -> None:
    """A dispatcher plans engineers; the general manager's absence is the general manager's word alone."""
    for user in ("deng", "shen", "zhou"):
        refused = problem(await house.post(user, "/absences", absence(house, "gao", user)), 403)
        assert "Gao Jun" in refused["detail"]
    assert (await house.post("deng", "/absences", absence(house))).status_code == 201
    assert (await house.post("gao", "/absences", absence(house, "gao", "shen"))).status_code == 201
    assert (await house.post("admin", "/absences", absence(house, "lin", "bai"))).status_code == 201
    problem(await house.post("audit", "/absences", absence(house, "audit", "bai")), 403)


async def test_an_absence_that_makes_no_sense_is_refused_by_field(house: House) -> None:
    today = house.parts.now().date()
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"last": f"{today - timedelta(days=2)}"}, "last"),
        ({"first": f"{today - timedelta(days=9)}", "last": f"{today - timedelta(days=8)}"}, "last"),
        ({"last": f"{today + timedelta(days=900)}"}, "last"),
        ({"substitute": "wang.lei"}, "substitute"),
        ({"substitute": "nobody"}, "substitute"),
        ({"substitute": "audit"}, "substitute"),
        ({"user": "nobody"}, "user"),
        ({"first": "tomorrow"}, "first"),
        ({"first": "0001-01-01"}, "first"),
        ({"reason": " "}, "reason"),
        ({"paid": True}, "paid"),
    ]
    for changes, path in wrong:
        assert paths(await house.post("admin", "/absences", absence(house, **changes))) == {path}, changes
    assert (await house.get("admin", "/absences")).json()["items"] == []
    await house.post("admin", "/absences", absence(house))
    assert paths(await house.post("admin", "/absences", absence(house))) == {"first"}


async def test_the_reason_of_an_absence_is_told_to_those_who_plan_it(house: House) -> None:
    await house.post("wang.lei", "/absences", absence(house, reason="Illness"))
    for user, told in (("lin", None), ("zhou", None), ("wang.lei", "Illness"), ("deng", "Illness")):
        (item,) = (await house.get(user, "/absences?user=wang.lei")).json()["items"]
        assert (item["reason"], item["substitute"]) == (told, "zhou")
    assert (await house.get("lin", "/absences?user=zhou")).json()["items"] == []


@pytest.mark.clause("X1")
async def test_the_general_managers_deputy_does_the_tasks_of_the_role_and_the_record_says_so(house: House) -> None:
    case_id = await house.open()
    await house.engine.offer(case_id, "special_case", "general_manager")
    task, decision = f"{case_id}.special_case", {"decision": "go_on", "reason": "Talked with all sides"}
    problem(await house.complete("shen", task, decision), 403)
    named = await house.post("gao", "/deputies", {"role": "general_manager", "user": "shen"})
    assert named.status_code == 201
    assert (await house.complete("shen", task, decision)).status_code == 200
    by = house.engine.completions[0][2]["by"]
    assert (by["user"], by["role"], by["ground"]) == ("shen", "general_manager", "as deputy")
    shown = (await house.get("lin", "/deputies")).json()["items"]
    assert [(one["role"], one["user"], one["last"]) for one in shown] == [("general_manager", "shen", None)]


async def test_a_task_can_be_given_to_a_deputy_and_not_after_the_time_ended(house: House) -> None:
    task = f"{await house.open()}.contact_customer"
    assert paths(await house.post("lin", f"/tasks/{task}/delegate", {"to": "deng"})) == {"to"}
    named = (await house.post("lin", "/deputies", {"role": "customer_service", "user": "deng"})).json()
    assert (await house.post("lin", f"/tasks/{task}/delegate", {"to": "deng"})).json()["assignee"] == "deng"
    assert (await _delete(house, "bai", f"/deputies/{named['deputy_id']}")).status_code == 204
    problem(await house.complete("deng", task, CONTACTED), 403)
    problem(await _delete(house, "lin", f"/deputies/{named['deputy_id']}"), 404)


async def test_deputies_are_named_by_those_who_have_the_role(house: House) -> None:
    today = house.parts.now().date()
    body: dict[str, Any] = {"role": "general_manager", "user": "deng"}
    for user in ("deng", "shen", "audit"):
        problem(await house.post(user, "/deputies", body), 403)
    assert paths(await house.post("admin", "/deputies", body | {"role": "admin"})) == {"role"}
    assert paths(await house.post("gao", "/deputies", body | {"user": "nobody"})) == {"user"}
    assert paths(await house.post("gao", "/deputies", body | {"user": "gao"})) == {"user"}
    assert paths(await house.post("gao", "/deputies", body | {"user": "audit"})) == {"user"}
    ended = body | {"first": f"{today - timedelta(days=9)}", "last": f"{today - timedelta(days=8)}"}
    assert paths(await house.post("gao", "/deputies", ended)) == {"last"}
    backwards = body | {"first": f"{today}", "last": f"{today - timedelta(days=1)}"}
    assert paths(await house.post("gao", "/deputies", backwards)) == {"last"}
    assert (await house.post("gao", "/deputies", body)).status_code == 201
    assert paths(await house.post("gao", "/deputies", body)) == {"user"}
    problem(await _delete(house, "deng", f"/deputies/{(await _named(house))}"), 403)


async def _named(house: House) -> str:
    items = (await house.get("lin", "/deputies")).json()["items"]
    return str(items[0]["deputy_id"])
