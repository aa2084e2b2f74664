from __future__ import annotations

from datetime import timedelta

import pytest

from tests.api.house import PNG, House, application, paths, problem


async def test_an_opened_case_is_found_at_once_with_its_first_task(house: House) -> None:
    answer = await house.post("lin", "/cases", application())
    assert answer.status_code == 201
    opened = answer.json()
    assert answer.headers["location"] == f"/api/v1/cases/{opened['case_id']}"
    shown = (await house.get("lin", f"/cases/{opened['case_id']}")).json()
    assert shown["state"] == "active"
    assert shown["stage"] == "register"
    assert shown["customer"]["name"] == "Hai Chuan Machines"
    assert [task["kind"] for task in shown["tasks"]] == ["contact_customer"]
    assert shown["coverage"]["totals"] == {"company": "0", "customer": "0"}
    assert shown["tracking_url"] == opened["tracking_url"]


async def test_the_tracking_link_leads_to_the_case_and_cannot_be_guessed(house: House) -> None:
    opened = (await house.post("lin", "/cases", application())).json()
    token = opened["tracking_url"].removeprefix("http://house.test/t/")
    links = house.parts.tracking
    assert links.named(token) == opened["case_id"]
    assert links.opens(token, 0)
    forged = token[:-1] + ("A" if token[-1] != "A" else "B")
    assert not links.opens(forged, 0)
    assert (await house.client.get(f"/t/{forged}")).status_code == 404


async def test_the_engine_is_told_nothing_personal_in_the_summary(house: House) -> None:
    await house.open()
    assert house.engine.summaries == ["Rapid response · PX-200 · Abnormal wear"]


async def test_the_same_key_sent_again_is_the_same_case(house: House) -> None:
    first = await house.post("lin", "/cases", application(), key="k-1")
    again = await house.post("lin", "/cases", application(), key="k-1")
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert len(house.engine.books) == 1


async def test_the_same_key_is_another_case_for_another_person(house: House) -> None:
    first = await house.post("lin", "/cases", application(), key="k-1")
    other = await house.post("bai", "/cases", application(), key="k-1")
    assert first.json()["case_id"] != other.json()["case_id"]


async def test_a_key_used_for_another_request_is_refused(house: House) -> None:
    await house.post("lin", "/cases", application(), key="k-1")
    refused = await house.post("lin", "/cases", application(request="replacement"), key="k-1")
    assert paths(refused, 409) == {"Idempotency-Key"}


async def test_a_repeat_is_recognised_after_the_engine_forgot_the_case(house: House) -> None:
    first = (await house.post("lin", "/cases", application(), key="k-1")).json()
    house.engine.books.clear()
    again = await house.post("lin", "/cases", application(), key="k-1")
    assert (again.status_code, again.json()) == (200, first)
    assert house.engine.books == {}


async def test_a_case_that_the_read_side_does_not_show_yet_is_said_to_exist(house: House) -> None:
    house.engine.projecting = False
    opened = (await house.post("lin", "/cases", application())).json()
    shown = await house.get("lin", f"/cases/{opened['case_id']}")
    assert shown.status_code == 200
    assert shown.json() == {**opened, "projected": False, "state": "active"}


async def test_a_case_that_nobody_knows_is_not_found(house: House) -> None:
    problem(await house.get("lin", "/cases/C-0000000000"), 404)
    problem(await house.get("lin", "/cases/..%2f..%2fetc"), 404)
    problem(await house.get("lin", "/cases/C-%00"), 404)


async def test_an_unknown_plan_is_named_with_those_that_exist(house: House) -> None:
    refused = await house.post("lin", "/cases", application(plan="slow-response"))
    assert paths(refused) == {"plan"}
    assert "rapid-response" in problem(refused, 422)["detail"]


async def test_a_channel_of_another_plan_is_refused(house: House) -> None:
    assert paths(await house.post("lin", "/cases", application(channel="fax"))) == {"channel"}


async def test_a_missing_customer_is_named(house: House) -> None:
    body = application()
    del body["customer"]
    assert paths(await house.post("lin", "/cases", body)) == {"customer"}
    assert paths(await house.post("lin", "/cases", application(customer={"name": "  "}))) == {"customer.name"}


@pytest.mark.parametrize("name", ["purchase_date", "delivery_date"])
async def test_a_date_in_the_future_is_refused_at_its_field(house: House, name: str) -> None:
    day = (house.parts.now() + timedelta(days=3)).date().isoformat()
    assert paths(await house.post("lin", "/cases", application(product={"model": "PX", name: day}))) == {
        f"product.{name}"
    }


async def test_a_request_received_in_the_future_or_years_ago_is_refused(house: House) -> None:
    for moved in (timedelta(hours=1), timedelta(days=-4000)):
        at = (house.parts.now() + moved).isoformat()
        assert paths(await house.post("lin", "/cases", application(received_at=at))) == {"received_at"}


async def test_a_request_that_reached_us_earlier_counts_from_then(house: House) -> None:
    at = house.parts.now() - timedelta(hours=5)
    case_id = await house.open(received_at=at.isoformat())
    assert house.engine.books[case_id].state.applied_at == at


async def test_photos_must_have_been_uploaded(house: House) -> None:
    photo = (await house.upload("lin", "blade.png", PNG)).json()["attachment_id"]
    case_id = await house.open(attachments=[photo])
    assert (await house.get("lin", f"/cases/{case_id}")).json()["attachments"] == [photo]
    refused = await house.post("lin", "/cases", application(attachments=[photo, "F-0000000000000000"]))
    assert paths(refused) == {"attachments.1"}


async def test_nothing_is_opened_while_the_engine_is_away_and_the_same_key_works_afterwards(house: House) -> None:
    house.engine.away = True
    refused = await house.post("lin", "/cases", application(), key="k-1")
    problem(refused, 503)
    assert refused.headers["retry-after"]
    house.engine.away = False
    assert (await house.post("lin", "/cases", application(), key="k-1")).status_code == 201


async def test_texts_with_markup_are_kept_as_they_are(house: House) -> None:
    text = "<script>alert(1)</script> & “quotes” 你好"
    case_id = await house.open(problem={"category": "noise", "description": text})
    shown = await house.get("lin", f"/cases/{case_id}")
    assert shown.json()["problem"]["description"] == text
    assert shown.headers["content-type"] == "application/json"
    assert shown.headers["x-content-type-options"] == "nosniff"
