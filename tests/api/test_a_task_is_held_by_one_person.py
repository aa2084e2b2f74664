from __future__ import annotations

import asyncio

import pytest

from tests.api.house import CONTACTED, House, paths, problem


@pytest.fixture
async def task(house: House) -> str:
    return f"{await house.open()}.contact_customer"


async def test_of_two_people_who_claim_at_once_one_wins_and_the_other_learns_who(house: House, task: str) -> None:
    answers = await asyncio.gather(house.post("lin", f"/tasks/{task}/claim"), house.post("bai", f"/tasks/{task}/claim"))
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    holder = next(answer.json()["assignee"] for answer in answers if answer.status_code == 200)
    detail = next(problem(answer, 409)["detail"] for answer in answers if answer.status_code == 409)
    assert {"lin": "Lin Na", "bai": "Bai Xue"}[holder] in detail
    shown = (await house.get("lin", f"/tasks/{task}")).json()
    assert (shown["state"], shown["assignee"]) == ("reserved", holder)


async def test_a_claim_repeated_by_its_holder_is_fine(house: House, task: str) -> None:
    for _ in range(2):
        assert (await house.post("lin", f"/tasks/{task}/claim")).status_code == 200


async def test_only_the_role_of_a_task_can_claim_it(house: House, task: str) -> None:
    assert "customer service" in problem(await house.post("fang", f"/tasks/{task}/claim"), 403)["detail"]


async def test_a_released_task_is_everybodys_again(house: House, task: str) -> None:
    await house.post("lin", f"/tasks/{task}/claim")
    assert (await house.post("lin", f"/tasks/{task}/release")).json()["assignee"] is None
    assert (await house.post("bai", f"/tasks/{task}/claim")).status_code == 200


async def test_a_colleague_cannot_release_what_another_holds_and_a_manager_can(house: House, task: str) -> None:
    await house.post("lin", f"/tasks/{task}/claim")
    assert "Lin Na" in problem(await house.post("bai", f"/tasks/{task}/release"), 403)["detail"]
    assert (await house.post("shen", f"/tasks/{task}/release")).status_code == 200


async def test_a_task_is_delegated_to_someone_who_has_its_role(house: House, task: str) -> None:
    await house.post("lin", f"/tasks/{task}/claim")
    assert paths(await house.post("lin", f"/tasks/{task}/delegate", {"to": "zhou"})) == {"to"}
    assert paths(await house.post("lin", f"/tasks/{task}/delegate", {"to": "nobody"})) == {"to"}
    assert paths(await house.post("lin", f"/tasks/{task}/delegate", {"to": "Bai Xue"})) == {"to"}
    assert paths(await house.post("lin", f"/tasks/{task}/delegate", {})) == {"to"}
    assert (await house.post("lin", f"/tasks/{task}/delegate", {"to": "bai"})).json()["assignee"] == "bai"
    problem(await house.post("lin", f"/tasks/{task}/delegate", {"to": "lin"}), 403)


async def test_an_ended_task_can_be_claimed_by_nobody(house: House, task: str) -> None:
    await house.complete("lin", task, CONTACTED)
    for action in ("claim", "release"):
        assert "Lin Na" in problem(await house.post("lin", f"/tasks/{task}/{action}"), 409)["detail"]
    problem(await house.post("lin", f"/tasks/{task}/delegate", {"to": "bai"}), 409)
