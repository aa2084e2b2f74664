"""A form speaks of answers that it offers, by their titles, never by the names that the code has for them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from api.forms import declared_form, settling
from api.pages.fields import fields_of
from domain.tasks import TASKS
from domain.tasks.accept import SETTLEMENT
from tests.pages.making import PLANS


@pytest.mark.parametrize("plan", PLANS)
def test_what_makes_a_field_necessary_is_told_by_titles(plan: str) -> None:
    for kind in PLANS[plan].tasks.keys() & TASKS.keys():
        fields = {one.name: one for one in fields_of(declared_form(kind, PLANS[plan]))}
        for one in fields.values():
            titles = {
                option.title for other, answer in one.when for option in fields[other].options if option.value == answer
            }
            assert all(f"“{title}”" in one.when_words for title in titles)
            assert one.when_words.count("“") == len(titles), f"{kind}.{one.name}: {one.when_words}"


def test_a_settlement_speaks_only_of_the_payment_it_offers() -> None:
    schema = settling(declared_form(SETTLEMENT.name, PLANS["rapid-response"]), Decimal("86.50"))
    fields = {one.name: one for one in fields_of(schema)}
    assert [one.value for one in fields["payment"].options] == ["paid"]
    assert fields["reference"].when_words == "Needed for “Paid”"
