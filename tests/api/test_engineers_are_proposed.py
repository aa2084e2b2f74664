"""The ranked proposal of dispatch over the API, and the profiles it rests on."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.api.house import House, application, paths, problem


async def _put(house: House, user: str, path: str, body: Any) -> Any:
    return await house.client.put(f"/api/v1{path}", headers=house.headers(user), json=body)


async def _profile(house: House, user: str, **known: Any) -> None:
    answer = await _put(house, "deng", f"/engineers/{user}", known)
    assert answer.status_code == 200, answer.text


@pytest.fixture
async def task(house: House) -> str:
    case_id = await house.open()
    await house.engine.offer(case_id, "assign_engineer", "dispatcher")
    return f"{case_id}.assign_engineer"


@pytest.mark.clause("R5")
async def test_engineers_are_proposed_by_type_of_issue_and_region_with_the_reasons(house: House, task: str) -> None:
    await _profile(house, "wang.lei", regions=["Jiangsu"], skills=["abnormal_wear"])
    await _profile(house, "zhou", regions=["Zhejiang"], skills=["Abnormal wear", "PX"])
    shown = (await house.get("deng", f"/tasks/{task}/proposal")).json()
    assert [(one["place"], one["user"]) for one in shown["items"]] == [(1, "zhou"), (2, "wang.lei")]
    assert shown["items"][0]["reasons"] == ["skilled in “Abnormal wear”", "knows PX", "covers Zhejiang", "no open task"]
    assert "does not cover Zhejiang" in shown["items"][1]["reasons"]
    assert (shown["task_id"], shown["remarks"]) == (task, [])
    assert shown["order"].startswith("Ranked by")


@pytest.mark.clause("M2")
async def test_where_the_procedure_names_the_customers_region_it_is_asked_first(house: House) -> None:
    await _profile(house, "wang.lei", regions=["Jiangsu"], skills=["abnormal_wear", "PX"])
    await _profile(house, "zhou", regions=["Zhejiang"])
    case_id = await house.open(plan="maintenance-center")
    await house.engine.offer(case_id, "assign_engineer", "service_specialist")
    shown = (await house.get("deng", f"/tasks/{case_id}.assign_engineer/proposal")).json()
    assert [one["user"] for one in shown["items"]] == ["zhou", "wang.lei"]
    assert shown["order"].startswith("Ranked by who is there, then region")


async def test_who_is_absent_today_comes_last_and_can_still_be_chosen(house: House, task: str) -> None:
    await _profile(house, "zhou", regions=["Zhejiang"], skills=["abnormal_wear"])
    today = house.parts.now().date()
    body = {"user": "zhou", "first": f"{today - timedelta(days=1)}", "last": f"{today + timedelta(days=2)}"}
    assert (await house.post("deng", "/absences", body | {"reason": "Leave"})).status_code == 201
    items = (await house.get("deng", f"/tasks/{task}/proposal")).json()["items"]
    assert [(one["user"], one["absent"]) for one in items] == [("wang.lei", False), ("zhou", True)]
    assert items[1]["reasons"][0].startswith("absent until ")
    outcome = {"engineer": "zhou", "reason": "Back tomorrow, and knows the machine"}
    assert (await house.complete("deng", task, outcome)).status_code == 200


async def test_a_case_without_a_region_gets_a_list_that_says_so(house: House) -> None:
    case_id = await house.open(customer={"name": "Hai Chuan", "phone": "+86 571 5550 0101"})
    await house.engine.offer(case_id, "assign_engineer", "dispatcher")
    shown = (await house.get("deng", f"/tasks/{case_id}.assign_engineer/proposal")).json()
    assert len(shown["items"]) == 2
    assert "region is not known" in " ".join(shown["remarks"])


async def test_other_tasks_and_unknown_ones_have_no_proposal(house: House, task: str) -> None:
    case_id = task.partition(".")[0]
    detail = problem(await house.get("deng", f"/tasks/{case_id}.contact_customer/proposal"), 404)["detail"]
    assert "no engineer is chosen" in detail
    for name in ("C-0000000000.assign_engineer", "nothing", "%00"):
        problem(await house.get("deng", f"/tasks/{name}/proposal"), 404)


async def test_a_profile_is_kept_by_those_who_plan_and_shown_to_all_staff(house: House) -> None:
    body = {"regions": ["浙江", "上海", "浙江"], "skills": ["noise", "AX", "NOISE"], "reports_to": "shen"}
    assert (await _put(house, "deng", "/engineers/zhou", body)).status_code == 200
    shown = (await house.get("lin", "/engineers/zhou")).json()
    assert (shown["name"], shown["regions"], shown["skills"]) == ("Zhou Min", ["浙江", "上海"], ["noise", "AX"])
    assert (shown["reports_to"], shown["open_tasks"], shown["absent_until"]) == ("shen", 0, None)
    for user in ("lin", "zhou", "audit"):
        assert (
            "keep the engineers' profiles" in problem(await _put(house, user, "/engineers/zhou", body), 403)["detail"]
        )
    for user in ("lin", "nobody", "%00"):
        problem(await _put(house, "deng", f"/engineers/{user}", body), 404)
        problem(await house.get("deng", f"/engineers/{user}"), 404)


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({"regions": ["a,b"]}, "regions.0"),
        ({"skills": ["noise", ""]}, "skills.1"),
        ({"skills": ["x" * 61]}, "skills.0"),
        ({"regions": "Zhejiang"}, "regions"),
        ({"reports_to": "nobody"}, "reports_to"),
        ({"reports_to": "zhou"}, "reports_to"),
        ({"reports_to": "wang.lei"}, "reports_to"),
        ({"salary": 1}, "salary"),
    ],
)
async def test_a_profile_that_makes_no_sense_is_refused_by_field(house: House, body: Any, path: str) -> None:
    await _profile(house, "wang.lei", reports_to="zhou")
    assert paths(await _put(house, "deng", "/engineers/zhou", body)) == {path}
    assert (await house.get("deng", "/engineers/zhou")).json()["reports_to"] is None


async def test_engineers_are_listed_by_pages(house: House) -> None:
    first = (await house.get("lin", "/engineers?limit=1")).json()
    second = (await house.get("lin", f"/engineers?limit=1&cursor={first['next']}")).json()
    assert [one["user"] for one in (*first["items"], *second["items"])] == ["wang.lei", "zhou"]
    assert second["next"] is None
    assert paths(await house.get("lin", "/engineers?cursor=nonsense")) == {"cursor"}


async def test_the_load_counts_what_an_engineer_holds(house: House) -> None:
    case_id = await house.open(**application(channel="email"))
    await house.engine.offer(case_id, "site_visit", "engineer", assignee="zhou")
    assert (await house.get("lin", "/engineers/zhou")).json()["open_tasks"] == 1
