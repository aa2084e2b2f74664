"""The list of cases: found by words, filtered by procedure, stage and state."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from fastapi import APIRouter
from fastapi.responses import Response

from api.pages import words
from api.pages.searching import search_text
from api.pages.views import case_line
from api.pages.visit import Visit, VisitDep
from api.rights import Right, may, require
from core.errors import Invalid
from domain.case import CaseStatus
from domain.plan import Stage
from store.queries.cases import list_cases
from store.queries.paging import BadCursor

router = APIRouter()


@dataclass(frozen=True)
class Find:
    """What is looked for; the empty string stands for all."""

    q: str = ""
    stage: str = ""
    plan: str = ""
    state: str = ""

    def query(self, cursor: str) -> str:
        """The address of what follows."""
        asked = {name: value for name, value in vars(self).items() if value}
        return urlencode({**asked, "cursor": cursor})


@dataclass(frozen=True)
class Filter:
    """One choice above the list."""

    name: str
    title: str
    value: str
    options: tuple[tuple[str, str], ...]


@router.get("/cases")
async def show_cases(
    visit: VisitDep, q: str = "", stage: str = "", plan: str = "", state: str = "", cursor: str | None = None
) -> Response:
    """The cases that fit, newest first."""
    require(visit.person, Right.SEE_CASES)
    find = Find(
        q=search_text(q),
        stage=stage if stage in set(Stage) else "",
        plan=plan if plan in visit.parts.plans else "",
        state=state if state in _STATES else "",
    )
    async with visit.parts.database.reading() as session:
        try:
            found = await list_cases(
                session,
                stage=Stage(find.stage) if find.stage else None,
                plan=find.plan or None,
                status=CaseStatus(find.state) if find.state in set(CaseStatus) else None,
                q=find.q or None,
                overdue=True if find.state == "overdue" else None,
                special=True if find.state == "special" else None,
                now=visit.now,
                cursor=cursor,
            )
        except BadCursor as bad:
            raise Invalid(str(bad), field="cursor") from None
    return visit.page(
        "cases.html",
        cases=[case_line(case, visit.now) for case in found.items],
        find=find,
        filters=_filters(visit, find),
        filtered=any(vars(find).values()),
        next=f"/cases?{find.query(found.next)}" if found.next else "",
        can_open=may(visit.person, Right.OPEN_CASE),
        zone_note=visit.zone_note,
    )


_STATES = {
    "active": "Active",
    "suspended": "Paused",
    "closed": "Closed",
    "overdue": "Late",
    "special": "Special case",
}


def _filters(visit: Visit, find: Find) -> list[Filter]:
    stages = dict.fromkeys(stage for plan in visit.parts.plans.values() for stage in plan.stages)
    found = [
        Filter("stage", "Stage", find.stage, (("", "Any"), *((stage.value, words.STAGES[stage]) for stage in stages))),
        Filter("state", "State", find.state, (("", "Any"), *_STATES.items())),
    ]
    if len(visit.parts.plans) > 1:
        plans = ((name, plan.title) for name, plan in visit.parts.plans.items())
        found.append(Filter("plan", "Procedure", find.plan, (("", "Any"), *plans)))
    return found
