"""Q8: repairs, returns and feedback are counted, largest share first, as rows, as a table and as a picture."""

from __future__ import annotations

import csv
import io
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from domain.statistics import REPAIRS, RETURNS, Evidence, pareto
from domain.tasks import TASKS
from tests.api.house import House

REPORT = "/reports/pareto"


async def opened(house: House, category: str, model: str = "PX-200") -> str:
    """A case of a kind of issue."""
    problem = {"category": category, "description": "As told"}
    return await house.open(problem=problem, product={"model": model})


async def done(house: House, case_id: str, task: str, **outcome: str) -> None:
    """Has a task of a case completed, as its workflow would write it."""
    await house.engine.offer(case_id, task, "engineer", status="completed", outcome=outcome)


async def rows(house: House, query: str) -> list[dict[str, Any]]:
    answer = await house.get("audit", f"{REPORT}?{query}")
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


@pytest.mark.clause("Q8")
async def test_the_largest_share_comes_first_and_the_shares_add_up(house: House) -> None:
    for category in ("noise", "leak", "noise", "noise", "electrical"):
        await opened(house, category)
    assert await rows(house, "of=cases&by=category") == [
        {"key": "noise", "count": 3, "share": 0.6, "cumulative": 0.6},
        {"key": "electrical", "count": 1, "share": 0.2, "cumulative": 0.8},
        {"key": "leak", "count": 1, "share": 0.2, "cumulative": 1.0},
    ]


@pytest.mark.clause("Q8")
async def test_repairs_and_returns_are_counted_once_a_case_by_what_was_done(house: House) -> None:
    repaired, returned, other = [await opened(house, "noise", model) for model in ("A-1", "B-2", "C-3")]
    await done(house, repaired, "site_repair", work_done="Bearing changed")
    await done(house, repaired, "site_repair-2", work_done="Bearing changed again")
    await done(house, returned, "factory_receipt", result="received")
    await house.engine.offer(other, "site_repair", "engineer")
    assert [(row["key"], row["count"]) for row in await rows(house, "of=repairs&by=model")] == [("A-1", 1)]
    assert [(row["key"], row["count"]) for row in await rows(house, "of=returns&by=model")] == [("B-2", 1)]


@pytest.mark.clause("Q8")
async def test_a_visit_counts_as_a_repair_when_it_repaired_something(house: House) -> None:
    repaired, trained = [await opened(house, "noise", model) for model in ("A-1", "B-2")]
    await done(house, repaired, "service_visit", result="served", report="Sensor drifts", work_done="Sensor replaced")
    await done(house, trained, "service_visit", result="served", report="Two people trained")
    assert [(row["key"], row["count"]) for row in await rows(house, "of=repairs&by=model")] == [("A-1", 1)]


@pytest.mark.clause("Q8")
async def test_what_did_not_arrive_is_no_return_and_what_was_not_repaired_no_repair(house: House) -> None:
    lost, beyond_repair = [await opened(house, "noise", model) for model in ("A-1", "B-2")]
    await done(house, lost, "receive_item", result="lost")
    await done(house, beyond_repair, "factory_inspection", result="not_repairable", report="Housing cracked")
    assert await rows(house, "of=repairs&by=model") == []
    assert await rows(house, "of=returns&by=model") == []


@pytest.mark.clause("Q8")
async def test_days_and_procedures_narrow_the_count(house: House) -> None:
    await opened(house, "leak")
    today = house.parts.now().date().isoformat()
    assert len(await rows(house, f"from={today}&to={today}&plan=rapid-response")) == 1
    assert await rows(house, "to=2020-01-01") == []
    assert await rows(house, "plan=nobody-has-it") == []
    assert (await house.get("audit", f"{REPORT}?by=resolution")).json()["items"][0]["key"] == ""


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("of=tears", "of"),
        ("by=colour", "by"),
        ("from=soon", "from"),
        ("to=0001-01-01", "to"),
        ("from=2026-02-02&to=2026-02-01", "to"),
    ],
)
async def test_what_is_wrong_is_named(house: House, query: str, field: str) -> None:
    answer = await house.get("audit", f"{REPORT}?{query}")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["path"] == field


@pytest.mark.clause("Q8")
async def test_it_is_a_table_for_spreadsheets_and_a_picture(house: House) -> None:
    await opened(house, "noise", "=SUM(A1)")
    await opened(house, "noise", "<b>&")
    headers = {"Authorization": f"Bearer {house.tokens['audit']}"}
    url = f"/api/v1{REPORT}?by=model"
    table = await house.client.get(url, headers={**headers, "Accept": "text/csv"})
    read = list(csv.DictReader(io.StringIO(table.text)))
    assert {row["key"] for row in read} == {"'=SUM(A1)", "<b>&"}, "no spreadsheet runs it as a formula"
    picture = await house.client.get(url, headers={**headers, "Accept": "image/svg+xml"})
    assert picture.headers["content-type"].startswith("image/svg+xml")
    drawn = ET.fromstring(picture.text)
    assert len(drawn.findall("{*}rect")) == 2
    assert "<b>&" in "".join(drawn.itertext())


@pytest.mark.parametrize("one", [*REPAIRS, *RETURNS], ids=lambda one: one.field)
def test_what_counts_is_declared(one: Evidence) -> None:
    assert one.kinds
    assert all(one.field in TASKS[kind].form.model_fields for kind in one.kinds)


def test_nothing_counted_is_no_row() -> None:
    assert pareto({}) == ()
    assert pareto({"a": 0}) == ()
