"""Customers, service contracts, warranty terms and factories are looked up and kept on pages."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import FastAPI

from api.actions.products import register_contract, register_one
from api.rights import Person
from domain.plan import Duty
from tests.pages.making import HOSTILE
from tests.pages.strict_client import Browser, Page

Browse = Callable[[str], Awaitable[Browser]]
DESK = Person("lin", "Lin Yue", frozenset({"customer_service"}), duties={Duty.DESK: frozenset({"customer_service"})})
OWNER = {"name": "Hai Chuan Packaging", "contact_name": "Ms Zhou", "phone": "+86 000 0101", "region": "Zhejiang"}


async def _a_contract(app: FastAPI, **more: Any) -> None:
    parts = app.state.parts
    await register_one(parts, DESK, {"serial_number": "AX2-1", "model": "AX-200", "customer": OWNER})
    days = {"valid_from": "2020-01-01", "valid_to": "2090-12-31"}
    await register_contract(parts, DESK, {"number": "SC-1", "customer": OWNER, **days, **more})


async def test_a_customer_is_found_and_shows_products_contracts_and_the_way_to_the_cases(
    app: FastAPI, browse: Browse
) -> None:
    await _a_contract(app)
    lin = await browse("lin")
    assert "No customer fits" in (await lin.get("/customers?q=nobody")).text
    found = await lin.get("/customers?q=hai zhou")
    (link,) = {link for link in found.links if link.startswith("/customers/")}
    page = await lin.get(link)
    for told in ("Ms Zhou", "+86 000 0101", "Zhejiang", "AX2-1", "SC-1", "signed paper not on file"):
        assert told in page.text
    assert "/cases?q=Hai+Chuan+Packaging" in page.links
    await lin.get("/customers/none", 404)
    await lin.get("/customers?cursor=none", 422)


async def test_the_signed_paper_of_a_contract_is_filed_on_the_list(app: FastAPI, browse: Browse) -> None:
    await _a_contract(app)
    lin = await browse("lin")
    page = await lin.get("/contracts")
    assert "not signed yet" in page.text
    (form,) = [form for form in page.forms if form.get("action", "").endswith("/sign")]
    missing = await lin.post(form["action"], form["fields"], 422)
    assert isinstance(missing, Page)
    assert "is needed" in missing.text.lower()
    (name, _camera) = [field["name"] for field in page.inputs if field.get("type") == "file"]
    files = [(name, ("contract.pdf", b"%PDF-1.4 signed", "application/pdf"))]
    page = await lin.get(str(await lin.post(form["action"], form["fields"], files=files)))
    assert "not signed yet" not in page.text
    assert "signed paper" in page.text


async def test_the_terms_of_a_model_are_set_and_changed_on_the_page(browse: Browse) -> None:
    admin = await browse("admin")
    page = await admin.get("/warranty-terms")
    assert "Other models under" in page.text, "the plans' own terms are told too"
    form = page.form("/warranty-terms")
    nothing = await admin.post("/warranty-terms", form | {"model": "", "months": ""}, 422)
    assert isinstance(nothing, Page)
    assert "Model : is needed. Months : is needed." in nothing.text, "in the order of the fields"
    wrong = await admin.post("/warranty-terms", form | {"model": "AX-200", "months": "some"}, 422)
    assert isinstance(wrong, Page)
    assert wrong.form("/warranty-terms")["model"] == "AX-200", "what was typed is kept"
    terms = {"model": "AX-200", "months": "18", "voids": "Misuse\nWater\n", "replacements": "keep_rest"}
    page = await admin.get(str(await admin.post("/warranty-terms", form | terms)))
    for told in ("AX-200", "18 months", "Void by: Misuse", "Void by: Water"):
        assert told in page.text
    form = (await admin.get("/warranty-terms?change=AX-200")).form("/warranty-terms")
    assert (form["months"], form["voids"].split()) == ("18", ["Misuse", "Water"])
    page = await admin.get(str(await admin.post("/warranty-terms", form | {"months": "1"})))
    assert "1 month " in page.text
    assert "18 months" not in page.text


async def test_a_factory_is_kept_on_the_page_and_hostile_text_is_text(browse: Browse) -> None:
    admin = await browse("admin")
    form = (await admin.get("/factories")).form("/factories")
    wrong = await admin.post("/factories", form | {"name": "North works", "phone": "call us"}, 422)
    assert isinstance(wrong, Page)
    assert wrong.form("/factories")["phone"] == "call us"
    known = {"name": "North works", "city": HOSTILE[:150], "models": "AX-200\nLB-3", "signs_in": "true"}
    page = await admin.get(str(await admin.post("/factories", form | known)))
    for told in ("North works", "makes AX-200, LB-3", "its engineers sign in", "<script>alert(1)</script>"):
        assert told in page.text
    form = (await admin.get("/factories?change=north+works")).form("/factories")
    assert (form["name"], form["models"].split(), form["signs_in"]) == ("North works", ["AX-200", "LB-3"], "true")


async def test_who_may_not_keep_them_looks_only(app: FastAPI, browse: Browse) -> None:
    await _a_contract(app)
    audra = await browse("audra")
    for path in ("/contracts", "/warranty-terms", "/factories"):
        assert [form.get("action") for form in (await audra.get(path)).forms] == ["/sign-out"]
        if path != "/contracts":
            await audra.post(path, {}, 403)
