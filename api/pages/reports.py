"""The Pareto report as a page: what to count, the picture, the table, and the table as a file (Q8)."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response
from markupsafe import Markup

from api.pages.visit import Visit, VisitDep
from api.problems import InvalidFields
from api.reports import Pareto, as_csv, as_svg, day, pareto_report
from api.rights import Right, require
from api.routes.query import chosen, text
from domain.statistics import Counted, Sorted

router = APIRouter()


@router.get("/reports")
async def show_reports(visit: VisitDep) -> Response:
    """Counts what was asked for, in days of the reader; what is wrong with a day stands above the form."""
    require(visit.person, Right.SEE_CASES)
    asked, wrong = visit.request.query_params, ""
    try:
        report = await _report(visit)
    except InvalidFields as refused:
        wrong = "; ".join(f"“{one.path}” {one.message}" for one in refused.errors)
        report = await pareto_report(visit.parts, zone=visit.zone)
    return visit.page(
        "reports.html",
        422 if wrong else 200,
        report=report,
        picture=Markup(as_svg(report)),  # noqa: S704 - made here, every text in it is escaped
        counted=list(Counted),
        sorted_by=list(Sorted),
        plans=[(plan.name, plan.title) for plan in visit.parts.plans.values()],
        first=asked.get("from", ""),
        last=asked.get("to", ""),
        wrong=wrong,
        file=f"/reports.csv?{asked}" if asked else "/reports.csv",
    )


@router.get("/reports.csv")
async def reports_as_file(visit: VisitDep) -> Response:
    """The same rows as a file for spreadsheets."""
    require(visit.person, Right.SEE_CASES)
    named = {"Content-Disposition": 'attachment; filename="pareto.csv"'}
    return Response(as_csv(await _report(visit)), media_type="text/csv; charset=utf-8", headers=named)


async def _report(visit: Visit) -> Pareto:
    asked = visit.request.query_params
    return await pareto_report(
        visit.parts,
        of=chosen(Counted, asked.get("of"), "of") or Counted.CASES,
        by=chosen(Sorted, asked.get("by"), "by") or Sorted.CATEGORY,
        first=day(asked.get("from"), "from"),
        last=day(asked.get("to"), "to"),
        plan=text(asked.get("plan"), "plan"),
        zone=visit.zone,
    )
