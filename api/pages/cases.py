"""The list of cases: found by words, filtered by procedure, stage and state."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from fastapi import APIRouter
from fastapi.responses import Response

from api.pages import words
from api.pages.languages import _, lazy, say
from api.pages.searching import search_text
from api.pages.views import case_line
from api.pages.visit import Visit, VisitDep, go_to
from api.rights import Right, may, require
from core.errors import Invalid
from domain.case import CaseStatus
from domain.plan import Stage
from store.queries.cases import CaseSummary, list_cases
from store.queries.choices import regions
from store.queries.paging import BadCursor

router = APIRouter()


@dataclass(frozen=True)
class Find:
    """What is looked for; the empty string stands for all."""

    q: str = ""
    stage: str = ""
    plan: str = ""
    state: str = ""
    region: str = ""

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
    *,
    visit: VisitDep,
    q: str = "",
    stage: str = "",
    plan: str = "",
    state: str = "",
    region: str = "",
    cursor: str | None = None,
) -> Response:
    """The cases that fit, newest first; the number of a case leads to it at once."""
    require(visit.person, Right.SEE_CASES)
    find = Find(
        q=search_text(q),
        stage=stage if stage in set(Stage) else "",
        plan=plan if plan in visit.parts.plans else "",
        state=state if state in _STATES else "",
        region=search_text(region),
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
                region=find.region or None,
                now=visit.now,
                cursor=cursor,
            )
        except BadCursor as bad:
            raise Invalid(str(bad), field="cursor") from None
        known_regions = await regions(session)
    if len(found.items) == 1 and _is_number_of(find.q, found.items[0]):
        return go_to(f"/cases/{found.items[0].case_id}")
    return visit.page(
        "cases.html",
        cases=[case_line(case, visit.now) for case in found.items],
        find=find,
        filters=_filters(visit, find, known_regions),
        filtered=any(vars(find).values()),
        next=f"/cases?{find.query(found.next)}" if found.next else "",
        can_open=may(visit.person, Right.OPEN_CASE),
        zone_note=visit.zone_note,
    )


_STATES = {
    "active": lazy("Active"),
    "suspended": lazy("Paused"),
    "closed": lazy("Closed"),
    "overdue": lazy("Late"),
    "special": lazy("Special case"),
}


def _is_number_of(text: str, case: CaseSummary) -> bool:
    return text.casefold() in (case.case_id.casefold(), (case.work_order or "").casefold()) and bool(text)


def _filters(visit: Visit, find: Find, known_regions: Iterable[str]) -> list[Filter]:
    known = dict.fromkeys(stage for plan in visit.parts.plans.values() for stage in plan.stages)
    stages = [(stage.value, str(words.STAGES[stage])) for stage in known]
    states = [(name, str(title)) for name, title in _STATES.items()]
    plans = [(name, say(plan.title)) for name, plan in visit.parts.plans.items()]
    places = [(name, name) for name in dict.fromkeys([*known_regions, find.region]) if name]
    found = (
        Filter("stage", _("Stage"), find.stage, (("", _("Any")), *stages)),
        Filter("state", _("State"), find.state, (("", _("Any")), *states)),
        Filter("plan", _("Procedure"), find.plan, (("", _("Any")), *plans)),
        Filter("region", _("Region"), find.region, (("", _("Any")), *places)),
    )
    return [one for one in found if one.value or len(one.options) > 2]
