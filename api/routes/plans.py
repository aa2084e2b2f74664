"""The service plans in words: who does what by when, and which of it is the document's word."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import BaseModel

from api.parts import PartsDep
from api.rights import Right, require
from api.signin import PersonDep
from core.errors import NotFound
from domain.plan.describe import describe
from domain.plan.shown import PlanShown

router = APIRouter(tags=["plans"])


class PlanLine(BaseModel):
    """A plan in a list."""

    name: str
    version: int
    title: str
    company: str


class PlansPage(BaseModel):
    """The plans in use; there are few, so `next` is always empty."""

    items: list[PlanLine]
    next: None = None


@router.get("/plans")
async def plans(parts: PartsDep, person: PersonDep) -> PlansPage:
    """Lists the service plans that new cases can be opened with."""
    require(person, Right.SEE_CASES)
    known = parts.plans.values()
    return PlansPage(
        items=[PlanLine(name=one.name, version=one.version, title=one.title, company=one.company) for one in known]
    )


@router.get("/plans/{name}")
async def plan(parts: PartsDep, person: PersonDep, name: str) -> PlanShown:
    """Shows a plan in words: stages with their tasks, roles, escalation, and what the plan decided by itself."""
    require(person, Right.SEE_CASES)
    found = parts.plans.get(name)
    if found is None:
        raise NotFound("there is no such plan")
    return describe(found)
