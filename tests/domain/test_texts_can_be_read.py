"""What people type is kept as they typed it, unless it hides something."""

from __future__ import annotations

from datetime import date

import pytest
from pydantic import TypeAdapter, ValidationError

from domain.case import Product
from domain.model import Line

LINE: TypeAdapter[str] = TypeAdapter(Line)


@pytest.mark.parametrize("text", ["杭州海川机械", "O'Neill & Sons <b>", "ひらがな", "می‌خواهم", "👍🏽 3.5 kW"])
def test_texts_of_any_language_are_kept(text: str) -> None:
    assert LINE.validate_python(text) == text


@pytest.mark.parametrize("text", ["\u200b", "\u200d\u200c", "ab\u202egnp.exe", "\u2066x", "bell\x07", "\ud800"])
def test_texts_that_hide_something_are_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        LINE.validate_python(text)


def test_no_product_was_bought_in_the_year_one() -> None:
    with pytest.raises(ValidationError):
        Product(model="PX-200", purchase_date=date(1, 1, 1))
