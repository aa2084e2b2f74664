"""Asking for service without an account: a case is opened as the API does, or a person looks first; none is lost."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from api.actions import requests
from api.actions.requests import SOONEST, offered_plans
from api.app import create_app
from api.form_tokens import FormTokens
from core.errors import NotConfigured, Unavailable
from core.settings import Settings, load
from domain.plan import Plan
from store.held_requests import waiting_requests
from tests.api.house import PNG
from tests.pages.conftest import PLAN
from tests.pages.making import HOSTILE, PLANS, FakeEngine
from tests.pages.strict_client import Browser, Page

Browse = Callable[[str], Awaitable[Browser]]
FORM = "/request/rapid-response"
ASKED = {
    "problem.description": "Rattles since Monday",
    "problem.category": "noise",
    "request": "repair",
    "product.model": "AX-200",
    "product.serial_number": "AX2-77",
    "customer.name": "示例精工（杭州）有限公司",
    "customer.phone": "+86 571 5550 0101",
    "customer.region": "浙江",
}


@pytest.fixture(autouse=True)
def fresh_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Counts of senders live as long as the process; here as long as a test."""
    for name in ("_direct", "_flood"):
        before = getattr(requests, name)
        monkeypatch.setattr(requests, name, type(before)(before._limit, before._seconds))


@pytest.fixture
def a_while_ago(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forms are sent as long after they were opened as people take."""
    read = FormTokens.read

    def later(self: FormTokens, purpose: str, token: object, now: float) -> Any:
        return read(self, purpose, token, now + SOONEST + 30)

    monkeypatch.setattr(FormTokens, "read", later)


async def filled(browser: Browser, **changes: str) -> dict[str, str]:
    return (await browser.get(FORM)).form(FORM) | ASKED | changes


@pytest.mark.clause("R1", "R2")
@pytest.mark.usefixtures("a_while_ago")
async def test_a_request_opens_a_case_once_and_leads_to_its_page(
    anonymous: Browser, engine: FakeEngine, app: FastAPI
) -> None:
    fields = await filled(anonymous)
    photo = [("files.files", ("type plate.png", PNG, "image/png"))]
    address = str(await anonymous.post(FORM, fields, files=photo))
    start = engine.started[0]
    asked = start.application
    assert address == f"{app.state.parts.tracking.path(start.case_id)}?said=opened"
    assert (asked.plan, asked.channel, asked.customer.name) == (PLAN.name, "web", ASKED["customer.name"])
    assert asked.customer.language == "en"
    assert len(asked.attachments) == 1
    assert (start.opened_by.role, start.opened_by.user) == ("customer", "@customer")
    assert "being set up" in (await anonymous.get(address)).text
    engine.started.append(start)
    assert await anonymous.post(FORM, fields, files=photo) == address
    assert {one.case_id for one in engine.started} == {start.case_id}


@pytest.mark.clause("R2")
@pytest.mark.usefixtures("a_while_ago")
async def test_a_request_needs_a_way_to_reach_the_customer(anonymous: Browser, engine: FakeEngine) -> None:
    fields = await filled(anonymous, **{"customer.phone": ""})
    page = await anonymous.post(FORM, fields, 422)
    assert isinstance(page, Page)
    assert 'id="f-customer-phone-error"' in page.source
    fields = page.form(FORM) | {"customer.email": "wen@example.com", "problem.category": "noise", "request": "repair"}
    assert str(await anonymous.post(FORM, fields)).startswith("/t/")
    assert engine.started[0].application.customer.email == "wen@example.com"


@pytest.mark.usefixtures("a_while_ago")
async def test_what_is_wrong_is_named_and_what_was_typed_is_kept(anonymous: Browser, engine: FakeEngine) -> None:
    wrong = {"customer.name": "", "customer.phone": HOSTILE, "product.serial_number": "9" * 5000, "request": "money"}
    photo = [("files.files", ("plate.png", PNG, "image/png")), ("files.files", ("run.exe", b"MZ" * 50, "image/png"))]
    page = await anonymous.post(FORM, await filled(anonymous, **wrong), 422, files=photo)
    asked = await anonymous.post(FORM, await filled(anonymous, **{"problem.description": "", "product.model": ""}), 422)
    assert isinstance(asked, Page)
    assert "What happens? Is needed." in asked.text
    assert "Model : is needed." in asked.text
    assert isinstance(page, Page)
    for name in ("f-customer-name", "f-customer-phone", "f-product-serial-number", "f-request", "f-files"):
        assert f'id="{name}-error"' in page.source, name
    assert "run.exe" in page.text
    assert "plate.png" in page.text
    assert page.form(FORM)["customer.phone"] == HOSTILE
    assert "<script>alert" not in page.source
    assert not engine.started


HELD = {
    "trap": {"website": "https://spam.example"},
    "links": {"problem.description": "http://a.example http://b.example www.c.example buy"},
}


@pytest.mark.parametrize("doubt", sorted(HELD))
@pytest.mark.usefixtures("a_while_ago")
async def test_a_suspicious_request_is_held_for_a_person_and_opened_by_one(
    app: FastAPI, anonymous: Browser, browse: Browse, engine: FakeEngine, doubt: str
) -> None:
    fields = await filled(anonymous, **HELD[doubt])
    address = str(await anonymous.post(FORM, fields))
    assert address.startswith("/request/held/R-")
    assert await anonymous.post(FORM, fields) == address
    assert "A person looks at it" in (await anonymous.get(address)).text
    assert not engine.started
    lin = await browse("lin")
    page = await lin.get("/requests")
    assert page.text.count("示例精工") == 1
    action = f"/requests/{address.rpartition('/')[2]}"
    opened = str(await lin.post(action, page.form(action) | {"do": "open"}))
    start = engine.started[0]
    assert opened == f"/cases/{start.case_id}?said=opened"
    assert start.opened_by.user == "lin"
    async with app.state.parts.database.reading() as session:
        assert await waiting_requests(session) == ()
    assert start.applied_at == start.application.received_at
    page = await anonymous.get(address)
    assert app.state.parts.tracking.path(start.case_id) in page.links
    assert await lin.post(action, (await lin.get("/requests")).form("/sign-out") | {"do": "open"}) == opened
    assert len(engine.started) == 1


async def test_what_is_sent_faster_than_people_type_is_held(anonymous: Browser, engine: FakeEngine) -> None:
    assert str(await anonymous.post(FORM, await filled(anonymous))).startswith("/request/held/")
    assert not engine.started


@pytest.mark.usefixtures("a_while_ago")
async def test_a_rejected_request_is_forgotten_and_says_so(
    anonymous: Browser, browse: Browse, engine: FakeEngine
) -> None:
    address = str(await anonymous.post(FORM, await filled(anonymous, website="x")))
    lin, dan = await browse("lin"), await browse("dan")
    action = f"/requests/{address.rpartition('/')[2]}"
    fields = (await lin.get("/requests")).form(action)
    await dan.get("/requests", 403)
    await anonymous.client.post(action, data=fields | {"do": "reject"})
    assert await lin.post(action, fields | {"do": "reject"}) == "/requests?said=rejected"
    page = await lin.post(action, fields | {"do": "open"}, 409)
    assert isinstance(page, Page)
    assert "示例精工" not in page.source
    assert "could not take this" in (await anonymous.get(address)).text
    assert not engine.started


@pytest.mark.usefixtures("a_while_ago")
async def test_many_from_one_network_are_held_and_a_flood_is_refused(anonymous: Browser, engine: FakeEngine) -> None:
    came = []
    for number in range(8):
        fields = await filled(anonymous, **{"product.serial_number": f"N-{number}"})
        came.append(str(await anonymous.post(FORM, fields))[:14])
    assert [one.startswith("/t/") for one in came] == [True] * 5 + [False] * 3
    fields = await filled(anonymous)
    statuses = {(await anonymous.client.post(FORM, data=fields)).status_code for _ in range(25)}
    assert 429 in statuses
    assert len(engine.started) == 5


@pytest.mark.usefixtures("a_while_ago")
async def test_a_form_without_proof_and_one_of_another_plan_are_not_taken(
    anonymous: Browser, engine: FakeEngine
) -> None:
    fields = await filled(anonymous)
    for csrf in ("", "1.x.y", fields["csrf"][:-1] + "!", fields["csrf"].replace(".", "0", 1)):
        await anonymous.post(FORM, fields | {"csrf": csrf}, 403)
    for path in ("/request/no-plan", "/request/warranty-repair", f"/request/{'x' * 300}"):
        await anonymous.get(path, 404)
    for held in ("R-1", "R-" + "0" * 26, "x" * 500):
        await anonymous.get(f"/request/held/{held}", 404)
    assert not engine.started


@pytest.mark.usefixtures("a_while_ago")
async def test_more_than_the_limit_is_refused_while_it_is_read(
    app: FastAPI, anonymous: Browser, engine: FakeEngine
) -> None:
    fields = await filled(anonymous)
    limit = app.state.parts.settings.max_public_form_bytes

    async def endless() -> AsyncIterator[bytes]:
        head = "".join(
            f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in fields.items()
        )
        yield head.encode() + b'--x\r\nContent-Disposition: form-data; name="files.files"; filename="a.png"\r\n\r\n'
        for _ in range(limit // 2**20 + 8):
            yield b"0" * 2**20

    sent = await anonymous.client.post(
        FORM, content=endless(), headers={"Content-Type": "multipart/form-data; boundary=x", "Accept": "text/html"}
    )
    assert sent.status_code == 413
    assert not engine.started


@pytest.mark.usefixtures("a_while_ago")
async def test_an_engine_that_is_away_keeps_what_was_typed(anonymous: Browser, engine: FakeEngine) -> None:
    fields = await filled(anonymous)
    engine.away = Unavailable("the engine cannot be reached")
    page = await anonymous.post(FORM, fields, 503)
    assert isinstance(page, Page)
    assert page.form(FORM)["problem.description"] == ASKED["problem.description"]
    engine.away = None
    assert str(await anonymous.post(FORM, fields)).startswith("/t/")


async def _page_of(settings: Settings, plans: dict[str, Plan], path: str, **headers: str) -> httpx.Response:
    made = create_app(settings, engine=FakeEngine(), plans=plans)
    transport = httpx.ASGITransport(app=made)
    async with httpx.AsyncClient(transport=transport, base_url="http://pages.test") as client:
        answer = await client.get(path, headers={"Accept": "text/html", **headers})
    await made.state.parts.database.dispose()
    return answer


async def test_the_setting_says_which_plans_are_offered(app: FastAPI) -> None:
    settings: Settings = app.state.parts.settings
    assert sorted(offered_plans(settings, PLANS)) == sorted(PLANS)
    page = Page((await _page_of(settings, dict(PLANS), "/request")).text)
    assert sorted(link for link in page.links if link.startswith("/request/")) == [
        f"/request/{n}" for n in sorted(PLANS)
    ]
    one = settings.model_copy(update={"request_form": "warranty-repair"})
    assert "Ask for service" in (await _page_of(one, dict(PLANS), "/request")).text
    assert (await _page_of(one, dict(PLANS), FORM)).status_code == 404
    off = settings.model_copy(update={"request_form": "off"})
    assert (await _page_of(off, dict(PLANS), "/request")).status_code == 404
    with pytest.raises(NotConfigured, match="no-such-plan"):
        offered_plans(settings.model_copy(update={"request_form": "rapid-response, no-such-plan"}), PLANS)
    assert load().request_form == "on"


@pytest.mark.parametrize(
    ("address", "asked", "spoken"),
    [("", "zh-CN,en;q=0.5", "zh-CN"), ("", "de", "en"), ("?lang=it", "zh-CN", "it"), ("?lang=xx", "it", "it")],
)
async def test_the_form_speaks_the_language_of_the_address_or_of_the_browser(
    anonymous: Browser, address: str, asked: str, spoken: str
) -> None:
    answer = await anonymous.client.get(f"{FORM}{address}", headers={"Accept": "text/html", "Accept-Language": asked})
    assert f'<html lang="{spoken}">' in answer.text
    assert "noindex" in answer.headers["x-robots-tag"]
    assert Page(answer.text).problems == []
