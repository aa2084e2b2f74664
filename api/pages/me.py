"""The page under one's own name: which language and time zone the pages speak to me in."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from babel.core import get_global
from babel.dates import get_timezone_location
from fastapi import APIRouter
from fastapi.responses import Response

from api.languages import locale, preferred
from api.pages.languages import LANGUAGES, _, language
from api.pages.times import offset
from api.pages.visit import Visit, VisitDep, go_to
from api.pages.words import role_title
from store.users import choose_reading

router = APIRouter()


@router.get("/me")
async def show_me(visit: VisitDep) -> Response:
    """Who is signed in, and the choice of language and time zone."""
    person = visit.person
    return _page(visit, person.language or "", person.time_zone or "", {})


@router.post("/me")
async def choose(visit: VisitDep) -> Response:
    """Keeps the choice; what is left open follows the browser, or what one looks at."""
    form = await visit.form()
    chosen, zone = (str(form.get(name) or "") for name in ("language", "time_zone"))
    wrong = {}
    if chosen and chosen not in LANGUAGES:
        wrong["language"] = _("is not one of the languages")
    if zone and zone not in _names():
        wrong["time_zone"] = _("is not one of the time zones")
    if wrong:
        return _page(visit, chosen, zone, wrong, 422)
    async with visit.parts.database.session() as session:
        await choose_reading(session, visit.person.user_id, language=chosen or None, time_zone=zone or None)
    return go_to("/me", "chosen")


def _page(visit: Visit, chosen: str, zone: str, wrong: dict[str, str], status: int = 200) -> Response:
    person, plan = visit.person, next(iter(visit.parts.plans.values()), None)
    asked = preferred(visit.request.headers.get("accept-language", ""))
    context: dict[str, Any] = {
        "roles": [role_title(role, plan) for role in sorted(person.roles)],
        "languages": [(code, name, code == chosen) for code, name in LANGUAGES.items()],
        "browsers": LANGUAGES[asked],
        "zones": zone_groups(language(), visit.now.replace(minute=0, second=0, microsecond=0)),
        "zone": zone,
        "plans_zone": f"{visit.plans_zone}, {offset(visit.now.astimezone(ZoneInfo(visit.plans_zone)))}",
        "errors": wrong,
    }
    return visit.page("me.html", status, **context)


@lru_cache(maxsize=8)
def zone_groups(_of: str, hour: datetime) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """The time zones by part of the world, each with its city in the reader's language and its offset in this hour.

    `_of` is the reader's language, which the names are in.
    """
    here = locale()
    groups: dict[str, list[tuple[str, str]]] = {}
    for name in _names():
        city = get_timezone_location(name, locale=here, return_city=True) if "/" in name else name
        shown = f"{city} ({offset(hour.astimezone(ZoneInfo(name)))})"
        groups.setdefault(_part(name), []).append((name, shown))
    return tuple((part, tuple(sorted(zones, key=lambda one: one[1]))) for part, zones in sorted(groups.items()))


def _part(name: str) -> str:
    parts = {
        "Africa": _("Africa"),
        "America": _("America"),
        "Antarctica": _("Antarctica"),
        "Arctic": _("Arctic"),
        "Asia": _("Asia"),
        "Atlantic": _("Atlantic Ocean"),
        "Australia": _("Australia"),
        "Europe": _("Europe"),
        "Indian": _("Indian Ocean"),
        "Pacific": _("Pacific Ocean"),
    }
    return parts.get(name.partition("/")[0], "UTC")


@lru_cache(maxsize=1)
def _names() -> tuple[str, ...]:
    """The zones people live in, without old names of the same, and UTC."""
    known = []
    for name in (*get_global("zone_territories"), "UTC"):
        try:
            ZoneInfo(name)
        except (KeyError, ValueError, OSError):
            continue
        if name == "UTC" or ("/" in name and not name.startswith("Etc/")):
            known.append(name)
    return tuple(dict.fromkeys(known))
