"""Which articles come first for a case: by its product, then by kind of issue and by what was said to be wrong."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from domain.case import FaultCategory
from domain.knowledge.article import families

_GENERAL = 50
_OTHER = 60
_LIKE_ENOUGH = 0.4
"""How like the description an article about another product has to be, as a share of the likest one."""
_SAME_KIND, _ANOTHER_KIND = 0.5, -0.25


@dataclass(frozen=True)
class Candidate:
    """A published article that could help. `likeness` to the description is from 0 (no word in common) to 1 (most)."""

    article_id: str
    title: str
    models: tuple[str, ...]
    category: FaultCategory | None
    likeness: float = 0.0


@dataclass(frozen=True)
class Match:
    """An article for a case, with the reasons in words."""

    article_id: str
    title: str
    models: tuple[str, ...]
    reasons: tuple[str, ...]


def ranked(candidates: Iterable[Candidate], model: str, category: FaultCategory) -> tuple[Match, ...]:
    """Returns the articles that fit a case, the best first.

    The product counts first: its own model, then its families from the nearest, then articles about every product, at
    last those about another product, which only fit when both the kind of issue and words of the description agree.
    Within these, likeness and kind of issue decide together, then the title.
    """
    names = families(model)
    found = []
    for one in candidates:
        tier, about = _tier(one, names)
        same = one.category is category
        if tier == _OTHER and not (same and one.likeness >= _LIKE_ENOUGH):
            continue
        if tier == _GENERAL and not (same or one.likeness or one.category is None):
            continue
        points = one.likeness + (_SAME_KIND if same else _ANOTHER_KIND if one.category else 0.0)
        reasons = (
            about,
            *(["same kind of issue"] if same else []),
            *(["like the description"] if one.likeness else []),
        )
        found.append((tier, -points, one.title.casefold(), one.article_id, one, reasons))
    found.sort(key=lambda entry: entry[:4])
    return tuple(Match(one.article_id, one.title, one.models, reasons) for *_, one, reasons in found)


def _tier(one: Candidate, names: tuple[str, ...]) -> tuple[int, str]:
    if not one.models:
        return _GENERAL, "for every product"
    near = [(names.index(key), model) for model in one.models for key in families(model)[:1] if key in names]
    if not near:
        return _OTHER, f"about {', '.join(one.models[:3])}"
    place, model = min(near)
    return place, f"for {model}" if place == 0 else f"for the family {model}"
