"""The service plans as people read them: who does what by when, and which of it is the document's word."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response

from api.pages.languages import _, say
from api.pages.plan_diagram import diagram_of
from api.pages.visit import VisitDep
from api.pages.words import CHANNELS, language, spoken
from api.rights import Right, require
from core.errors import NotFound
from domain.plan.clauses import cited, clauses
from domain.plan.describe import describe

router = APIRouter()


@router.get("/plans")
async def show_plans(visit: VisitDep) -> Response:
    """The plans in use here."""
    require(visit.person, Right.SEE_CASES)
    return visit.page("plans.html", plans=list(visit.parts.plans.values()))


@router.get("/plans/{name}")
async def show_plan(visit: VisitDep, name: str) -> Response:
    """One plan with a picture of its stages."""
    require(visit.person, Right.SEE_CASES)
    plan = visit.plan(name)
    if plan is None:
        raise NotFound("there is no such plan")
    shown = describe(plan)
    sources = {source for _, source in cited(plan)}
    return visit.page(
        "plan.html",
        plan=shown,
        diagram=diagram_of(shown),
        waits={"us": "", "customer": _("waits for the customer"), "factory": _("waits for the factory")},
        channels=", ".join(str(CHANNELS.get(one) or say(spoken(one).capitalize())) for one in plan.channels),
        languages=", ".join(language(one) for one in plan.languages),
        clauses=[clause for clause in clauses().values() if clause.id in sources],
    )
