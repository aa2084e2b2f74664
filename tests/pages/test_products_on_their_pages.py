from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import FastAPI

from api.actions.products import register_one
from api.rights import Person
from domain.plan import Duty
from tests.pages.making import HOSTILE, MadeCase
from tests.pages.strict_client import Browser, Page

Browse = Callable[[str], Awaitable[Browser]]
Make = Callable[..., MadeCase]
Project = Callable[[MadeCase], Awaitable[None]]


async def _refused(browser: Browser, path: str, fields: dict[str, Any], status: int) -> Page:
    page = await browser.post(path, fields, status)
    assert isinstance(page, Page)
    return page


async def _register(app: FastAPI, **changes: Any) -> str:
    desk = Person(
        "lin", "Lin Yue", frozenset({"customer_service"}), duties={Duty.DESK: frozenset({"customer_service"})}
    )
    usual = {"serial_number": "AX2-1", "model": "AX-200", "delivery_date": "2020-01-01", "customer": {"name": "Owner"}}
    return await register_one(app.state.parts, desk, usual | changes)


async def test_a_product_is_found_by_its_serial_number_and_shows_why_it_is_out_of_warranty(
    app: FastAPI, browse: Browse
) -> None:
    product_id = await _register(app)
    lin = await browse("lin")
    found = await lin.get("/products?q=ax2-1")
    assert f"/products/{product_id}" in found.links
    assert "/products/new" in found.links
    assert "No product fits" in (await lin.get("/products?q=nothing")).text
    page = await lin.get(f"/products/{product_id}")
    assert "Out of warranty" in page.text
    assert "ended on 1 Jan 2021" in page.text
    assert "until 1 Jan 2021" not in page.text
    assert "2021-01-01" not in page.text
    assert "12 months from the delivery on 1 Jan 2020" in page.text
    assert "No repair is on record." in page.text
    assert (await lin.get("/products/ax2-1")).text == page.text
    await lin.get("/products/none", 404)
    await lin.get("/products?cursor=none", 422)


async def test_hostile_text_in_a_registration_is_text(app: FastAPI, browse: Browse) -> None:
    product_id = await _register(
        app, serial_number=HOSTILE[:90], model=HOSTILE, specification=HOSTILE, installed_at=HOSTILE,
        customer={"name": HOSTILE, "region": HOSTILE},
    )  # fmt: skip
    admin = await browse("admin")
    for path in ("/products", f"/products/{product_id}"):
        page = await admin.get(path)
        assert "<script>alert(1)</script>" in page.text
        assert "<img src=x" not in page.source


async def test_the_desk_registers_a_product_and_sees_what_is_wrong_beside_it(browse: Browse) -> None:
    lin = await browse("lin")
    fields = (await lin.get("/products/new")).form("/products/new")
    wrong = await _refused(lin, "/products/new", fields | {"model": "AX-200", "delivery_date": "2999-01-01"}, 422)
    assert "is needed" in wrong.text.lower()
    fields |= {"serial_number": "SN/77", "model": "AX-200", "delivery_date": "2999-01-01"}
    assert "in the future" in (await _refused(lin, "/products/new", fields, 422)).text
    fields |= {"delivery_date": "2024-03-01", "customer.name": "Hai Chuan", "customer.phone": "+86 571"}
    page = await lin.get(str(await lin.post("/products/new", fields)))
    assert "SN/77" in page.text
    assert "Hai Chuan" in page.text
    assert "registered already" in (await _refused(lin, "/products/new", fields, 409)).text


async def test_checking_a_registration_keeps_what_was_and_shows_who_checked(app: FastAPI, browse: Browse) -> None:
    product_id = await _register(app)
    lin = await browse("lin")
    form = (await lin.get(f"/products/{product_id}")).form(f"/products/{product_id}/change")
    assert (form["model"], form["delivery_date"], form["version"]) == ("AX-200", "2020-01-01", "1")
    page = await lin.get(str(await lin.post(f"/products/{product_id}/change", form | {"delivery_date": ""})))
    assert "Delivery date: 2020-01-01 → nothing" in page.text
    assert "Warranty not known" in page.text
    stale = await _refused(lin, f"/products/{product_id}/change", form | {"model": "AX-210"}, 409)
    assert "changed this registration meanwhile" in stale.text


async def test_a_repair_before_our_time_and_a_contract_are_entered_on_the_page(app: FastAPI, browse: Browse) -> None:
    product_id = await _register(app)
    lin = await browse("lin")
    page = await lin.get(f"/products/{product_id}")
    entry = {"repaired_on": "2021-02-03", "work": "Belt changed", "hours": "1.5", "done_by": "Old Wang"}
    form = page.form(f"/products/{product_id}/card")
    assert (
        "is not an amount"
        in (await _refused(lin, f"/products/{product_id}/card", form | entry | {"hours": "x"}, 422)).text
    )
    page = await lin.get(str(await lin.post(f"/products/{product_id}/card", form | entry)))
    for told in ("Belt changed", "1.5 h", "Old Wang", "by hand", "entered by hand by lin"):
        assert told in page.text
    form = page.form(f"/products/{product_id}/contract")
    dates = {"number": "SC-1", "valid_from": "2020-01-01", "valid_to": "2090-12-31"}
    wrong = await _refused(lin, f"/products/{product_id}/contract", form | dates | {"valid_to": "2019-01-01"}, 422)
    assert "before the first day" in wrong.text
    page = await lin.get(str(await lin.post(f"/products/{product_id}/contract", form | dates)))
    assert "signed paper not on file" in page.text
    assert "its signed paper is not on file" in page.text


async def test_who_may_not_write_is_offered_nothing_and_refused(app: FastAPI, browse: Browse) -> None:
    product_id = await _register(app)
    audra = await browse("audra")
    page = await audra.get(f"/products/{product_id}")
    assert [form.get("action") for form in page.forms] == ["/sign-out"]
    await audra.get("/products/new", 403)
    wei = await browse("wei")
    actions = [form.get("action") for form in (await wei.get(f"/products/{product_id}")).forms]
    assert actions == ["/sign-out", f"/products/{product_id}/card"]
    await wei.post(f"/products/{product_id}/change", {}, 403)


async def test_a_case_and_its_tasks_show_warranty_registration_and_what_differs(
    app: FastAPI, browse: Browse, made_case: Make, project: Project
) -> None:
    product_id = await _register(app)
    made = made_case(1)
    made.offer("contact_customer")
    await project(made)
    lin = await browse("lin")
    for path in (f"/cases/{made.case_id}", f"/tasks/{made.case_id}.contact_customer"):
        page = await lin.get(path)
        assert "Out of warranty" in page.text
        assert "the registration Owner" in page.text
        assert f"/products/{product_id}" in page.links
    product = await lin.get(f"/products/{product_id}")
    assert f"/cases/{made.case_id}" in product.links


async def test_a_new_serial_number_is_registered_by_its_case_and_not_verified(
    browse: Browse, made_case: Make, project: Project
) -> None:
    made = made_case(1)
    await project(made)
    lin = await browse("lin")
    assert "not verified yet" in (await lin.get(f"/cases/{made.case_id}")).text
    assert "not verified" in (await lin.get("/products")).text
    page = await lin.get("/products/AX2-1")
    assert "from a request, as the customer gave it" in page.text
