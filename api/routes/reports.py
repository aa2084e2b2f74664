"""Reports over all cases (Q8)."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Header, Query
from fastapi.responses import Response

from api.parts import PartsDep
from api.reports import Pareto, as_csv, as_svg, day, pareto_report
from api.rights import Right, require
from api.routes.query import Filter, choices, chosen, text
from api.signin import PersonDep
from domain.statistics import Counted, Sorted

router = APIRouter(tags=["reports"])
_OTHER_KINDS = {
    "content": {"text/csv": {"schema": {"type": "string"}}, "image/svg+xml": {"schema": {"type": "string"}}}
}


@router.get("/reports/pareto", response_model=Pareto, responses={200: _OTHER_KINDS})
async def pareto(
    *,
    parts: PartsDep,
    person: PersonDep,
    of: Annotated[str | None, choices(Counted, "what is counted; cases unless said")] = None,
    by: Annotated[str | None, choices(Sorted, "by what; the kind of issue unless said")] = None,
    first: Annotated[str | None, Query(alias="from", max_length=200, description="first day, UTC")] = None,
    last: Annotated[str | None, Query(alias="to", max_length=200, description="last day, UTC, inclusive")] = None,
    plan: Filter = None,
    accept: Annotated[str, Header()] = "",
) -> Pareto | Response:
    """Counts cases, repairs or returns by one property, the largest share first.

    With `Accept: text/csv` as a table for spreadsheets, with `Accept: image/svg+xml` as a picture.
    """
    require(person, Right.SEE_CASES)
    report = await pareto_report(
        parts,
        of=chosen(Counted, of, "of") or Counted.CASES,
        by=chosen(Sorted, by, "by") or Sorted.CATEGORY,
        first=day(first, "from"),
        last=day(last, "to"),
        plan=text(plan, "plan"),
    )
    if "image/svg+xml" in accept:
        return Response(as_svg(report), media_type="image/svg+xml")
    if "text/csv" in accept:
        return Response(as_csv(report), media_type="text/csv; charset=utf-8")
    return report
