"""Escalations: late tasks by level, and special cases with who decides them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from fastapi import APIRouter
from fastapi.responses import Response

from api.pages.looking import Lines, looker_of
from api.pages.views import TaskLine
from api.pages.visit import VisitDep
from api.rights import Right, require
from store.queries.navigation import escalated_tasks, special_cases

router = APIRouter()
_TOLD = {1: "Level 1: the superior was told", 2: "Level 2: at the general manager"}


@dataclass(frozen=True)
class Level:
    """The late tasks of one escalation level."""

    number: int
    title: str
    tasks: tuple[TaskLine, ...]


@router.get("/escalations")
async def show_escalations(visit: VisitDep) -> Response:
    """What is late and what waits for a decision."""
    require(visit.person, Right.SEE_CASES)
    async with visit.parts.database.reading() as session:
        lines = Lines(visit, await looker_of(visit, session))
        specials = lines.lines(await special_cases(session))
        late = [line for line in lines.lines(await escalated_tasks(session)) if line.title != "Decide a special case"]
    late.sort(key=lambda line: (-line.level, line.sort))
    levels = [
        Level(number, _TOLD.get(number, f"Level {number}: daily reminder to the general manager"), tuple(tasks))
        for number, tasks in groupby(late, key=lambda line: line.level)
    ]
    return visit.page("escalations.html", specials=specials, levels=levels, zone_note=visit.zone_note)
