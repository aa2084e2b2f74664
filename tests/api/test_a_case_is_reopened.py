from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from tests.api.house import House, paths, problem


@pytest.fixture
async def closed(house: House) -> str:
    case_id = await house.open()
    await house.engine.close_case(case_id)
    return case_id


async def test_a_closed_case_goes_on_as_a_new_one_that_is_linked_to_it(house: House, closed: str) -> None:
    changes = {"problem": {"category": "noise", "description": "Now it howls"}}
    answer = await house.post("lin", f"/cases/{closed}/reopen", changes)
    assert answer.status_code == 201
    again = (await house.get("lin", f"/cases/{answer.json()['case_id']}")).json()
    assert again["reopened_from"] == closed
    assert again["problem"] == changes["problem"]
    assert again["customer"]["name"] == "Hai Chuan Machines"
    assert (await house.get("lin", f"/cases/{closed}")).json()["reopened_into"] == [again["case_id"]]


async def test_an_open_case_is_not_reopened(house: House) -> None:
    problem(await house.post("lin", f"/cases/{await house.open()}/reopen"), 409)


async def test_a_case_is_reopened_once_at_a_time(house: House, closed: str) -> None:
    answers = await asyncio.gather(*(house.post(user, f"/cases/{closed}/reopen") for user in ("lin", "bai", "shen")))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409]
    again = next(answer.json()["case_id"] for answer in answers if answer.status_code == 201)
    problem(await house.post("lin", f"/cases/{closed}/reopen"), 409)
    await house.engine.close_case(again)
    assert (await house.post("lin", f"/cases/{closed}/reopen")).status_code == 201


async def test_a_repeat_with_the_same_key_is_the_same_new_case(house: House, closed: str) -> None:
    first = await house.post("lin", f"/cases/{closed}/reopen", key="k-9")
    again = await house.post("lin", f"/cases/{closed}/reopen", key="k-9")
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()


async def test_two_keys_at_once_are_still_one_reopening(house: House, closed: str) -> None:
    answers = await asyncio.gather(
        house.post("lin", f"/cases/{closed}/reopen", key="k-1"), house.post("bai", f"/cases/{closed}/reopen", key="k-2")
    )
    assert sorted(answer.status_code for answer in answers) == [201, 409]


async def test_after_the_plans_time_a_new_case_is_needed(house: House) -> None:
    case_id = await house.open()
    await house.engine.close_case(case_id, reopen_for=timedelta(days=-1))
    assert "open a new case" in problem(await house.post("lin", f"/cases/{case_id}/reopen"), 409)["detail"]


async def test_wrong_changes_and_wrong_roles_are_refused(house: House, closed: str) -> None:
    assert paths(await house.post("lin", f"/cases/{closed}/reopen", {"plan": "other"})) == {"plan"}
    assert paths(await house.post("lin", f"/cases/{closed}/reopen", {"channel": "fax"})) == {"channel"}
    assert "a role of a desk" in problem(await house.post("fang", f"/cases/{closed}/reopen"), 403)["detail"]
    problem(await house.post("lin", "/cases/C-0000000000/reopen"), 404)
