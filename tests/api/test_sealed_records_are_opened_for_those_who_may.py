"""The codec server opens what the engine keeps sealed: for auditors and administrators, on record, and for no other
site."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from google.protobuf import json_format
from temporalio.api.common.v1 import Payload, Payloads
from temporalio.converter import WorkflowSerializationContext

from api.actions.signing_in import sign_in
from api.opening import OF_NO_CASE
from api.routes import codec
from api.signin import CSRF_HEADER, SESSION_COOKIE
from core.codec import CaseCodec
from store.queries.access import list_looks
from store.users import User, create_user, hash_password
from tests.api.house import House, problem

CASE, OTHER = "C-0000000001", "C-0000000002"
PAGES = "http://127.0.0.1:8233"
PASSWORD = "a long one with spaces"


@pytest.fixture
def house(house: House) -> House:
    """With pages of the engine on an address of their own."""
    settings = house.parts.settings.model_copy(update={"temporal_ui_url": f"{PAGES}/namespaces/default"})
    house.app.state.parts = replace(house.parts, settings=settings)
    house.parts = house.app.state.parts
    return house


def clear(text: str) -> Payload:
    return Payload(metadata={"encoding": b"json/plain"}, data=json.dumps(text).encode())


async def sealed(house: House, workflow_id: str, *texts: str) -> list[Payload]:
    context = WorkflowSerializationContext(namespace="default", workflow_id=workflow_id)
    return await CaseCodec(house.parts.keys()).with_context(context).encode([clear(text) for text in texts])


def body_of(payloads: Sequence[Payload]) -> dict[str, Any]:
    return json_format.MessageToDict(Payloads(payloads=payloads))


async def ask(
    house: House, user: str, payloads: Sequence[Payload], way: str = "decode", **headers: str
) -> httpx.Response:
    said = {**house.headers(user), "X-Namespace": "default", **headers}
    return await house.client.post(f"/codec/{way}", json=body_of(payloads), headers=said)


def texts(answer: httpx.Response) -> list[Any]:
    assert answer.status_code == 200, answer.text
    return [json.loads(base64.b64decode(one["data"])) for one in answer.json()["payloads"]]


async def looks(house: House) -> list[tuple[str, str, str]]:
    async with house.parts.database.reading() as session:
        return sorted((one.user_id, one.kind, one.subject) for one in (await list_looks(session)).items)


@pytest.mark.parametrize("user", ["audit", "admin"])
async def test_who_may_read_histories_gets_clear_text_in_its_order(house: House, user: str) -> None:
    payloads = [*await sealed(house, CASE, "Chen Yu", "PX-200"), clear("never sealed")]
    assert b"Chen" not in payloads[0].data
    assert texts(await ask(house, user, payloads)) == ["Chen Yu", "PX-200", "never sealed"]


@pytest.mark.parametrize("user", ["lin", "shen", "gao"])
async def test_nobody_else_does(house: House, user: str) -> None:
    assert "auditor" in problem(await ask(house, user, await sealed(house, CASE, "Chen Yu")), 403)["detail"]
    body = body_of(await sealed(house, CASE, "Chen Yu"))
    problem(await house.client.post("/codec/decode", json=body), 401)
    assert await looks(house) == []


async def test_whose_case_was_read_is_on_record_with_its_number(house: House) -> None:
    payloads = [*await sealed(house, CASE, "Chen Yu"), *await sealed(house, f"{OTHER}-notice-4", "Wu Bo")]
    await ask(house, "audit", payloads)
    assert await looks(house) == [("audit", "case", CASE), ("audit", "case", OTHER)]
    await ask(house, "audit", await sealed(house, "report-2026-11", "figures"))
    assert ("audit", "export", OF_NO_CASE) in await looks(house)


async def test_what_was_never_sealed_is_nobodys_look(house: House) -> None:
    await ask(house, "audit", [clear("a word of the engine")])
    assert await looks(house) == []


async def test_an_erased_case_says_so_and_keeps_no_other_from_being_read(house: House) -> None:
    payloads = [*await sealed(house, CASE, "Chen Yu"), *await sealed(house, OTHER, "Wu Bo")]
    await house.parts.keys().destroy(CASE, by="admin", reason="asked for by the customer")
    erased, other = texts(await ask(house, "audit", payloads))
    assert other == "Wu Bo"
    assert erased["erased"].startswith(f"{CASE} was erased on ")
    assert await looks(house) == [("audit", "case", OTHER)]


async def test_changed_bytes_and_foreign_keys_are_named_and_soon_refused(house: House) -> None:
    (whole,) = await sealed(house, CASE, "Chen Yu")
    changed = Payload(metadata=dict(whole.metadata), data=whole.data[:-1] + bytes([whole.data[-1] ^ 1]))
    foreign = Payload(metadata={**whole.metadata, "encryption-key-id": b"k-none"}, data=whole.data)
    nameless = Payload(metadata={"encoding": b"binary/encrypted"}, data=b"x")
    first, second, third = texts(await ask(house, "audit", [changed, foreign, nameless]))
    assert "changed" in first["unreadable"]
    assert "k-none" in second["unreadable"]
    assert "no key" in third["unreadable"]
    assert (await ask(house, "audit", [foreign] * 97)).status_code == 200
    refused = await ask(house, "audit", [whole])
    assert problem(refused, 429) and int(refused.headers["Retry-After"]) > 0
    assert texts(await ask(house, "admin", [whole])) == ["Chen Yu"]


async def test_requests_without_end_are_refused(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(codec, "OFTEN", type(codec.OFTEN)(limit=3, seconds=60))
    for _ in range(3):
        assert (await ask(house, "audit", [clear("x")])).status_code == 200
    problem(await ask(house, "audit", [clear("x")]), 429)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"not json", 400),
        (b"\xff\xfe", 400),
        (b"[1, 2]", 400),
        (b'{"payloads": ' + b"[" * 5000, 400),
        (b'{"payloads": [' + b",".join([b"{}"] * (codec.MOST_PAYLOADS + 1)) + b"]}", 413),
        (b" " * (codec.MOST_BYTES + 1), 413),
    ],
)
async def test_what_is_no_payloads_gets_a_clear_answer(house: House, body: bytes, status: int) -> None:
    headers = {**house.headers("audit"), "Content-Type": "application/json"}
    problem(await house.client.post("/codec/decode", content=body, headers=headers), status)


async def test_only_an_administrator_seals_and_only_for_a_workflow_that_is_named(house: House) -> None:
    assert problem(await ask(house, "admin", [clear("x")], "encode"), 422)["errors"][0]["path"] == "X-Workflow-Id"
    problem(await ask(house, "audit", [clear("x")], "encode", **{"X-Workflow-Id": CASE}), 403)
    answer = await ask(house, "admin", [clear("Chen Yu")], "encode", **{"X-Workflow-Id": CASE})
    back = json_format.ParseDict(answer.json(), Payloads())
    assert back.payloads[0].metadata["encoding"] == b"binary/encrypted"
    assert texts(await ask(house, "audit", back.payloads)) == ["Chen Yu"]
    await house.parts.keys().destroy(CASE, by="admin", reason="asked")
    problem(await ask(house, "admin", [clear("x")], "encode", **{"X-Workflow-Id": CASE}), 410)


async def _cookie(house: House, role: str) -> dict[str, str]:
    hashed = await hash_password(PASSWORD)
    async with house.parts.database.session() as session:
        await create_user(session, User(f"x-{role}", "X", (role,), datetime.now(UTC)), hashed)
    begun = await sign_in(house.parts, f"x-{role}", PASSWORD, "127.0.0.1")
    return {"Cookie": f"{SESSION_COOKIE}={begun.token}", "csrf": begun.csrf}


async def test_the_engines_pages_may_ask_with_the_session_of_the_browser(house: House) -> None:
    cookie, body = (await _cookie(house, "auditor"))["Cookie"], body_of(await sealed(house, CASE, "Chen Yu"))
    first = await house.client.options(
        "/codec/decode",
        headers={"Origin": PAGES, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "x"},
    )
    assert first.status_code == 204
    assert first.headers["Access-Control-Allow-Origin"] == PAGES
    assert first.headers["Access-Control-Allow-Credentials"] == "true"
    assert "x-namespace" in first.headers["Access-Control-Allow-Headers"]
    headers = {"Cookie": cookie, "Origin": PAGES, "Sec-Fetch-Site": "same-site"}
    answer = await house.client.post("/codec/decode", json=body, headers=headers)
    assert texts(answer) == ["Chen Yu"]
    assert answer.headers["Access-Control-Allow-Origin"] == PAGES
    assert "Origin" in answer.headers["Vary"]
    assert await looks(house) == [("x-auditor", "case", CASE)]


async def test_a_refusal_can_be_read_by_the_engines_pages_too(house: House) -> None:
    answer = await house.client.post("/codec/decode", json={}, headers={"Origin": PAGES})
    assert answer.status_code == 401
    assert answer.headers["Access-Control-Allow-Origin"] == PAGES


@pytest.mark.parametrize("origin", ["https://evil.example", "http://127.0.0.1:8234", "null", f"{PAGES}.evil.example"])
async def test_no_other_site_reads_an_answer_or_uses_a_session(house: House, origin: str) -> None:
    cookie, body = (await _cookie(house, "auditor"))["Cookie"], body_of(await sealed(house, CASE, "Chen Yu"))
    asked = await house.client.options("/codec/decode", headers={"Origin": origin})
    answer = await house.client.post("/codec/decode", json=body, headers={"Cookie": cookie, "Origin": origin})
    problem(answer, 403)
    for one in (asked, answer):
        assert not [name for name in one.headers if name.lower().startswith("access-control-")]


async def test_a_form_of_another_site_cannot_pass_for_the_engines_pages(house: House) -> None:
    cookie = (await _cookie(house, "auditor"))["Cookie"]
    headers = {"Cookie": cookie, "Origin": PAGES, "Content-Type": "text/plain"}
    problem(await house.client.post("/codec/decode", content=b"{}", headers=headers), 403)


async def test_the_engines_pages_may_ask_for_nothing_else(house: House) -> None:
    known, case_id = await _cookie(house, "admin"), await house.open()
    headers = {"Cookie": known["Cookie"], "Origin": PAGES}
    read = await house.client.get(f"/api/v1/cases/{case_id}", headers=headers)
    assert not [name for name in read.headers if name.lower().startswith("access-control-")]
    problem(await house.client.post("/api/v1/cases", json={}, headers=headers), 403)
    problem(await house.client.post(f"/api/v1/cases/{case_id}/reopen", json={}, headers=headers), 403)
    assert CSRF_HEADER not in headers


async def test_without_pages_of_the_engine_no_browser_comes_from_elsewhere(house: House) -> None:
    settings = house.parts.settings.model_copy(update={"temporal_ui_url": ""})
    house.app.state.parts = replace(house.parts, settings=settings)
    cookie = (await _cookie(house, "auditor"))["Cookie"]
    for origin in ("", PAGES):
        problem(await house.client.post("/codec/decode", json={}, headers={"Cookie": cookie, "Origin": origin}), 403)
