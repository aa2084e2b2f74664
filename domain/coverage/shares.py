"""Arithmetic over cost lines: what a payer bears, and how a share moves from one to the other."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

from domain.tasks.parts import CostLine, Payer

CENT = Decimal("0.01")


def borne_by(payer: Payer, lines: Iterable[CostLine]) -> Decimal:
    """Returns the total that a payer bears, in the plan's currency."""
    return sum((line.amount for line in lines if line.payer is payer), Decimal(0))


def taken_over(lines: Iterable[CostLine], percent: int) -> tuple[CostLine, ...]:
    """Moves a share of every line the customer bears to the company, rounded to the cent; totals stay the same."""
    shared: list[CostLine] = []
    for line in lines:
        if line.payer is not Payer.CUSTOMER:
            shared.append(line)
            continue
        company = (line.amount * percent / 100).quantize(CENT, ROUND_HALF_UP)
        parts = ((Payer.COMPANY, company), (Payer.CUSTOMER, line.amount - company))
        decided = {"rule": f"Taken over by decision, {percent} %", "source": "X3"}
        for payer, amount in parts:
            why = decided if payer is Payer.COMPANY else {}
            if amount:
                shared.append(line.model_copy(update={"payer": payer, "amount": amount, **why}))
    return tuple(shared)
