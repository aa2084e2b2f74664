"""Whatever JSON is sent to whatever address: an answer that was meant, and nothing opened or completed by it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.case import MESSAGES, SAID_BY_PEOPLE
from domain.tasks import TASKS
from tests.api.house import APPLICATION, House, application

_TEXT = st.text(st.characters(codec=None), max_size=30)  # control characters and lone surrogates too
_LEAF = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | _TEXT | st.datetimes().map(str)
ANYTHING = st.recursive(_LEAF, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXT, inner, max_size=3))
_QUICK = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
_FIELDS = [(part, name) for part, value in APPLICATION.items() if isinstance(value, dict) for name in value]
_MEANT = {200, 201, 202, 400, 404, 409, 413, 415, 422}


def _encoded(value: Any) -> bytes:
    import json

    return json.dumps(value).encode()


async def _send(house: House, path: str, value: Any) -> int:
    headers = {"Content-Type": "application/json"}
    return (await house.post("admin", path, content=_encoded(value), headers=headers)).status_code


@_QUICK
@given(value=ANYTHING, path=st.sampled_from(["/cases", "/cases/C-0000000000/reopen"]))
async def test_any_json_is_answered(house: House, value: Any, path: str) -> None:
    assert await _send(house, path, value) in {400, 404, 422}


@_QUICK
@given(field=st.sampled_from(_FIELDS), value=ANYTHING)
async def test_any_value_in_any_field_of_a_request_is_answered(
    house: House, field: tuple[str, str], value: Any
) -> None:
    part, name = field
    body = application(**{part: APPLICATION[part] | {name: value}})
    assert await _send(house, "/cases", body) in {201, 400, 422}


@_QUICK
@given(name=st.sampled_from(sorted(SAID_BY_PEOPLE)), data=st.data())
async def test_any_value_in_any_message_is_answered(house: House, name: str, data: st.DataObject) -> None:
    if not house.engine.books:
        await house.open()
    case_id = next(iter(house.engine.books))
    fields = sorted(MESSAGES[name].model_fields)
    body = data.draw(st.dictionaries(st.sampled_from(fields), ANYTHING, max_size=len(fields)))
    assert await _send(house, f"/cases/{case_id}/signals/{name}", body) in {202, 400, 422}


@_QUICK
@given(kind=st.sampled_from(sorted(TASKS)), data=st.data())
async def test_any_value_in_any_outcome_is_answered(house: House, kind: str, data: st.DataObject) -> None:
    case_id = next(iter(house.engine.books), None) or await house.open()
    await house.engine.offer(case_id, kind, "engineer")
    fields = sorted(TASKS[kind].form.model_fields)
    outcome = data.draw(st.dictionaries(st.sampled_from(fields), ANYTHING, max_size=len(fields)))
    submission = data.draw(st.uuids().map(str) | ANYTHING)
    body = {"outcome": outcome, "submission_id": submission, "happened_at": data.draw(st.none() | ANYTHING)}
    assert await _send(house, f"/tasks/{case_id}.{kind}/complete", body) in {200, 400, 409, 422}


@_QUICK
@given(place=_TEXT, query=_TEXT)
@pytest.mark.parametrize(
    "path",
    [
        "/cases/{}",
        "/tasks/{}",
        "/attachments/{}",
        "/documents/{}",
        "/cases/{}/events",
        "/products/{}",
        "/articles/{}",
        "/articles/{}/versions",
    ],
)
async def test_any_name_and_any_query_is_answered(house: House, path: str, place: str, query: str) -> None:
    from urllib.parse import quote

    where = path.format(quote(place.encode("utf-8", "surrogatepass"), safe=""))
    asked = quote(query.encode("utf-8", "surrogatepass"))
    answer = await house.get("admin", f"{where}?cursor={asked}&q={asked}")
    assert answer.status_code in _MEANT | {307, 405}
