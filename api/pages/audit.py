"""The auditor's start page: cases by what an auditor looks for, the latest checks, samples, and the other records."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from fastapi import APIRouter
from fastapi.responses import Response

from api.pages import words
from api.pages.audit_results import KINDS, check_lines, state_of
from api.pages.audit_samples import sample_lines
from api.pages.languages import _, say
from api.pages.times import day_and_time
from api.pages.views import CaseLine, case_line
from api.pages.visit import Visit, VisitDep
from api.problems import InvalidFields
from api.rights import Right, require
from api.route_rights import ROUTES
from domain.case import Result
from domain.model import to_utc
from store.queries.audits import AuditResult, latest_of_each, latest_results, list_cases_to_audit, list_samples
from store.queries.paging import BadCursor
from store.users import user_names

router = APIRouter()
_SAMPLES = 5


@dataclass(frozen=True)
class AuditedCase:
    """A case in the list, with the newest check of each kind: triples of title, outcome and tone."""

    line: CaseLine
    record: str
    closed: str
    checks: tuple[tuple[str, str, str], ...]


@router.get("/audit")
async def show_audit(
    *,
    visit: VisitDep,
    plan: str = "",
    result: str = "",
    since: str = "",
    until: str = "",
    late: str = "",
    special: str = "",
    cursor: str | None = None,
) -> Response:
    """Cases filtered by what the address says. Raises InvalidFields for a wrong day or cursor."""
    require(visit.person, Right.AUDIT)
    results = {one.value: str(text) for one, text in words.RESULTS.items()}
    asked = {
        "plan": plan if plan in visit.parts.plans else "",
        "result": result if result in results else "",
        "since": since,
        "until": until,
        "late": "yes" if late == "yes" else "",
        "special": "yes" if special == "yes" else "",
    }
    first, last = day_of(visit, since, "since"), day_of(visit, until, "until")
    async with visit.parts.database.reading() as session:
        try:
            found = await list_cases_to_audit(
                session,
                plan=asked["plan"] or None,
                result=Result(asked["result"]) if asked["result"] else None,
                since=first,
                until=last + timedelta(days=1) if last else None,
                late=bool(asked["late"]),
                special=bool(asked["special"]),
                cursor=cursor,
            )
        except BadCursor as bad:
            raise InvalidFields.at("cursor", str(bad)) from None
        checked = await latest_of_each(session, [one.case_id for one in found.items])
        latest = await latest_results(session)
        samples = await list_samples(session, most=_SAMPLES)
        names = await user_names(session)
    more = urlencode({name: text for name, text in asked.items() if text} | {"cursor": found.next or ""})
    return visit.page(
        "audit.html",
        asked=asked,
        plans=[(name, say(one.title)) for name, one in visit.parts.plans.items()],
        results=list(results.items()),
        cases=[
            AuditedCase(
                line=case_line(one, visit.now),
                record=f"/cases/{one.case_id}/record",
                closed=_("closed %(when)s", when=day_and_time(one.closed_at, visit.zone, visit.now))
                if one.closed_at
                else "",
                checks=_checks(checked.get(one.case_id, ())),
            )
            for one in found.items
        ],
        filtered=any(asked.values()),
        next=f"/audit?{more}" if found.next else "",
        checks=check_lines(latest, names, visit.zone, datetime.now(UTC)),
        samples=sample_lines(visit, samples, names),
        sees_retention="GET /retention" in ROUTES,
        foot=visit.zone_note,
    )


def _checks(results: Iterable[AuditResult]) -> tuple[tuple[str, str, str], ...]:
    return tuple((str(KINDS[one.kind]), *state_of(one)) for one in results)


def day_of(visit: Visit, text: str, field: str) -> datetime | None:
    """The beginning of a day in the reader's zone, None for no day. Raises InvalidFields."""
    if not text:
        return None
    try:
        day = datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no zone
        return to_utc(datetime.combine(day, time(), ZoneInfo(visit.zone)))
    except (ValueError, OverflowError):
        raise InvalidFields.at(field, "is not a day such as 2026-11-22") from None
