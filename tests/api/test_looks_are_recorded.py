"""Who looked at whose data is on record before it is shown: once for a person, a thing and some minutes."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from api import looked
from store.access import Look
from store.queries.access import Looked, list_looks
from store.tables import AccessRow
from tests.api.house import House, problem


async def _looks(house: House) -> list[Looked]:
    async with house.parts.database.reading() as session:
        return list((await list_looks(session, limit=200)).items)


def _told(looks: list[Looked]) -> list[tuple[str, str, str, int]]:
    return [(one.user_id, one.kind, one.subject, one.looks) for one in reversed(looks)]


async def test_a_case_is_recorded_once_for_each_person_whatever_is_read_of_it(house: House) -> None:
    case_id = await house.open()
    for user in ("lin", "lin", "audit"):
        for path in ("", "/events", "/deadlines"):
            assert (await house.get(user, f"/cases/{case_id}{path}")).status_code == 200
    assert (await house.get("lin", f"/tasks/{case_id}.contact_customer")).status_code == 200
    assert _told(await _looks(house)) == [("lin", "case", case_id, 1), ("audit", "case", case_id, 1)]
    assert {one.way for one in await _looks(house)} == {"api"}


async def test_a_later_look_is_another_one(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    case_id = await house.open()
    for seconds in (0, 1, looked.SLOT_SECONDS, 2 * looked.SLOT_SECONDS):
        monkeypatch.setattr("api.looked.time.time", lambda at=seconds: 1_800_000_000.0 + at)
        await house.get("lin", f"/cases/{case_id}")
    assert _told(await _looks(house)) == [("lin", "case", case_id, 1)] * 3


async def test_what_was_not_shown_is_not_recorded(house: House) -> None:
    problem(await house.get("lin", "/cases/C-0000000009"), 404)
    problem(await house.get("lin", "/attachments/none"), 404)
    problem(await house.client.get("/api/v1/cases"), 401)
    assert await _looks(house) == []


async def test_a_list_counts_once_and_each_search_and_further_page(house: House) -> None:
    for number in range(3):
        await house.open(product={"model": f"PX-{number}"})
    first = await house.get("lin", "/cases?limit=1")
    for _ in range(2):
        await house.get("lin", "/cases?limit=1")
    for _ in range(2):
        await house.get("lin", f"/cases?limit=1&cursor={first.json()['next']}")
    await house.get("lin", "/cases?q=Hai+Chuan")
    assert _told(await _looks(house)) == [("lin", "list", "cases", 4)]


async def test_what_was_searched_for_is_not_kept(house: House) -> None:
    await house.get("lin", "/customers?q=Hai+Chuan")
    assert "Hai" not in str(await _looks(house))


async def test_an_export_is_recorded(house: House) -> None:
    case_id = await house.open()
    await house.get("shen", f"/cases/{case_id}/history")
    answer = await house.client.get("/reports.csv", headers=house.headers("shen"))
    assert answer.status_code == 200
    assert _told(await _looks(house)) == [("shen", "case", case_id, 1), ("shen", "export", "figures as a table", 1)]


async def test_another_process_counts_the_same_look(house: House) -> None:
    case_id = await house.open()
    await house.get("lin", f"/cases/{case_id}")
    other = looked.RecordLooks(house.app)
    await other._note(house.parts, Look("lin", "case", case_id, "api"), again=False)
    async with house.parts.database.reading() as session:
        assert await session.scalar(select(func.count()).select_from(AccessRow)) == 1


async def test_what_cannot_be_recorded_is_not_shown(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    from sqlalchemy.exc import OperationalError

    case_id = await house.open()

    async def away(*_: object, **__: object) -> None:
        raise OperationalError("insert", {}, Exception("disk is read-only"))

    monkeypatch.setattr(type(house.parts.database), "run", away)
    refused = await house.get("lin", f"/cases/{case_id}")
    problem(refused, 503)
    assert "Hai Chuan" not in refused.text


async def test_auditors_read_the_record_and_nobody_else(house: House) -> None:
    case_id = await house.open()
    await house.get("lin", f"/cases/{case_id}")
    await house.get("bai", "/cases")
    for user in ("lin", "shen", "gao"):
        problem(await house.get(user, "/access"), 403)
    told = (await house.get("audit", f"/access?kind=case&of={case_id}")).json()
    assert [(one["user"], one["of"], one["way"], one["looks"]) for one in told["items"]] == [("lin", case_id, "api", 1)]
    first = (await house.get("audit", "/access?limit=1")).json()
    assert [one["user"] for one in first["items"]] == ["bai"]
    rest = (await house.get("audit", f"/access?limit=1&cursor={first['next']}")).json()
    assert [one["user"] for one in rest["items"]] == ["lin"] and rest["next"] is None
    assert {one["user"] for one in (await house.get("admin", "/access?user=lin")).json()["items"]} == {"lin"}
