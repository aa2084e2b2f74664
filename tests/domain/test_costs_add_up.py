"""Who pays what: shares move between payers, totals stay the same to the cent."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from domain.coverage import borne_by, taken_over
from domain.tasks.parts import CostKind, CostLine, Payer

lines = st.lists(
    st.builds(
        CostLine,
        kind=st.sampled_from(CostKind),
        text=st.just("Seal"),
        amount=st.decimals(0, 9_999_999, places=2),
        payer=st.sampled_from(Payer),
    ),
    max_size=8,
)


def total(costs: tuple[CostLine, ...] | list[CostLine]) -> Decimal:
    return sum((line.amount for line in costs), Decimal(0))


@given(lines, st.integers(1, 100))
def test_a_share_moves_cost_and_loses_none(costs: list[CostLine], percent: int) -> None:
    shared = taken_over(costs, percent)
    assert total(shared) == total(costs)
    assert all(line.amount >= 0 and line.amount == round(line.amount, 2) for line in shared)
    assert borne_by(Payer.COMPANY, shared) >= borne_by(Payer.COMPANY, costs)
    exact = borne_by(Payer.CUSTOMER, costs) * (100 - percent) / 100
    assert abs(borne_by(Payer.CUSTOMER, shared) - exact) <= Decimal("0.005") * len(costs)


@given(lines)
def test_a_waiver_leaves_the_customer_nothing(costs: list[CostLine]) -> None:
    assert borne_by(Payer.CUSTOMER, taken_over(costs, 100)) == 0


def test_half_a_cent_goes_to_the_company() -> None:
    line = CostLine(kind=CostKind.PARTS, text="Seal", amount=Decimal("0.01"), payer=Payer.CUSTOMER)
    (shared,) = taken_over([line], 50)
    assert (shared.payer, shared.amount) == (Payer.COMPANY, Decimal("0.01"))


def test_what_the_company_takes_over_names_the_decision_as_its_reason() -> None:
    line = CostLine(
        kind=CostKind.PARTS,
        text="Seal",
        amount=Decimal("10.00"),
        payer=Payer.CUSTOMER,
        rule="Out of warranty",
        source="R8",
    )
    ours, theirs = taken_over([line], 40)
    assert (ours.payer, ours.rule, ours.source) == (Payer.COMPANY, "Taken over by decision, 40 %", "X3")
    assert (theirs.payer, theirs.rule, theirs.source) == (Payer.CUSTOMER, "Out of warranty", "R8")
