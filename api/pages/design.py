"""How the pages look: the pieces they are made of with examples, and the choice of light or dark."""

from __future__ import annotations

import re
from datetime import timedelta
from functools import cache

from fastapi import APIRouter
from fastapi.responses import Response

from api.pages.rendering import static_text
from api.pages.times import clock
from api.pages.visit import THEME_COOKIE, THEMES, VisitDep, go_to

router = APIRouter()
_A_YEAR = 365 * 24 * 3600
_SWATCHES = ("ink", "soft", "line", "edge", "page", "card", "sunk", "brand", "late", "soon", "fine", "hold")
_SYMBOL = re.compile(r'<symbol id="([a-z]+)"')


@router.get("/design")
async def show_design(visit: VisitDep) -> Response:
    """Shows every piece with an example, and asks for light or dark."""
    now = visit.now
    clocks = (
        clock(now, now - timedelta(minutes=72), since=now - timedelta(hours=13)),
        clock(now, now + timedelta(minutes=18), since=now - timedelta(hours=2)),
        clock(now, now + timedelta(days=2, hours=3), since=now),
        clock(now, now + timedelta(hours=5), paused=True, paused_since=now),
        clock(now, None),
    )
    return visit.page(
        "design.html", clocks=clocks, swatches=_SWATCHES, icons=icon_names(), zone_name=visit.zone, themes=THEMES
    )


@router.post("/theme")
async def choose_theme(visit: VisitDep) -> Response:
    """Keeps the choice of light, dark or the system's in this browser."""
    chosen = str((await visit.form()).get("theme") or "")
    answer = go_to("/design")
    if chosen in THEMES:
        answer.set_cookie(THEME_COOKIE, chosen, max_age=_A_YEAR, httponly=True, samesite="lax")
    else:
        answer.delete_cookie(THEME_COOKIE)
    return answer


@cache
def icon_names() -> tuple[str, ...]:
    """The names of our icons, in the order of their file."""
    return tuple(_SYMBOL.findall(static_text("icons.svg")))
