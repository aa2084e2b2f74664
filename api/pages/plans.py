"""The service plans as people read them: who does what by when, and which of it is the document's word."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response

from api.pages.languages import _, say
from api.pages.plan_diagram import diagram_of
from api.pages.times import day_and_time
from api.pages.visit import Visit, VisitDep
from api.pages.words import CHANNELS, language, spoken
from api.rights import Right, require
from core.errors import NotFound
from domain.plan.clauses import cited, clauses
from domain.plan.describe import describe
from store.case_plans import PlanInUse, plans_in_use

router = APIRouter()


@router.get("/plans")
async def show_plans(visit: VisitDep) -> Response:
    """The plans offered here, and the versions that open cases run on: a case keeps the one it was opened with."""
    require(visit.person, Right.SEE_CASES)
    async with visit.parts.database.reading() as session:
        used = await plans_in_use(session)
    oldest = {one: day_and_time(one.oldest, visit.zone, visit.now) for one in used}
    return visit.page(
        "plans.html",
        plans=list(visit.parts.plans.values()),
        present={one.plan: (one, oldest[one]) for one in used if _is_present(visit, one)},
        used=[(one, _standing(visit, one), oldest[one]) for one in used if not _is_present(visit, one)],
    )


def _is_present(visit: Visit, used: PlanInUse) -> bool:
    """Whether new cases get the version that is in use."""
    plan = visit.plan(used.plan)
    return plan is not None and used.version == plan.version


def _standing(visit: Visit, used: PlanInUse) -> str:
    """How an earlier version in use stands to what is offered now; empty for one that nobody noted."""
    plan = visit.plan(used.plan)
    if plan is None:
        return _("not offered any more")
    return _("new cases get version %(version)s", version=plan.version) if used.version is not None else ""


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
