"""What a plan's table leaves to a special case, folded into rows that a person can read."""

from __future__ import annotations

from collections.abc import Iterable

from domain.coverage.areas import Area, folded, whole_domain, without_all
from domain.coverage.facts import FACTS
from domain.coverage.table import CoverageTable
from domain.coverage.words import in_words
from domain.model import Frozen
from domain.tasks.parts import CostKind


class LeftOpen(Frozen):
    """Kinds of cost and circumstances under which no rule says who pays."""

    kinds: tuple[CostKind, ...]
    when: dict[str, tuple[str | bool, ...]]
    """The values of each fact for which it is open; a fact that is left out may have any."""
    words: str
    """The circumstances as a person reads them; “always” when there are none."""

    def __str__(self) -> str:
        """The whole row as a person reads it."""
        what = "everything" if len(self.kinds) == len(CostKind) else ", ".join(kind.title_text for kind in self.kinds)
        return f"{what} ({self.words})"


def undecided_facts(table: CoverageTable, routes: Iterable[str]) -> tuple[LeftOpen, ...]:
    """Returns what a table leaves to a special case, given the routes the plan offers.

    Each combination of facts and kind of cost is in exactly one row or decided by a rule.
    """
    domain = whole_domain(routes)
    left = without_all(domain, (rule.area(domain) for rule in table.rules))
    return tuple(_row(area, domain) for area in folded(left, domain))


def _row(area: Area, domain: Area) -> LeftOpen:
    *facts, kinds = area
    rows = zip(FACTS, facts, domain, strict=False)
    return LeftOpen(
        kinds=tuple(kind for kind in CostKind if kind in kinds),
        when={fact: side for fact, side, whole in rows if side != whole},
        words=in_words(tuple(facts), domain[:-1]) or "always",
    )
