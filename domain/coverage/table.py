"""The decision table of a plan: which rule lays which cost on whom, checked to be without contradiction."""

from __future__ import annotations

from itertools import combinations
from typing import Annotated, Self

from pydantic import Field, model_validator

from domain.coverage.areas import ANOTHER_ROUTE, Area, overlap, whole_domain, without_all
from domain.coverage.facts import FACTS, Facts, When
from domain.coverage.words import in_words
from domain.model import Frozen, Line, Source
from domain.tasks.parts import CostKind, Payer

_DIRECTED = (CostKind.POSTAGE, CostKind.FREIGHT_IN, CostKind.FREIGHT_OUT)


class CoverageRule(Frozen):
    """One sentence of who pays: under these conditions, these kinds of cost are borne by these payers."""

    title: Line
    """The rule in plain words; it names the rule in charges and messages, so no two share it."""
    source: Source
    when: When = When()
    pays: dict[CostKind, Payer] = Field(default_factory=dict)
    everything_else: Payer | None = None
    """Who bears the kinds that `pays` does not name; without it they are left to other rules."""
    waivable: tuple[CostKind, ...] = ()
    """What the customer bears by this rule and the company may do free of charge, as a recorded decision (T10)."""

    def payer_of(self, kind: CostKind) -> Payer | None:
        """Returns who bears a kind of cost by this rule, or nothing when it does not speak of it.

        Freight of which nobody said which way it went is borne by whoever bears every way; if that differs, it is open.
        """
        if kind in self.pays:
            return self.pays[kind]
        if kind is CostKind.FREIGHT:
            payers = {self.payer_of(directed) for directed in _DIRECTED}
            return payers.pop() if len(payers) == 1 else None
        return self.everything_else

    @property
    def kinds(self) -> tuple[CostKind, ...]:
        """The kinds of cost this rule decides."""
        return tuple(kind for kind in CostKind if self.payer_of(kind) is not None)

    def area(self, domain: Area) -> Area:
        """Returns the part of the domain that this rule decides."""
        asked = (self.when.values(fact) for fact in FACTS)
        sides = (
            side if values is None else tuple(value for value in side if value in values)
            for side, values in zip(domain, asked, strict=False)
        )
        return (*sides, self.kinds)

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.kinds:
            raise ValueError("decides nothing: name a kind of cost in pays, or everything_else")
        for kind in self.waivable:
            if self.payer_of(kind) is not Payer.CUSTOMER:
                raise ValueError(f"waivable: the customer does not bear {kind} by this rule, so nothing can be waived")
        return self


class CoverageTable(Frozen):
    """Who pays what in one plan.

    The order of the rules decides nothing: two that hold for the same facts must agree, and the first of them is named.
    """

    rules: Annotated[tuple[CoverageRule, ...], Field(max_length=60)] = ()

    def rule_for(self, facts: Facts, kind: CostKind) -> CoverageRule | None:
        """Returns the rule that decides a kind of cost, or nothing: then it is a special case, never a guess."""
        return next(
            (rule for rule in self.rules if rule.when.meets(facts) and rule.payer_of(kind) is not None),
            None,
        )

    def named_routes(self) -> tuple[str, ...]:
        """Returns the routes that rules name."""
        return tuple(dict.fromkeys(route for rule in self.rules for route in rule.when.route or ()))

    @model_validator(mode="after")
    def _is_one_answer(self) -> Self:
        domain = whole_domain((*self.named_routes(), ANOTHER_ROUTE))
        areas = [rule.area(domain) for rule in self.rules]
        problems = self._shared_titles()
        for (one, its), (other, others) in combinations(zip(self.rules, areas, strict=True), 2):
            if (common := overlap(its, others)) and (kinds := _disputed(one, other)):
                where = in_words(common[:-1], domain[:-1]) or "always"
                named = " and ".join(f"“{rule.title}” ({rule.source})" for rule in (one, other))
                problems.append(f"rules {named} decide {', '.join(kinds)} differently ({where})")
        for number, (rule, area) in enumerate(zip(self.rules, areas, strict=True)):
            if not problems and not without_all(area, areas[:number]):
                problems.append(
                    f"rule “{rule.title}” ({rule.source}) can never apply: the rules above it say all of it"
                )
        if problems:
            raise ValueError("; ".join(problems))
        return self

    def _shared_titles(self) -> list[str]:
        titles = [rule.title for rule in self.rules]
        return [f"two rules have the title “{title}”" for title in dict.fromkeys(titles) if titles.count(title) > 1]


def _disputed(one: CoverageRule, other: CoverageRule) -> list[CostKind]:
    """The kinds of cost that two rules decide differently: another payer, or waivable by one of them alone."""
    return [
        kind
        for kind in one.kinds
        if other.payer_of(kind) is not None
        and (one.payer_of(kind), kind in one.waivable) != (other.payer_of(kind), kind in other.waivable)
    ]
