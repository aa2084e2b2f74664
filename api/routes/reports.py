"""Reports over all cases (Q8)."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Query
from fastapi.responses import Response
from pydantic import BaseModel

from api.parts import PartsDep
from api.reports import (
    CSV,
    PDF,
    PICTURE_HEADERS,
    SVG,
    Asked,
    CountedCases,
    Pareto,
    as_csv,
    as_svg,
    asked,
    counted_cases,
    figures_of,
    issued_report,
    pareto_report,
    report_as_pdf,
    reports_for,
)
from api.rights import Right, require
from api.routes.attachments import file_response
from api.routes.query import Cursor, Filter, Limit, choices
from api.signin import PersonDep
from domain.statistics import Counted, Sorted
from domain.statistics.report import IssuedReport, PeriodReport

router = APIRouter(tags=["reports"])
_OTHER_KINDS = {"content": {"text/csv": {"schema": {"type": "string"}}, SVG: {"schema": {"type": "string"}}}}
_PAPER: dict[int | str, dict[str, Any]] = {200: {"content": {PDF: {"schema": {"type": "string", "format": "binary"}}}}}
_First = Annotated[str | None, Query(alias="from", max_length=200, description="first day, UTC")]
_Last = Annotated[str | None, Query(alias="to", max_length=200, description="last day, UTC, inclusive")]


class IssuedReports(BaseModel):
    """Reports that were issued, the newest first."""

    items: list[IssuedReport]
    next: None = None


def _asked(
    *,
    of: Annotated[str | None, choices(Counted, "what is counted; cases unless said")] = None,
    by: Annotated[str | None, choices(Sorted, "by what; the kind of issue unless said")] = None,
    first: _First = None,
    last: _Last = None,
    plan: Filter = None,
) -> Asked:
    return asked({"of": of or "", "by": by or "", "from": first or "", "to": last or "", "plan": plan or ""})


AskedDep = Annotated[Asked, Depends(_asked)]


@router.get("/reports/pareto", response_model=Pareto, responses={200: _OTHER_KINDS})
async def pareto(
    parts: PartsDep, person: PersonDep, of: AskedDep, accept: Annotated[str, Header()] = ""
) -> Pareto | Response:
    """Counts cases, repairs, returns, repeats or late cases by one property, the largest share first.

    With `Accept: text/csv` as a table for spreadsheets, with `Accept: image/svg+xml` as a picture.
    """
    require(person, Right.SEE_CASES)
    report = await pareto_report(parts, of)
    if SVG in accept:
        return Response(await as_svg(parts, report), media_type=SVG, headers=PICTURE_HEADERS)
    if "text/csv" in accept:
        return Response(as_csv(parts, report), media_type=CSV)
    return report


@router.get("/reports/cases")
async def cases_behind(
    *,
    parts: PartsDep,
    person: PersonDep,
    of: AskedDep,
    key: Annotated[str | None, Query(max_length=500, description="`key` of a row; all rows unless said")] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> CountedCases:
    """Lists the cases behind a row of the Pareto report, the newest first."""
    require(person, Right.SEE_CASES)
    return await counted_cases(parts, of, key, cursor=cursor, limit=limit)


@router.get("/reports/period", response_model=PeriodReport, responses=_PAPER)
async def period(
    *, parts: PartsDep, person: PersonDep, of: AskedDep, accept: Annotated[str, Header()] = ""
) -> PeriodReport | Response:
    """All figures of a period: counts, diagrams, deadlines, satisfaction, used time. `of` and `by` have no say here.

    With `Accept: application/pdf` as a paper.
    """
    require(person, Right.SEE_CASES)
    figures = await figures_of(parts, of.period)
    if PDF in accept:
        return Response(await report_as_pdf(parts, figures), media_type=PDF)
    return figures


@router.get("/reports/issued")
async def issued(parts: PartsDep, person: PersonDep) -> IssuedReports:
    """Lists the reports that were issued for the roles of whoever asks, the newest first."""
    return IssuedReports(items=list(await reports_for(parts, person)))


@router.get("/reports/issued/{report_id}", response_class=Response, responses=_PAPER)
async def one_issued(parts: PartsDep, person: PersonDep, report_id: str) -> Response:
    """Gives the file of an issued report."""
    return await file_response(parts, (await issued_report(parts, person, report_id)).file)
