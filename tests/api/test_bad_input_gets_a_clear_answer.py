"""Whatever is sent: a problem document that names what is wrong, never an internal error, and nothing stored half."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.api.house import House, application, paths, problem

JSON = {"Content-Type": "application/json"}
GOOD = json.dumps(application()).encode()


async def _send(house: House, body: bytes, path: str = "/cases", **headers: str) -> Any:
    return await house.post("lin", path, content=body, headers=JSON | headers)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b'"text"',
        b"\xff\xfe\x00",
        b"[" * 100_000,
        b'{"a":' * 50_000,
        b'{"plan": NaN}',
        b'{"plan": Infinity}',
        b'{"plan": ' + b"9" * 10_000 + b"}",
        b'{"plan": "a", "plan": "b"}',
        b'{"plan": "\\ud800"}',
        b'{"\\udfff": 1}',
        b'{"customer": ' + b'{"a":' * 40 + b"1" + b"}" * 40 + b"}",
    ],
)
async def test_what_is_no_sensible_json_is_refused(house: House, body: bytes) -> None:
    problem(await _send(house, body), 400)
    assert house.engine.books == {}


async def test_a_body_of_another_kind_is_refused(house: House) -> None:
    problem(await house.post("lin", "/cases", content=GOOD, headers={"Content-Type": "text/plain"}), 415)
    problem(await house.post("lin", "/cases", content=GOOD), 415)
    problem(await house.post("lin", "/cases", data={"plan": "x"}), 415)


async def test_a_body_without_end_is_refused_early(house: House) -> None:
    limit = house.parts.settings.max_body_bytes
    problem(await _send(house, b" " * (limit + 1)), 413)
    problem(await _send(house, GOOD, **{"Content-Length": "9" * 15}), 413)

    async def endless() -> Any:
        for _ in range(10_000):
            yield b" " * 65_536

    problem(await house.post("lin", "/cases", content=endless(), headers=JSON), 413)


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"product": {"model": "PX", "serial_number": "9" * 10_000}}, {"product.serial_number"}),
        ({"product": {"model": "PX", "serial_number": "a\u0000b"}}, {"product.serial_number"}),
        ({"product": {"model": "PX\u0007"}}, {"product.model"}),
        ({"product": {"model": 5}}, {"product.model"}),
        ({"product": {"model": "PX", "purchase_date": "0000-00-00"}}, {"product.purchase_date"}),
        ({"product": {"model": "PX", "purchase_date": 10**30}}, {"product.purchase_date"}),
        ({"customer": {"name": "x" * 201}}, {"customer.name"}),
        ({"customer": {"name": "X", "phone": "call me"}}, {"customer.phone"}),
        ({"customer": {"name": "X", "email": "no at sign"}}, {"customer.email"}),
        ({"customer": []}, {"customer"}),
        ({"problem": {"category": "ghosts", "description": "x"}}, {"problem.category"}),
        ({"problem": {"category": "noise", "description": "x" * 4001}}, {"problem.description"}),
        ({"request": None}, {"request"}),
        ({"received_at": "2026-11-21T10:00:00"}, {"received_at"}),
        ({"received_at": "0001-01-01T00:00:00+14:00"}, {"received_at"}),
        ({"received_at": 1e300}, {"received_at"}),
        ({"attachments": ["F-0000000000000000"] * 21}, {"attachments"}),
        ({"attachments": ["../../etc/passwd"]}, {"attachments.0"}),
        ({"colour": "red"}, {"colour"}),
        ({"x" * 100_000: 1}, None),
    ],
)
async def test_a_wrong_field_is_named(house: House, changes: dict[str, Any], wrong: set[str] | None) -> None:
    answer = await _send(house, json.dumps(application() | changes).encode())
    named = paths(answer)
    assert wrong is None or named == wrong
    assert len(answer.content) < 5_000
    assert house.engine.books == {}


@pytest.mark.parametrize("key", ["", " ", "x" * 201, "a\tb"])
async def test_a_strange_idempotency_key_is_refused(house: House, key: str) -> None:
    answer = await _send(house, GOOD, **{"Idempotency-Key": key})
    assert paths(answer) == {"Idempotency-Key"}


@pytest.mark.parametrize(
    "query",
    [
        "/cases?stage=nowhere",
        "/cases?state=dead",
        "/cases?overdue=perhaps",
        "/cases?cursor=garbage",
        "/cases?cursor=" + "A" * 600,
        "/cases?limit=0",
        "/cases?limit=" + "9" * 400,
        "/cases?limit=many",
        "/cases?q=%00",
        "/cases?q=" + "x" * 300,
        "/tasks?state=asleep",
        "/tasks?role=%00",
        "/tasks?cursor=W10",
        "/tasks?assignee=%1b",
        "/cases/C-0000000000/events?cursor=W10",
    ],
)
async def test_a_wrong_filter_is_named(house: House, query: str) -> None:
    assert len(paths(await house.get("lin", query))) == 1


@pytest.mark.parametrize("q", ["%", "_", "\\", "'; drop table cases; --", "%25%ff", "你好", "\ud7ff"])
async def test_a_search_takes_any_text_for_what_it_is(house: House, q: str) -> None:
    await house.open()
    found = await house.get("lin", "/cases", params={"q": q})
    assert found.json()["items"] == []


@pytest.mark.parametrize(
    "path",
    [
        "/cases/%00",
        "/cases/%ff%fe",
        "/cases/" + "C" * 3000,
        "/cases/C-0000000000/events",
        "/cases/C-0000000000/deadlines",
        "/cases/C-0000000000/documents",
        "/tasks/%00",
        "/tasks/C-0000000000.contact_customer",
        "/tasks/C-0000000000.nothing",
        "/attachments/%00",
        "/attachments/..%2f..%2fsecret",
        "/documents/%00",
        "/documents/D-1",
        "/nowhere",
    ],
)
async def test_what_does_not_exist_is_not_found(house: House, path: str) -> None:
    problem(await house.get("admin", path), 404)


async def test_another_method_is_refused(house: House) -> None:
    answer = await house.client.delete("/api/v1/cases", headers=house.headers("lin"))
    problem(answer, 405)
    assert answer.headers["allow"]
