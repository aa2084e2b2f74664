from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

from fastapi import FastAPI

from domain.plan import read_plans
from tests.pages.making import HOSTILE, FakeEngine
from tests.pages.strict_client import Browser, Page

Browse = Callable[[str], Awaitable[Browser]]
NEW = "/cases/new"
ASKED = {
    "customer.name": "示例精工（杭州）有限公司",
    "customer.phone": "+86 571 5550 0101",
    "product.model": "AX-200",
    "problem.category": "noise",
    "problem.description": "Rattles\r\nsince Monday",
    "request": "repair",
    "channel": "wechat",
}


async def test_a_case_opens_once_however_often_the_form_is_sent(browse: Browse, engine: FakeEngine) -> None:
    lin = await browse("lin")
    fields = (await lin.get(NEW)).form(NEW) | ASKED
    first = await lin.post(NEW, fields)
    start = engine.started[0]
    assert first == f"/cases/{start.case_id}?said=opened"
    assert start.application.customer.name == ASKED["customer.name"]
    assert start.application.problem.description == "Rattles\nsince Monday"
    assert start.application.channel == "wechat"
    assert await lin.post(NEW, fields) == first


async def test_every_wrong_field_is_named_and_everything_typed_is_kept(browse: Browse, engine: FakeEngine) -> None:
    lin = await browse("lin")
    wrong = {
        **ASKED,
        "customer.name": "",
        "customer.phone": HOSTILE,
        "product.serial_number": "9" * 10_000,
        "product.purchase_date": "not a day",
        "problem.category": "sabotage",
        "received_at": "whenever",
    }
    page = await lin.post(NEW, (await lin.get(NEW)).form(NEW) | wrong, 422)
    assert isinstance(page, Page)
    assert 'id="f-received-at-error"' in page.source
    page = await lin.post(
        NEW, page.form(NEW) | {"received_at": "2099-01-01T00:00", "problem.category": "sabotage"}, 422
    )
    assert isinstance(page, Page)
    kept = page.form(NEW)
    assert kept["customer.phone"] == HOSTILE
    assert kept["product.serial_number"] == "9" * 10_000
    for name in (
        "customer-name",
        "customer-phone",
        "product-serial-number",
        "product-purchase-date",
        "problem-category",
    ):
        assert f'id="f-{name}-error"' in page.source, name
    assert not engine.started


async def test_dates_in_the_future_and_control_characters_are_refused_beside_the_field(browse: Browse) -> None:
    lin = await browse("lin")
    for name, value in (
        ("product.purchase_date", "2099-01-01"),
        ("problem.description", "bell\x07"),
        ("received_at", "2099-01-01T00:00"),
    ):
        page = await lin.post(NEW, (await lin.get(NEW)).form(NEW) | ASKED | {name: value}, 422)
        assert isinstance(page, Page)
        assert f'id="f-{name.replace(".", "-").replace("_", "-")}-error"' in page.source


async def test_a_file_that_is_not_what_its_name_says_is_refused_and_nothing_opens(
    browse: Browse, engine: FakeEngine
) -> None:
    lin = await browse("lin")
    fields = (await lin.get(NEW)).form(NEW) | ASKED
    files = [("attachments.files", ("photo.jpg", b"<html><script>alert(1)</script>", "image/jpeg"))]
    page = await lin.post(NEW, fields, 422, files)
    assert isinstance(page, Page)
    assert "photo.jpg" in page.text
    assert page.form(NEW)["customer.name"] == ASKED["customer.name"]
    assert not engine.started


async def test_a_large_file_refused_ahead_of_the_form_holds_the_form_back_once(
    browse: Browse, engine: FakeEngine
) -> None:
    lin = await browse("lin")
    fields = (await lin.get(NEW)).form(NEW) | ASKED
    said = {"attachments.refused": "hall.jpg: a photo may have 15 MB at most"}
    page = await lin.post(NEW, fields | said, 422)
    assert isinstance(page, Page)
    assert "hall.jpg: a photo may have 15 MB at most" in page.text
    assert engine.started == [], "not opened without the photo behind one's back"
    await lin.post(NEW, page.form(NEW) | {"problem.category": "noise", "request": "repair"})
    assert len(engine.started) == 1


async def test_an_engineer_without_the_right_is_told_which_role_it_takes(browse: Browse) -> None:
    audra = await browse("audra")
    page = await audra.get(NEW, 403)
    assert "takes a role" in page.text


async def test_everything_wrong_with_a_request_is_told_at_once(browse: Browse, engine: FakeEngine) -> None:
    lin = await browse("lin")
    fields = (await lin.get("/cases/new")).form("/cases/new")
    fields |= {
        "customer.email": "nobody",
        "channel": "pigeon",
        "product.purchase_date": "2099-01-01",
        "received_at": "2099-01-01T10:00",
    }
    page = await lin.post("/cases/new", fields, 422)
    assert isinstance(page, Page)
    for name in ("customer-name", "customer-email", "channel", "product-purchase-date", "received-at"):
        assert f'id="f-{name}-error"' in page.source, name
    assert not engine.started


async def test_where_there_are_several_procedures_none_is_guessed(
    browse: Browse, app: FastAPI, engine: FakeEngine
) -> None:
    app.state.parts.plans.update(read_plans(Path(__file__).parents[2] / "plans"))
    lin = await browse("lin")
    page = await lin.post(NEW, (await lin.get(NEW)).form(NEW) | ASKED, 422)
    assert isinstance(page, Page)
    assert 'id="f-plan-error"' in page.source
    assert not engine.started


async def test_regions_that_engineers_serve_are_suggested(browse: Browse) -> None:
    page = (await (await browse("lin")).get("/cases/new")).source
    suggested = page.partition('<datalist id="known-regions">')[2].partition("</datalist>")[0]
    assert '<option value="Yorkshire">' in suggested
    assert 'list="known-regions"' in page.partition('name="customer.region"')[2].partition(">")[0]
