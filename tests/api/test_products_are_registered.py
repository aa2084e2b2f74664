from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.api.house import APPLICATION, PNG, House, application, paths, problem

REGISTRATION: dict[str, Any] = {
    "serial_number": "AX2-0001",
    "model": "AX-200",
    "delivery_date": "2024-02-29",
    "customer": {"name": "Hai Chuan Machines", "region": "Zhejiang"},
}


async def _register(house: House, user: str = "lin", **changes: Any) -> dict[str, Any]:
    answer = await house.post(user, "/products", REGISTRATION | changes)
    assert answer.status_code == 201, answer.text
    body: dict[str, Any] = answer.json()
    return body


async def _patch(house: House, user: str, path: str, body: Any) -> Any:
    return await house.client.patch(f"/api/v1{path}", headers=house.headers(user), json=body)


async def test_the_desk_registers_and_all_staff_reads(house: House) -> None:
    made = await _register(house)
    assert (made["origin"], made["verified_by"], made["customer"]["customer"]["name"]) == (
        "desk", "lin", "Hai Chuan Machines",
    )  # fmt: skip
    for user in ("wang.lei", "fang", "audit", "admin"):
        for name in ("AX2-0001", "ax2-0001", made["product_id"]):
            shown = (await house.get(user, f"/products/{name}")).json()
            assert shown["product_id"] == made["product_id"]
    for user in ("wang.lei", "fang", "audit"):
        problem(await house.post(user, "/products", REGISTRATION), 403)
        problem(await _patch(house, user, "/products/AX2-0001", {"model": "x"}), 403)
        problem(await house.post(user, "/contracts", {}), 403)
    problem(await house.post("audit", "/products/AX2-0001/card", {}), 403)
    problem(await house.post("lin", "/warranty-terms", {"model": "AX-200", "months": 6}), 403)


async def test_a_serial_number_is_registered_once(house: House) -> None:
    made = await _register(house)
    refused = await house.post("lin", "/products", REGISTRATION | {"serial_number": " ax2-0001 "})
    assert made["product_id"] in problem(refused, 409)["detail"]
    assert paths(refused, 409) == {"serial_number"}


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"serial_number": "\u200b"}, "serial_number"),
        ({"serial_number": None}, "serial_number"),
        ({"model": ""}, "model"),
        ({"delivery_date": "2999-01-01"}, "delivery_date"),
        ({"purchase_date": "yesterday"}, "purchase_date"),
        ({"plan": "no-such-plan"}, "plan"),
        ({"customer": {"name": ""}}, "customer.name"),
        ({"customer_id": "K-000000000000"}, "customer_id"),
        ({"customer": None, "customer_id": "K-000000000000"}, "customer_id"),
        ({"replaces": "unknown"}, "replaces"),
        ({"replaces": "ax2-0001"}, "replaces"),
        ({"colour": "red"}, "colour"),
    ],
)
async def test_what_does_not_fit_names_its_field_and_registers_nothing(
    house: House, changes: dict[str, Any], path: str
) -> None:
    assert paths(await house.post("lin", "/products", REGISTRATION | changes)) == {path}
    assert (await house.get("lin", "/products")).json() == {"items": [], "next": None}
    assert (await house.get("lin", "/customers")).json()["items"] == []


async def test_a_change_leaves_what_was_on_record_and_refuses_an_older_version(house: House) -> None:
    made = await _register(house)
    changed = await _patch(house, "bai", "/products/AX2-0001", {"delivery_date": "2024-03-31", "version": 1})
    assert changed.status_code == 200, changed.text
    (change,) = changed.json()["changes"]
    assert change["by"] == "bai"
    assert change["changes"] == [{"field": "delivery_date", "before": "2024-02-29", "after": "2024-03-31"}]
    assert paths(await _patch(house, "lin", "/products/AX2-0001", {"model": "B", "version": 1}), 409) == {"version"}
    assert paths(await _patch(house, "lin", "/products/AX2-0001", {"model": None})) == {"model"}
    emptied = (await _patch(house, "lin", "/products/AX2-0001", {"delivery_date": None, "verified": False})).json()
    assert (emptied["delivery_date"], emptied["verified_by"]) == (None, None)
    assert emptied["warranty"]["status"] == "unknown"
    problem(await _patch(house, "lin", "/products/none", {"model": "x"}), 404)
    assert made["version"] == 1


async def test_a_serial_number_with_a_slash_is_reached_by_its_identifier(house: House) -> None:
    made = await _register(house, serial_number="A/1?#%")
    shown = await house.get("lin", f"/products/{made['product_id']}")
    assert shown.json()["serial_number"] == "A/1?#%"


async def test_lists_are_searched_and_paged(house: House) -> None:
    for number in range(5):
        await _register(house, serial_number=f"SN-{number}", customer={"name": f"Works {number % 2}"})
    first = (await house.get("audit", "/products?limit=3")).json()
    second = (await house.get("audit", f"/products?limit=3&cursor={first['next']}")).json()
    assert len({one["product_id"] for one in first["items"] + second["items"]}) == 5
    assert second["next"] is None
    found = (await house.get("audit", "/products?q=works 0 sn-2")).json()["items"]
    assert [one["serial_number"] for one in found] == ["SN-2"]
    customers = (await house.get("audit", "/customers?q=works 1")).json()["items"]
    assert [one["customer"]["name"] for one in customers] == ["Works 1"]
    of_one = (await house.get("audit", f"/products?customer_id={customers[0]['customer_id']}")).json()["items"]
    assert {one["serial_number"] for one in of_one} == {"SN-1", "SN-3"}
    for path in ("/products", "/customers", "/contracts"):
        assert paths(await house.get("lin", f"{path}?cursor=nonsense")) == {"cursor"}


async def test_terms_of_a_model_come_before_those_of_the_plan(house: House) -> None:
    await _register(house, delivery_date="2024-02-29", plan="rapid-response")
    by_plan = (await house.get("lin", "/products/AX2-0001")).json()["warranty"]
    assert (by_plan["status"], by_plan["until"]) == ("out", "2025-02-28")
    terms = {"model": "ax-200", "months": 600, "voids": ["Misuse."], "source": "Contract 7"}
    set_by = await house.post("gao", "/warranty-terms", terms)
    assert set_by.status_code == 200, set_by.text
    by_model = (await house.get("lin", "/products/AX2-0001")).json()["warranty"]
    assert (by_model["status"], by_model["until"], by_model["voids"]) == ("in", "2074-02-28", ["Misuse."])
    assert "Contract 7" in by_model["rule"]
    listed = (await house.get("audit", "/warranty-terms")).json()["items"]
    assert (listed[0]["model"], listed[0]["terms"]["months"]) == ("ax-200", 600)
    assert paths(await house.post("gao", "/warranty-terms", {"model": "x", "months": -1})) == {"months"}


async def test_a_contract_counts_once_its_signed_paper_is_on_file(house: House) -> None:
    made = await _register(house, delivery_date="2020-01-01", plan="rapid-response")
    day = house.parts.now().date()
    contract = {
        "number": "SC/2026-1",
        "customer_id": made["customer"]["customer_id"],
        "valid_from": str(day - timedelta(days=10)),
        "valid_to": str(day + timedelta(days=10)),
    }
    answer = await house.post("lin", "/contracts", contract)
    assert answer.status_code == 201, answer.text
    warranty = (await house.get("lin", "/products/AX2-0001")).json()["warranty"]
    assert warranty["status"] == "out"
    assert "signed paper is not on file" in warranty["notes"][0]
    path = f"/contracts/{answer.json()['contract_id']}"
    assert paths(await _patch(house, "lin", path, {"signed_file": "F-0000000000"})) == {"signed_file"}
    stored = (await house.upload("lin", "contract.png", PNG)).json()["attachment_id"]
    assert (await _patch(house, "lin", path, {"signed_file": stored})).json()["signed_file"] == stored
    shown = (await house.get("lin", "/products/AX2-0001")).json()
    assert (shown["warranty"]["status"], shown["warranty"]["contract"]) == ("contract", "SC/2026-1")
    assert [one["number"] for one in shown["contracts"]] == ["SC/2026-1"]
    other = (await house.upload("lin", "other.png", PNG + b"x")).json()["attachment_id"]
    problem(await _patch(house, "lin", path, {"signed_file": other}), 409)
    assert paths(await house.post("lin", "/contracts", contract), 409) == {"number"}
    listed = (await house.get("audit", f"/contracts?customer_id={contract['customer_id']}")).json()["items"]
    assert [one["number"] for one in listed] == ["SC/2026-1"]


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"valid_to": "2025-12-31"}, "valid_to"),
        ({"customer": None}, "customer"),
        ({"serial_numbers": ["AX2-0001", "unknown"]}, "serial_numbers.1"),
        ({"signed_file": "F-0000000000"}, "signed_file"),
        ({"customer_id": "K-000000000000"}, "customer_id"),
    ],
)
async def test_a_contract_that_does_not_fit_names_its_field(house: House, changes: dict[str, Any], path: str) -> None:
    await _register(house)
    contract = {
        "number": "SC-1", "customer": {"name": "New"}, "valid_from": "2026-01-01", "valid_to": "2026-12-31",
    }  # fmt: skip
    assert paths(await house.post("lin", "/contracts", contract | changes)) == {path}
    assert (await house.get("lin", "/contracts")).json()["items"] == []
    assert [one["customer"]["name"] for one in (await house.get("lin", "/customers")).json()["items"]] == [
        "Hai Chuan Machines"
    ]


async def test_a_repair_before_our_time_is_entered_once_and_marked(house: House) -> None:
    await _register(house)
    entry = {"repaired_on": "2020-05-04", "work": "Belt changed", "parts": "belt", "hours": "1.25", "id": "paper-1"}
    first = await house.post("wang.lei", "/products/AX2-0001/card", entry)
    again = await house.post("wang.lei", "/products/AX2-0001/card", entry)
    assert first.status_code == 201, first.text
    assert first.json() == again.json()
    correction = {"repaired_on": "2020-05-05", "work": "Belt changed", "corrects": first.json()["entry_id"]}
    assert (await house.post("lin", "/products/AX2-0001/card", correction)).status_code == 201
    card = (await house.get("audit", "/products/AX2-0001/card")).json()["items"]
    assert [(one["repaired_on"], one["manual"], one["entered_by"]) for one in card] == [
        ("2020-05-05", True, "lin"),
        ("2020-05-04", True, "wang.lei"),
    ]
    assert (card[0]["corrects"], card[1]["hours"]) == (card[1]["entry_id"], "1.25")
    for changes, path in (
        ({"repaired_on": "2999-01-01"}, "repaired_on"),
        ({"work": " "}, "work"),
        ({"hours": -1}, "hours"),
        ({"corrects": "E-0000000000"}, "corrects"),
    ):
        assert paths(await house.post("lin", "/products/AX2-0001/card", entry | changes)) == {path}
    problem(await house.get("lin", "/products/none/card"), 404)


async def test_a_case_with_an_unknown_serial_number_registers_its_product(house: House) -> None:
    case_id = await house.open()
    shown = (await house.get("lin", f"/cases/{case_id}")).json()["warranty"]
    assert (shown["registered"], shown["verified"], shown["earlier_repairs"]) == (True, False, 0)
    assert "was not checked yet" in shown["why"]
    product = (await house.get("lin", "/products/PX200-0042")).json()
    assert (product["origin"], product["case_id"], product["cases"]) == ("application", case_id, [case_id])
    assert product["purchase_date"] == APPLICATION["product"]["purchase_date"]


async def test_a_case_with_a_known_serial_number_shows_its_registration_and_what_differs(house: House) -> None:
    await _register(house, serial_number="PX200-0042", model="PX-200", delivery_date="2020-01-01")
    await house.post("wang.lei", "/products/PX200-0042/card", {"repaired_on": "2021-01-01", "work": "Cleaned"})
    asked = application(
        customer={"name": "Second Hand Ltd", "region": "Anhui"},
        product={"model": "PX-200", "serial_number": "px200-0042", "delivery_date": "2025-12-01"},
    )
    case_id = (await house.post("lin", "/cases", asked)).json()["case_id"]
    shown = (await house.get("lin", f"/cases/{case_id}")).json()["warranty"]
    assert (shown["status"], shown["until"], shown["verified"], shown["earlier_repairs"]) == (
        "out", "2021-01-01", True, 1,
    )  # fmt: skip
    assert shown["differences"] == [
        {"field": "customer", "requested": "Second Hand Ltd", "registered": "Hai Chuan Machines"},
        {"field": "delivery_date", "requested": "2025-12-01", "registered": "2020-01-01"},
    ]


async def test_the_tracking_page_tells_nothing_of_the_registration_or_of_who_had_it_before(house: House) -> None:
    await _register(house, serial_number="PX200-0042", delivery_date="2020-01-01", installed_at="Secret hall 7")
    await house.post("lin", "/products/PX200-0042/card", {"repaired_on": "2021-01-01", "work": "Cleaned secretly"})
    asked = application(customer={"name": "Second Hand Ltd", "region": "Anhui"})
    url = (await house.post("lin", "/cases", asked)).json()["tracking_url"]
    page = await house.client.get(url, headers={"Accept": "text/html"})
    assert page.status_code == 200
    for internal in ("Hai Chuan", "Secret hall", "secretly", "2020-01-01", "warranty"):
        assert internal not in page.text


async def test_a_case_without_a_serial_number_is_judged_by_its_request_alone(house: House) -> None:
    bought = str(house.parts.now().date() - timedelta(days=30))
    case_id = await house.open(product={"model": "PX-200", "purchase_date": bought})
    shown = (await house.get("lin", f"/cases/{case_id}")).json()["warranty"]
    assert (shown["status"], shown["registered"], shown["product_id"]) == ("in", False, None)
    assert (await house.get("lin", "/products")).json()["items"] == []
