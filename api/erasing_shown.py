"""Erased cases and legal holds as the API shows them."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel

from domain.model import Instant
from store.erasing import Erased, Hold


class Stays(BaseModel):
    """Something that names the case or its customer and was not erased: `what` it is, and the names of it."""

    what: str
    names: list[str]


class CaseErased(BaseModel):
    """What is left of an erased case. `erased_at` and `removed_at` are real UTC; the days are those of the case."""

    case_id: str
    projected: Literal[True] = True
    state: Literal["closed"] = "closed"
    erased_at: Instant
    erased_by: str
    reason: str
    finished: bool
    """False while something is still to be cleared away, which the next run of retention does."""
    removed_at: Instant | None
    """When its archive and the engine's history went as well, if they did."""
    work_order: str | None
    plan: str | None
    plan_title: str | None
    opened_at: Instant | None
    closed_at: Instant | None
    result: str | None
    events: int
    record_hash: str
    stays: list[Stays]
    """What names the customer or the case elsewhere."""
    links: dict[str, str]

    @classmethod
    def of(cls, erased: Erased) -> CaseErased:
        """Shows an erasure."""
        facts: dict[str, Any] = erased.facts
        kept = ("work_order", "plan", "plan_title", "opened_at", "closed_at", "result")
        return cls(
            case_id=erased.case_id,
            erased_at=erased.at,
            erased_by=erased.by,
            reason=erased.reason,
            finished=erased.done,
            removed_at=erased.removed_at,
            events=facts.get("events", 0),
            record_hash=facts.get("record_hash", ""),
            stays=[Stays(what=one["what"], names=one["names"]) for one in erased.told],
            links={"events": f"/api/v1/cases/{erased.case_id}/events"},
            **{name: facts.get(name) for name in kept},
        )


class HoldShown(BaseModel):
    """A legal hold; in force while `lifted_at` is null. Instants are real UTC."""

    id: str
    case_id: str
    reason: str
    placed_by: str
    placed_at: Instant
    lifted_by: str | None
    lifted_at: Instant | None
    lifted_why: str | None

    @classmethod
    def of(cls, hold: Hold) -> HoldShown:
        """Shows a hold."""
        return cls(
            id=hold.hold_id,
            case_id=hold.case_id,
            reason=hold.reason,
            placed_by=hold.placed_by,
            placed_at=hold.placed_at,
            lifted_by=hold.lifted_by,
            lifted_at=hold.lifted_at,
            lifted_why=hold.lifted_why,
        )


class HoldsShown(BaseModel):
    """Every legal hold of a case, the newest first."""

    items: list[HoldShown]
