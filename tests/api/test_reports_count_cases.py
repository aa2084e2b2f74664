"""Q8: repairs, returns and feedback are counted, largest share first, as rows, as a table and as a picture."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from domain.statistics import pareto
from domain.statistics.facts import RETURNS, part_of
from domain.tasks import TASKS, Choice
from tests.api.house import House

REPORT = "/reports/pareto"


async def opened(house: House, category: str, model: str = "PX-200") -> str:
    """A case of a kind of issue."""
    problem = {"category": category, "description": "As told"}
    return await house.open(problem=problem, product={"model": model})


async def done(house: House, case_id: str, task: str, **outcome: Any) -> None:
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
async def test_repairs_are_cases_in_which_work_was_recorded_each_once(house: House) -> None:
    repaired, unsolved, other = [await opened(house, "noise", model) for model in ("A-1", "B-2", "C-3")]
    await done(house, repaired, "site_repair", result="solved", work_done="Blade ground")
    await done(house, repaired, "site_repair-2", result="solved", work_done="Blade ground again")
    await done(house, unsolved, "site_repair", result="part_missing", missing_parts="Bearing")
    await house.engine.offer(other, "site_repair", "engineer")
    assert [(row["key"], row["count"]) for row in await rows(house, "of=repairs&by=model")] == [("A-1", 1)]


@pytest.mark.clause("Q8")
async def test_what_was_inspected_and_not_repaired_is_no_repair(house: House) -> None:
    repaired, trained, beyond = [await opened(house, "noise", model) for model in ("A-1", "B-2", "C-3")]
    await done(house, repaired, "service_visit", result="served", report="Sensor drifts", work_done="Sensor replaced")
    await done(house, trained, "service_visit", result="served", report="Two people trained")
    await done(house, beyond, "factory_inspection", result="not_repairable", report="Housing cracked")
    assert [(row["key"], row["count"]) for row in await rows(house, "of=repairs&by=model")] == [("A-1", 1)]


@pytest.mark.clause("Q8", "M6")
@pytest.mark.parametrize(
    ("task", "came", "did_not"),
    [
        ("receive_item", "received", "never_sent"),
        ("factory_receipt", "received", "lost"),
        ("hand_over", "taken_back", "stays"),
        ("locate_item", "with_us", "kept"),
    ],
)
async def test_returns_are_cases_in_which_the_item_came(house: House, task: str, came: str, did_not: str) -> None:
    back, away = [await opened(house, "noise", model) for model in ("A-1", "B-2")]
    await done(house, back, task, result=came)
    await done(house, away, task, result=did_not)
    assert [(row["key"], row["count"]) for row in await rows(house, "of=returns&by=model")] == [("A-1", 1)]


@pytest.mark.clause("Q8")
async def test_a_product_that_is_back_makes_a_repeat(house: House) -> None:
    for serial, model in (("S-1", "A-1"), ("S-2", "B-2"), (None, "C-3")):
        await house.open(product={"model": model, "serial_number": serial} if serial else {"model": model})
    await house.open(product={"model": "A-1", "serial_number": "s-1"})
    assert [(row["key"], row["count"]) for row in await rows(house, "of=repeats&by=model")] == [("A-1", 1)]


@pytest.mark.clause("Q8")
async def test_parts_and_causes_are_told_apart_and_a_case_without_one_says_so(house: House) -> None:
    first, second, third = [await opened(house, "noise") for _ in range(3)]
    await done(
        house, first, "warranty_card_entry", operations="Changed", parts_used="Bearing 6204, 2 pieces\n密封圈 ×1"
    )
    await done(house, second, "warranty_card_entry", operations="Changed", parts_used="bearing 6204")
    assert {row["key"]: row["count"] for row in await rows(house, "of=cases&by=part")} == {
        "Bearing 6204": 2,
        "密封圈": 1,
        "": 1,
    }
    assert (await house.get("audit", f"{REPORT}?by=part")).json()["cases"] == 3
    done_at = {"by": {"user": "x", "name": "X", "role": "engineer"}, "submission_id": "s", "kept": True}
    now = house.parts.now().isoformat()
    told = {**done_at, "happened_at": now, "entered_at": now, "on_behalf_of": None, "late_entry": False}
    outcome = {"cause": "dust in  the bearing. ", "responsibility": "customer"}
    await house.engine.offer(third, "workshop_inspection", "engineer", status="completed", outcome=outcome, done=told)
    assert {row["key"]: row["count"] for row in await rows(house, "by=cause")} == {"Dust in the bearing": 1, "": 2}
    assert {row["key"]: row["count"] for row in await rows(house, "by=responsibility")} == {"customer": 1, "": 2}


@pytest.mark.clause("Q8")
async def test_late_is_judged_on_what_happened(house: House) -> None:
    late, in_time = [await opened(house, "noise", model) for model in ("A-1", "B-2")]
    long_ago = house.parts.now() - timedelta(days=1)
    await house.engine.offer(late, "contact_customer", "customer_service", due_at=long_ago)
    now = house.parts.now().isoformat()
    told = {"by": {"user": "x", "name": "X", "role": "engineer"}, "submission_id": "s", "kept": True}
    told |= {"happened_at": now, "entered_at": now, "on_behalf_of": None, "late_entry": True}
    changes = {"status": "completed", "escalation_level": 1, "done": told, "outcome": {"reached": "yes"}}
    await house.engine.offer(in_time, "contact_customer", "customer_service", **changes)
    assert [(row["key"], row["count"]) for row in await rows(house, "of=late&by=model")] == [("A-1", 1)]
    figures = (await house.get("audit", "/reports/period")).json()
    step = {"kind": "contact_customer", "role": "customer_service", "kept": 1, "late": 1}
    assert figures["deadlines"]["steps"] == [step]


@pytest.mark.clause("Q8")
async def test_a_row_leads_to_its_cases_page_by_page(house: House) -> None:
    cases = [await opened(house, "noise") for _ in range(3)]
    await opened(house, "leak")
    found: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        more = f"&cursor={cursor}" if cursor else ""
        answer = (await house.get("audit", f"/reports/cases?by=category&key=noise&limit=1{more}")).json()
        found += [one["case_id"] for one in answer["items"]]
        cursor = answer["next"]
    assert len(found) == len(cases)
    assert set(found) == set(cases)
    assert (await house.get("audit", "/reports/cases?cursor=nonsense")).status_code == 422


@pytest.mark.clause("Q8", "R9")
async def test_satisfaction_is_the_mean_of_the_latest_answer_of_each_case(house: House) -> None:
    one, two, three = [await opened(house, "noise") for _ in range(3)]
    await done(house, one, "follow_up", reached="yes", satisfaction=1)
    await done(house, one, "follow_up-2", reached="yes", satisfaction=5)
    await done(house, two, "follow_up", reached="yes", satisfaction=4)
    await done(house, three, "follow_up", reached="no_answer")
    assert (await house.get("audit", "/reports/period")).json()["satisfaction"] == {"answers": [0, 0, 0, 1, 1]}


@pytest.mark.clause("Q8")
async def test_a_period_without_cases_says_so_in_every_form(house: House) -> None:
    empty = "from=2020-01-01&to=2020-01-31"
    headers = {"Authorization": f"Bearer {house.tokens['audit']}"}
    picture = await house.client.get(f"/api/v1{REPORT}?{empty}", headers={**headers, "Accept": "image/svg+xml"})
    assert "Nothing to count among the cases opened from 2020-01-01 to 2020-01-31." in picture.text
    figures = (await house.get("audit", f"/reports/period?{empty}")).json()
    assert figures["cases"] == 0
    paper = await house.client.get(f"/api/v1/reports/period?{empty}", headers={**headers, "Accept": "application/pdf"})
    assert paper.content.startswith(b"%PDF")


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
    assert {"<b>&", "=SUM(A1)", "1"} <= {(one.text or "").strip() for one in drawn.findall(".//{*}text")}
    assert not drawn.findall(".//{*}script")


def test_what_counts_as_a_return_is_an_answer_of_its_form() -> None:
    for name, (field, answer) in RETURNS.items():
        answers = TASKS[name].form.model_fields[field].annotation
        assert isinstance(answers, type) and issubclass(answers, Choice)
        assert answer in set(answers)


@pytest.mark.parametrize(
    ("written", "part"),
    [
        ("bearing 6204, 2 pieces", "Bearing 6204"),
        ("bearing 6204", "Bearing 6204"),
        ("Seal x2", "Seal"),
        ("密封圈 3个", "密封圈"),
        ("Cuscinetto (2 pz)", "Cuscinetto"),
        ("PK-3 drive unit 2", "PK-3 drive unit 2"),
    ],
)
def test_a_part_is_named_without_its_quantity(written: str, part: str) -> None:
    assert part_of(written) == part


def test_nothing_counted_is_no_row() -> None:
    assert pareto({}) == ()
    assert pareto({"a": 0}) == ()
