from __future__ import annotations

from datetime import timedelta

from tests.api.house import House


async def test_a_list_goes_on_where_it_stopped(house: House) -> None:
    opened = [await house.open() for _ in range(5)]
    seen: list[str] = []
    cursor = ""
    while True:
        page = (await house.get("lin", f"/cases?limit=2&cursor={cursor}")).json()
        seen += [case["case_id"] for case in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert sorted(seen) == sorted(opened)


async def test_cases_are_found_by_what_stands_in_them(house: House) -> None:
    case_id = await house.open(customer={"name": "Nordwind GmbH"})
    await house.open()
    for query in ("q=nordwind", "q=NORDWIND px-200", "stage=register&plan=rapid-response&q=nord&overdue="):
        found = (await house.get("lin", f"/cases?{query}")).json()
        assert [case["case_id"] for case in found["items"]] == [case_id], query
    assert (await house.get("lin", "/cases?stage=archive")).json() == {"items": [], "next": None}
    assert len((await house.get("lin", "/cases?state=active")).json()["items"]) == 2


async def test_overdue_follows_from_the_clock(house: House) -> None:
    late = await house.open(received_at=(house.parts.now() - timedelta(hours=13)).isoformat())
    await house.open()
    assert [c["case_id"] for c in (await house.get("lin", "/cases?overdue=true")).json()["items"]] == [late]
    tasks = (await house.get("lin", "/tasks?overdue=true")).json()["items"]
    assert [(task["case_id"], task["overdue"]) for task in tasks] == [(late, True)]
    assert (await house.get("lin", "/tasks")).json()["items"][0]["case_id"] == late


async def test_a_task_carries_everything_to_do_it(house: House) -> None:
    case_id = await house.open()
    [task] = (await house.get("lin", f"/tasks?case_id={case_id}&role=customer_service&state=ready")).json()["items"]
    assert task["kind"] == "contact_customer"
    assert task["clause"] == "R3"
    assert task["escalation_level"] == 0
    assert task["due_at"].endswith("Z")
    assert task["form"]["properties"]["reached"]["title"] == "Did you reach the customer?"
    assert (await house.get("lin", f"/tasks/{task['task_id']}")).json() == task
    assert (await house.get("lin", f"/tasks?case_id={case_id}&assignee=lin")).json()["items"] == []
    await house.post("lin", f"/tasks/{task['task_id']}/claim")
    assert len((await house.get("lin", f"/tasks?case_id={case_id}&assignee=lin")).json()["items"]) == 1


async def test_the_record_of_a_case_is_chained(house: House) -> None:
    case_id = await house.open()
    await house.engine.project(case_id)
    events = (await house.get("audit", f"/cases/{case_id}/events")).json()["items"]
    assert [event["no"] for event in events] == [1, 2]
    assert events[1]["previous"] == events[0]["hash"]
    assert (await house.get("audit", f"/cases/{case_id}/documents")).json() == {"items": [], "next": None}
