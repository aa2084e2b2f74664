"""Whatever is sent to the register: an answer that was meant, and what is refused leaves nothing behind."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from api.registry_bodies import CardEntryBody, ContractBody, ProductBody, TermsBody
from tests.api.house import House

_TEXT = st.text(st.characters(codec=None), max_size=20)
_LEAF = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | _TEXT | st.dates().map(str)
_ANYTHING = st.recursive(_LEAF, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXT, inner, max_size=3))
_RIGHT: dict[str, dict[str, Any]] = {
    "/products": {"serial_number": "SN-1", "model": "AX-200"},
    "/contracts": {
        "number": "1", "customer": {"name": "A"}, "valid_from": "2026-01-01", "valid_to": "2026-12-31",
    },
    "/products/SN-0/card": {"repaired_on": "2020-01-01", "work": "Cleaned"},
    "/warranty-terms": {"model": "AX-200", "months": 12},
}  # fmt: skip
_BODIES: dict[str, type[BaseModel]] = {
    "/products": ProductBody,
    "/contracts": ContractBody,
    "/products/SN-0/card": CardEntryBody,
    "/warranty-terms": TermsBody,
}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
@pytest.mark.parametrize("path", sorted(_RIGHT))
async def test_any_value_in_any_field_is_answered(house: House, path: str, data: st.DataObject) -> None:
    if not (await house.get("admin", "/products?q=SN-0")).json()["items"]:
        await house.post("admin", "/products", {"serial_number": "SN-0", "model": "AX-200"})
    field = data.draw(st.sampled_from(sorted(_BODIES[path].model_fields)))
    content = json.dumps(_RIGHT[path] | {field: data.draw(_ANYTHING)}).encode()
    answer = await house.post("admin", path, content=content, headers={"Content-Type": "application/json"})
    assert answer.status_code in {200, 201, 400, 409, 422}, answer.text
    if answer.status_code == 422:
        assert all(
            error["path"].startswith(field) or error["path"] == "customer_id" for error in answer.json()["errors"]
        )
