"""Who erases and holds cases, what an erased case answers with, and what is refused from then on."""

from __future__ import annotations

import pytest

from tests.api.house import House, paths, problem

WHY = {"reason": "the customer asked for it"}


@pytest.fixture
async def closed(house: House) -> str:
    case_id = await house.open()
    await house.engine.close_case(case_id)
    return case_id


async def test_an_erased_case_says_when_and_why_and_what_is_left_of_it(house: House, closed: str) -> None:
    before = (await house.get("admin", f"/cases/{closed}")).json()
    assert before["customer"]["name"] == "Hai Chuan Machines"
    made = await house.post("admin", f"/cases/{closed}/erase", WHY)
    assert made.status_code == 200, made.text
    shown = (await house.get("lin", f"/cases/{closed}")).json()
    assert shown == made.json()
    assert (shown["state"], shown["result"], shown["plan"]) == ("closed", "resolved", before["plan"])
    assert (shown["erased_by"], shown["reason"], shown["finished"]) == ("admin", WHY["reason"], True)
    assert shown["closed_at"] == before["closed_at"]
    events = (await house.get("lin", f"/cases/{closed}/events")).json()["items"]
    assert events[-1]["hash"] == shown["record_hash"]
    assert "Hai Chuan" not in (await house.get("admin", "/cases")).text
    assert (await house.post("admin", f"/cases/{closed}/erase", {"reason": "again"})).json() == shown


async def test_what_would_need_its_content_is_refused(house: House, closed: str) -> None:
    await house.post("admin", f"/cases/{closed}/erase", WHY)
    for path in ("deadlines", "used-time"):
        told = problem(await house.get("admin", f"/cases/{closed}/{path}"), 410)
        assert (told["title"], "was erased" in told["detail"]) == ("Erased", True)
    problem(await house.post("lin", f"/cases/{closed}/reopen"), 410)
    problem(await house.post("lin", f"/cases/{closed}/tracking-link"), 410)
    problem(await house.post("lin", f"/cases/{closed}/article"), 410)
    paper = {"kind": "service_confirmation", "reason": "lost"}
    problem(await house.post("lin", f"/cases/{closed}/signals/issue_document", paper), 410)


async def test_an_open_case_and_a_wrong_body_are_refused(house: House) -> None:
    case_id = await house.open()
    assert "the case is open" in problem(await house.post("admin", f"/cases/{case_id}/erase", WHY), 409)["detail"]
    assert paths(await house.post("admin", f"/cases/{case_id}/erase", {})) == {"reason"}
    assert paths(await house.post("admin", f"/cases/{case_id}/legal-hold", {"reason": " "})) == {"reason"}
    problem(await house.post("admin", "/cases/C-0000000000/erase", WHY), 404)


async def test_a_hold_keeps_a_case_from_being_erased_until_it_is_lifted(house: House, closed: str) -> None:
    placed = await house.post("gao", f"/cases/{closed}/legal-hold", {"reason": "before the court"})
    assert placed.status_code == 201, placed.text
    again = await house.post("admin", f"/cases/{closed}/legal-hold", {"reason": "another"})
    assert again.json() == placed.json(), "one that is in force stays"
    refused = problem(await house.post("admin", f"/cases/{closed}/erase", WHY), 409)["detail"]
    assert "placed by gao: before the court" in refused
    url = f"/api/v1/cases/{closed}/legal-hold"
    lifted = await house.client.request("DELETE", url, headers=house.headers("gao"), json={"reason": "settled"})
    assert lifted.status_code == 204
    problem(await house.client.delete(url, headers=house.headers("gao")), 404)
    (told,) = (await house.get("lin", f"/cases/{closed}/legal-hold")).json()["items"]
    assert (told["placed_by"], told["lifted_by"], told["lifted_why"]) == ("gao", "gao", "settled")
    assert (await house.post("admin", f"/cases/{closed}/erase", WHY)).status_code == 200
    problem(await house.post("gao", f"/cases/{closed}/legal-hold", {"reason": "too late"}), 409)


async def test_only_whoever_administers_erases_and_only_the_top_holds(house: House, closed: str) -> None:
    for user in ("lin", "gao"):
        problem(await house.post(user, f"/cases/{closed}/erase", WHY), 403)
    problem(await house.post("lin", f"/cases/{closed}/legal-hold", {"reason": "no"}), 403)
    assert (await house.get("admin", f"/cases/{closed}")).json()["customer"]["name"] == "Hai Chuan Machines"
