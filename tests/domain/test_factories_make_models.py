"""T2: the factory that makes a product is offered first."""

from __future__ import annotations

import pytest

from domain.factories import Factory, for_model

LINJIANG = Factory(name="Linjiang", city="Chengdu", models=("LB-3", "SX"))
ANYANG = Factory(name="anyang", city="Ningbo", models=("PK-3",))


@pytest.mark.parametrize(
    ("model", "made"), [("LB-3", True), ("lb-3 / B", True), ("SX-5", True), ("PK-3", False), ("L", False)]
)
def test_a_model_or_its_family_is_made_there(model: str, made: bool) -> None:
    assert LINJIANG.makes(model) is made


def test_those_that_make_it_come_first_then_by_name() -> None:
    assert [one.name for one in for_model((LINJIANG, ANYANG), "SX-5")] == ["Linjiang", "anyang"]
    assert [one.name for one in for_model((LINJIANG, ANYANG), "unknown")] == ["anyang", "Linjiang"]
