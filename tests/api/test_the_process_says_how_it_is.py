from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from tests.api.house import House, problem


async def test_a_living_process_says_so_and_a_ready_one_names_its_parts(house: House) -> None:
    assert (await house.client.get("/healthz")).json() == {"status": "ok"}
    ready = await house.client.get("/readyz")
    assert (ready.status_code, ready.json()) == (200, {"status": "ok", "engine": "ok", "database": "ok"})
    house.engine.away = True
    ready = await house.client.get("/readyz")
    assert (ready.status_code, ready.json()["engine"]) == (503, "unreachable")


async def test_every_answer_carries_the_security_headers(house: House) -> None:
    for path in ("/healthz", "/api/v1/cases", "/nowhere", "/api/openapi.json"):
        headers = (await house.client.get(path)).headers
        assert "default-src 'self'" in headers["content-security-policy"]
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == "no-store"
        assert headers["referrer-policy"] == "same-origin"


async def test_the_description_of_the_api_is_complete_and_refers_only_to_itself(house: House) -> None:
    made = (await house.client.get("/api/openapi.json")).json()
    assert made["openapi"].startswith("3.1")
    promised = {
        "/healthz", "/readyz", "/api/v1/cases", "/api/v1/attachments", "/api/v1/cases/{case_id}",
        "/api/v1/cases/{case_id}/events", "/api/v1/cases/{case_id}/history", "/api/v1/cases/{case_id}/deadlines",
        "/api/v1/cases/{case_id}/signals/{name}", "/api/v1/cases/{case_id}/reopen", "/api/v1/tasks",
        "/api/v1/tasks/{task_id}", "/api/v1/cases/{case_id}/documents", "/api/v1/documents/{document_id}",
        "/api/v1/tasks/{task_id}/claim", "/api/v1/tasks/{task_id}/release", "/api/v1/tasks/{task_id}/delegate",
        "/api/v1/tasks/{task_id}/complete",
    }  # fmt: skip
    assert promised <= set(made["paths"])
    schemas = made["components"]["schemas"]
    body = made["paths"]["/api/v1/cases"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert body == {"$ref": "#/components/schemas/Application"}
    for reference in _references(made):
        assert reference.removeprefix("#/components/schemas/") in schemas, reference


def _references(value: Any) -> list[str]:
    if isinstance(value, dict):
        own = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
        return own + [found for part in value.values() for found in _references(part)]
    return [found for part in value for found in _references(part)] if isinstance(value, list) else []


async def test_the_page_about_the_api_fetches_nothing_from_elsewhere(house: House) -> None:
    page = (await house.client.get("/api/docs")).text
    assert "/api/v1/tasks/{task_id}/complete" in page
    assert "<script" not in page
    assert "http" not in page.replace("<code>", "")


async def test_a_mistake_of_ours_is_answered_and_logged_without_what_it_was_made_with(
    house: House, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken() -> None:
        raise RuntimeError("secret of Chen Yu")

    monkeypatch.setattr("api.routes.cases.chosen", lambda *_: broken())
    answer = await house.get("lin", "/cases")
    assert "our mistake" in problem(answer, 500)["detail"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    logged = capsys.readouterr()
    assert "unexpected error" in logged.out + logged.err
    assert "Chen Yu" not in logged.out + logged.err + answer.text


async def test_a_database_that_is_away_is_said_to_be(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> None:
        raise OperationalError("select", {}, ConnectionRefusedError())

    monkeypatch.setattr("api.routes.cases.chosen", lambda *_: away())
    answer = await house.get("lin", "/cases")
    assert "database" in problem(answer, 503)["detail"]
    assert answer.headers["retry-after"]
