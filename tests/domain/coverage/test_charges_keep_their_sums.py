"""Entered costs get their payer and their rule; no cent is lost, rounded or guessed."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from domain.coverage import (
    AmountTooFine,
    Charge,
    Coverage,
    CustomerCanRepair,
    Facts,
    NotWaivable,
    borne_by,
    decide,
    exact,
)
from domain.tasks.parts import CostKind, Payer
from domain.warranty import Cover
from tests.domain.coverage.walk import NAMES, ROUTES, table

OUT_OF_WARRANTY = Facts(
    warranty=Cover.OUT, customer_can_repair=CustomerCanRepair.NO, route="factory_return", urgent=False
)

charges = st.lists(
    st.builds(
        Charge,
        kind=st.sampled_from(CostKind),
        text=st.just("Seal"),
        amount=st.decimals(0, 9_999_999_999, places=2),
    ),
    max_size=8,
)
facts = st.builds(Facts, route=st.sampled_from(ROUTES))


def cost(kind: CostKind, amount: str) -> Charge:
    return Charge(kind=kind, text=kind.title_text, amount=Decimal(amount))


@given(charges, facts, st.sampled_from(NAMES))
def test_what_was_entered_is_what_is_borne_or_undecided(entered: list[Charge], known: Facts, name: str) -> None:
    coverage = decide(table(name), known, entered, currency="CNY")
    assert coverage.total == sum((charge.amount for charge in entered), Decimal(0))
    undecided = sum((line.amount for line in coverage.undecided_lines), Decimal(0))
    assert coverage.borne_by(Payer.COMPANY) + coverage.borne_by(Payer.CUSTOMER) + undecided == coverage.total
    assert coverage.needs_consent == (coverage.borne_by(Payer.CUSTOMER) > 0)
    lines = (*coverage.lines, *coverage.undecided_lines)
    assert all(line.amount.as_tuple().exponent == -2 for line in lines), "in cents"
    assert Coverage.model_validate_json(coverage.model_dump_json()) == coverage
    assert {line.kind for line in coverage.undecided_lines} == set(coverage.undecided)


def test_every_line_names_the_rule_and_the_clause_that_decided() -> None:
    known = Facts(warranty=Cover.IN, customer_can_repair=CustomerCanRepair.NO, route="factory_return")
    entered = [cost(CostKind.FREIGHT_IN, "86"), cost(CostKind.LABOUR, "300.50")]
    coverage = decide(table("factory-direct"), known, entered, currency="CNY")
    assert [(line.kind, line.payer, str(line.amount), line.source) for line in coverage.lines] == [
        ("freight_in", "customer", "86.00", "T10"),
        ("labour", "company", "300.50", "T10"),
    ]
    assert all(line.rule.startswith("(b) In warranty") for line in coverage.lines)
    assert coverage.borne_by(Payer.CUSTOMER) == borne_by(Payer.CUSTOMER, [line.as_cost() for line in coverage.lines])


def test_what_no_rule_decides_is_left_to_a_special_case() -> None:
    known = Facts(warranty=Cover.OUT, customer_can_repair=CustomerCanRepair.NO, route="replacement", urgent=True)
    coverage = decide(table("factory-direct"), known, [cost(CostKind.REPLACEMENT, "9000")] * 2, currency="CNY")
    assert coverage.lines == ()
    assert coverage.undecided == (CostKind.REPLACEMENT,)
    assert not coverage.needs_consent, "nobody said yet that it is the customer's"


def test_the_work_can_be_given_free_of_charge_and_the_rest_stays_the_customers() -> None:
    entered = [cost(CostKind.LABOUR, "400"), cost(CostKind.PARTS, "120")]
    coverage = decide(table("factory-direct"), OUT_OF_WARRANTY, entered, currency="CNY")
    assert [line.waivable for line in coverage.lines] == [True, False]
    free = coverage.waive(CostKind.LABOUR)
    assert (free.borne_by(Payer.COMPANY), free.borne_by(Payer.CUSTOMER)) == (Decimal(400), Decimal(120))
    assert [(line.waived, line.waivable) for line in free.lines] == [(True, False), (False, False)]
    assert free.total == coverage.total
    with pytest.raises(NotWaivable, match="the customer bears no such cost"):
        free.waive(CostKind.LABOUR)


def test_a_waiver_leaves_alone_what_the_company_bore_before() -> None:
    rules = table("factory-direct")
    theirs = decide(rules, OUT_OF_WARRANTY, [cost(CostKind.LABOUR, "400")], currency="CNY")
    in_warranty = OUT_OF_WARRANTY.model_copy(update={"warranty": Cover.IN})
    ours = decide(rules, in_warranty, [cost(CostKind.LABOUR, "50")], currency="CNY")
    both = theirs.model_copy(update={"lines": (*theirs.lines, *ours.lines)})
    assert [line.waived for line in both.waive(CostKind.LABOUR).lines] == [True, False]


@pytest.mark.parametrize(
    ("kind", "why"), [(CostKind.PARTS, "does not let the company waive"), (CostKind.TRAVEL, "bears no such cost")]
)
def test_what_the_rules_do_not_let_go_is_not_waived(kind: CostKind, why: str) -> None:
    coverage = decide(table("factory-direct"), OUT_OF_WARRANTY, [cost(CostKind.PARTS, "120")], currency="CNY")
    with pytest.raises(NotWaivable, match=why):
        coverage.waive(kind)


@pytest.mark.parametrize("amount", ["-0.01", "0.001", "NaN", "Infinity", "10000000000"])
def test_an_amount_that_nobody_can_mean_is_refused(amount: str) -> None:
    with pytest.raises(ValidationError):
        cost(CostKind.PARTS, amount)


def test_amounts_have_the_decimals_of_their_currency_and_are_never_rounded() -> None:
    assert str(exact(Decimal(120), "EUR")) == "120.00"
    assert str(exact(Decimal("120.00"), "JPY")) == "120"
    with pytest.raises(AmountTooFine, match=r"120\.50 is finer than the smallest amount in JPY, 1"):
        decide(table("factory-direct"), OUT_OF_WARRANTY, [cost(CostKind.PARTS, "120.50")], currency="JPY")


@given(st.decimals(0, 9_999_999_999, places=2))
def test_an_exact_amount_is_the_same_amount(amount: Decimal) -> None:
    assert exact(amount, "CNY") == amount
