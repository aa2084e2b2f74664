"""What a case costs and who bears each line, with the rule that decided."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Annotated

from pydantic import Field

from domain.coverage.facts import Facts
from domain.coverage.money import exact
from domain.coverage.table import CoverageTable
from domain.model import Frozen, Line, Source
from domain.tasks.parts import CostEntry, CostKind, CostLine, Payer

Charge = CostEntry
"""One cost as it was entered, before anything is said about who pays: the total, in the plan's currency."""


class NotWaivable(ValueError):
    """A cost cannot be waived: no rule allows it, or the customer does not bear it."""


class ChargeLine(CostEntry):
    """One cost with its payer and the rule that decided."""

    payer: Payer
    rule: Line
    """The title of the rule."""
    source: Source
    waivable: bool = False
    """The company may bear it instead, as a recorded decision (T10)."""
    waived: bool = False
    """It would be the customer's by the rule, and the company decided to bear it."""

    def as_cost(self) -> CostLine:
        """Returns the line as the record of costs keeps it."""
        rule = f"{self.rule}. Given free of charge by decision" if self.waived else self.rule
        return CostLine(
            kind=self.kind, text=self.text, amount=self.amount, payer=self.payer, rule=rule, source=self.source
        )


class Coverage(Frozen):
    """The entered costs of a case, divided between those that a rule decides and those that nobody decided yet."""

    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    lines: tuple[ChargeLine, ...] = ()
    undecided_lines: tuple[Charge, ...] = ()
    """Costs that no rule decides: a special case, never a guess."""

    @property
    def undecided(self) -> tuple[CostKind, ...]:
        """The kinds of cost that no rule decides, each once; empty when the coverage is complete."""
        return tuple(dict.fromkeys(line.kind for line in self.undecided_lines))

    @property
    def needs_consent(self) -> bool:
        """True when the customer bears a cost: no work before they agreed to it (X9)."""
        return self.borne_by(Payer.CUSTOMER) > 0

    @property
    def waivable(self) -> tuple[CostKind, ...]:
        """The kinds of cost that the company may bear instead of the customer, as a recorded decision (T10)."""
        theirs = (line.kind for line in self.lines if line.waivable and line.payer is Payer.CUSTOMER)
        return tuple(dict.fromkeys(theirs))

    @property
    def total(self) -> Decimal:
        """Everything that was entered, decided or not, in the plan's currency."""
        return sum((line.amount for line in (*self.lines, *self.undecided_lines)), Decimal(0))

    def borne_by(self, payer: Payer) -> Decimal:
        """Returns what a payer bears of the decided lines, in the plan's currency."""
        return sum((line.amount for line in self.lines if line.payer is payer), Decimal(0))

    def waive(self, *kinds: CostKind) -> Coverage:
        """Returns the coverage with the customer's costs of these kinds borne by the company, as decided (T10).

        Raises NotWaivable when a kind has no line that the rules allow to be waived, or has one that they do not.
        """
        for kind in kinds:
            theirs = [line for line in self.lines if line.kind is kind and line.payer is Payer.CUSTOMER]
            if not theirs:
                raise NotWaivable(f"{kind}: the customer bears no such cost")
            if kept := [line.rule for line in theirs if not line.waivable]:
                raise NotWaivable(f"{kind}: the rule “{kept[0]}” does not let the company waive it")
        waiver = {"payer": Payer.COMPANY, "waivable": False, "waived": True}
        lines = (
            line.model_copy(update=waiver) if line.kind in kinds and line.payer is Payer.CUSTOMER else line
            for line in self.lines
        )
        return self.model_copy(update={"lines": tuple(lines)})


def decide(table: CoverageTable, facts: Facts, charges: Iterable[Charge], *, currency: str) -> Coverage:
    """Says who bears each entered cost, by the plan's table. The sum of the lines is the sum of what was entered.

    Raises AmountTooFine when an amount is finer than the smallest unit of the currency: what a person entered is never
    rounded.
    """
    lines: list[ChargeLine] = []
    undecided: list[Charge] = []
    for entered in charges:
        amount = exact(entered.amount, currency)
        rule = table.rule_for(facts, entered.kind)
        payer = rule.payer_of(entered.kind) if rule else None
        if rule is None or payer is None:
            undecided.append(Charge(kind=entered.kind, text=entered.text, amount=amount))
            continue
        lines.append(
            ChargeLine(
                kind=entered.kind,
                text=entered.text,
                amount=amount,
                payer=payer,
                rule=rule.title,
                source=rule.source,
                waivable=entered.kind in rule.waivable,
            )
        )
    return Coverage(currency=currency, lines=tuple(lines), undecided_lines=tuple(undecided))
