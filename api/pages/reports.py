"""Reports as pages: what to count, the picture, the table, the cases behind a row, the figures, and files (Q8)."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from fastapi import APIRouter
from fastapi.responses import Response

from api.pages import words
from api.pages.languages import _, say
from api.pages.report_words import drawn_words, period_words, roles_words, row_words, section_words, told_words
from api.pages.times import day
from api.pages.visit import Visit, VisitDep
from api.problems import InvalidFields
from api.reports import (
    CSV,
    PDF,
    PICTURE_HEADERS,
    SVG,
    Asked,
    Pareto,
    as_csv,
    as_svg,
    asked,
    counted_cases,
    figures_of,
    in_words,
    issued_report,
    names_of,
    pareto_report,
    report_as_pdf,
    reports_for,
)
from api.rights import Right, may, require
from api.routes.attachments import file_response
from domain.case import CaseStatus
from domain.statistics import Counted, Sorted

router = APIRouter()
_RECENT = timedelta(days=30)
"""What is counted for whoever names no day."""


@router.get("/reports")
async def show_reports(visit: VisitDep) -> Response:
    """Counts what was asked for, in days of the reader; what is wrong with a day stands above the form."""
    require(visit.person, Right.SEE_CASES)
    query, wrong = _with_period(visit), ""
    try:
        of = _asked(visit)
    except InvalidFields as refused:
        wrong = "; ".join(f"“{one.path}” {say(one.message)}" for one in refused.errors)
        of = asked({}, visit.zone)
    report = await pareto_report(visit.parts, of)
    names = names_of(visit.parts)
    return visit.page(
        "reports.html",
        422 if wrong else 200,
        report=report,
        rows=[
            (row, row_words(report.by, row.key, names), f"/reports/cases?{_query(report, key=row.key)}")
            for row in report.items
        ],
        told=told_words(
            in_words(visit.parts, await figures_of(visit.parts, of.period, diagrams=False)), report.first, report.last
        ),
        title=section_words(report.of, report.by),
        period=period_words(report.first, report.last),
        counted=list(Counted),
        sorted_by=list(Sorted),
        plans=[(plan.name, say(plan.title)) for plan in visit.parts.plans.values()],
        first=query.get("from", ""),
        last=query.get("to", ""),
        wrong=wrong,
        query=_query(report),
        can_open=may(visit.person, Right.OPEN_ACTION),
        actions={row.key: _action_query(report, row.key) for row in report.items},
    )


@router.get("/reports/cases")
async def show_counted_cases(visit: VisitDep, key: str | None = None, cursor: str | None = None) -> Response:
    """The cases behind a row."""
    require(visit.person, Right.SEE_CASES)
    of = _asked(visit)
    report = await pareto_report(visit.parts, of)
    found = await counted_cases(visit.parts, of, key, cursor=cursor)
    title = row_words(of.by, key, names_of(visit.parts)) if key is not None else ""
    lines = [
        (
            one,
            words.RESULTS[one.result] if one.status is CaseStatus.CLOSED and one.result else _("open"),
            day(one.opened_at, visit.zone, visit.now),
            say(plan.title) if (plan := visit.plan(one.plan)) else "",
        )
        for one in found.items
    ]
    more = {"cursor": found.next} if found.next else {}
    behind = {} if key is None else {"key": key}
    return visit.page(
        "reports_cases.html",
        report=report,
        row=title,
        title=section_words(report.of, report.by),
        period=period_words(report.first, report.last),
        lines=lines,
        query=_query(report),
        next=f"/reports/cases?{_query(report, **behind, **more)}" if found.next else "",
        zone_note=visit.zone_note,
    )


@router.get("/reports/issued")
async def show_issued_reports(visit: VisitDep) -> Response:
    """The reports that were made for the roles of whoever looks."""
    reports = await reports_for(visit.parts, visit.person)
    names = names_of(visit.parts)
    lines = [(one, roles_words(one.roles, names, one.plan), day(one.made_at, visit.zone, visit.now)) for one in reports]
    planned = [
        (
            say(plan.title),
            plan.reports.every,
            roles_words(plan.reports.to, names, plan.name),
            plan.reports.source,
        )
        for plan in visit.parts.plans.values()
        if plan.reports
    ]
    return visit.page("reports_issued.html", lines=lines, planned=planned, zone_note=visit.zone_note)


@router.get("/reports/issued/{report_id}")
async def issued_as_paper(visit: VisitDep, report_id: str) -> Response:
    """The file of an issued report."""
    return await file_response(visit.parts, (await issued_report(visit.parts, visit.person, report_id)).file)


@router.get("/reports.csv")
async def reports_as_table(visit: VisitDep) -> Response:
    """The rows as a file for spreadsheets."""
    require(visit.person, Right.SEE_CASES)
    table = as_csv(visit.parts, await pareto_report(visit.parts, _asked(visit)))
    return Response(table, media_type=CSV, headers=_named("pareto.csv"))


@router.get("/reports.svg")
async def reports_as_picture(visit: VisitDep) -> Response:
    """The diagram."""
    require(visit.person, Right.SEE_CASES)
    report = await pareto_report(visit.parts, _asked(visit))
    told = drawn_words(report.section, names_of(visit.parts), report.first, report.last)
    picture = await as_svg(visit.parts, report, told)
    return Response(picture, media_type=SVG, headers=PICTURE_HEADERS)


@router.get("/reports.pdf")
async def reports_as_paper(visit: VisitDep) -> Response:
    """All figures of the period as a paper."""
    require(visit.person, Right.SEE_CASES)
    figures = await figures_of(visit.parts, _asked(visit).period)
    return Response(await report_as_pdf(visit.parts, figures), media_type=PDF, headers=_named("report.pdf"))


def _asked(visit: Visit) -> Asked:
    return asked(_with_period(visit), visit.zone)


def _with_period(visit: Visit) -> dict[str, str]:
    """What was asked for; whoever names no day is told of the last month, as issued reports are."""
    query = dict(visit.request.query_params)
    if not {"from", "to"} & query.keys():
        query["from"] = (visit.now.astimezone(ZoneInfo(visit.zone)).date() - _RECENT).isoformat()
    return query


def _named(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"'}


def _query(report: Pareto, **more: str) -> str:
    days = {"from": report.first, "to": report.last, "plan": report.plan}
    given = {name: str(value) for name, value in days.items() if value}
    return urlencode({"of": report.of.value, "by": report.by.value, **given, **more})


def _action_query(report: Pareto, key: str) -> str:
    """What a new action takes over from a row."""
    days = {"first": report.first, "last": report.last, "plan": report.plan}
    given = {name: str(value) for name, value in days.items() if value}
    return urlencode({"of": report.of.value, "by": report.by.value, "key": key, **given})
