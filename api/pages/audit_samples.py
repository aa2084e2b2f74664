"""Samples of closed cases for review: drawn by a seed, so that anybody draws the same again, and said of each case."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter
from fastapi.responses import Response

from api.actions.auditing import LONGEST_REMARK, LONGEST_SEED, draw_sample, review
from api.pages import words
from api.pages.languages import _, lazy, ngettext, say
from api.pages.times import date_words, day_and_time, local
from api.pages.views import case_line
from api.pages.visit import Visit, VisitDep, go_to, problem_text
from api.problems import errors_of
from api.rights import Right, require
from core.errors import AftercareError, NotFound
from domain.record.sampling import MOST, Drawn
from store.queries.audits import Sample, cases_by_id, find_sample, list_samples
from store.users import user_names

router = APIRouter()
_DRAWN: Mapping[Drawn, str] = {
    Drawn.LATE: lazy("drawn from those that missed a deadline"),
    Drawn.COSTLY: lazy("drawn from those of high cost"),
    Drawn.ANY: lazy("drawn from all"),
}
_ENTERED = ("plan", "since", "until", "size", "late", "costly", "seed")


@dataclass(frozen=True)
class SampleLine:
    """A sample in a list."""

    href: str
    title: str
    about: str
    drawn: str
    done: int
    size: int
    findings: int


@dataclass(frozen=True)
class ReviewLine:
    """A case of a sample with the last word on it; `form` is what its form shows again."""

    case_id: str
    number: str
    href: str
    record: str
    title: str
    ended: str
    drawn: str
    said: str
    tone: str
    remark: str
    who: str
    earlier: int
    form: Mapping[str, str]
    problem: str


def sample_lines(visit: Visit, samples: Iterable[Sample], names: Mapping[str, str]) -> list[SampleLine]:
    """Returns samples as lists show them."""
    return [
        SampleLine(
            href=f"/audit/samples/{one.sample_id}",
            title=_period(visit, one),
            about=_about(visit, one),
            drawn=_(
                "drawn by %(name)s, %(when)s",
                name=names.get(one.by, one.by),
                when=day_and_time(one.at, visit.zone, datetime.now(UTC)),
            ),
            done=sum(case.case_id in one.reviews for case in one.cases),
            size=len(one.cases),
            findings=sum(review.finding for review in one.reviews.values()),
        )
        for one in samples
    ]


@router.get("/audit/samples")
async def show_samples(visit: VisitDep) -> Response:
    """The samples there are, and the form that draws another."""
    return await _samples(visit)


@router.post("/audit/samples")
async def draw(visit: VisitDep) -> Response:
    """Draws a sample, or shows the form again with what was wrong."""
    form = await visit.form()
    entered = {name: str(form.get(name) or "").strip() for name in _ENTERED}
    try:
        sample_id = await draw_sample(visit.parts, visit.person, _read(visit, entered))
    except AftercareError as refused:
        if refused.status != 422:
            raise
        errors = {error.path.partition(".")[0]: say(error.message) for error in errors_of(refused)}
        return await _samples(visit, entered=entered, errors=errors or {"": problem_text(refused)}, status=422)
    return go_to(f"/audit/samples/{sample_id}", "drawn")


@router.get("/audit/samples/{sample_id}")
async def show_sample(visit: VisitDep, sample_id: str) -> Response:
    """The cases of a sample and what was said of each. Raises NotFound."""
    return await _sample(visit, sample_id)


@router.post("/audit/samples/{sample_id}")
async def say_of_case(visit: VisitDep, sample_id: str) -> Response:
    """Keeps what a reviewer says of one case. Raises NotFound."""
    form = await visit.form()
    entered = {name: str(form.get(name) or "") for name in ("case", "finding", "remark")}
    try:
        await review(
            visit.parts, visit.person, sample_id, entered["case"], finding=entered["finding"], remark=entered["remark"]
        )
    except AftercareError as refused:
        if refused.status not in (409, 422):
            raise
        return await _sample(visit, sample_id, entered=entered, problem=problem_text(refused), status=refused.status)
    return go_to(f"/audit/samples/{sample_id}", f"reviewed#case-{entered['case']}")


async def _samples(
    visit: Visit,
    *,
    entered: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
    status: int = 200,
) -> Response:
    require(visit.person, Right.AUDIT)
    async with visit.parts.database.reading() as session:
        samples, names = await list_samples(session), await user_names(session)
    ended = local(visit.now, visit.zone).date().replace(day=1)
    began = (ended - timedelta(days=1)).replace(day=1)
    usual = {
        "plan": "",
        "since": began.isoformat(),
        "until": (ended - timedelta(days=1)).isoformat(),
        "size": "20",
        "late": "0",
        "costly": "0",
        "seed": secrets.token_hex(4),
    }
    return visit.page(
        "audit_samples.html",
        status,
        samples=sample_lines(visit, samples, names),
        plans=[(name, say(one.title)) for name, one in visit.parts.plans.items()],
        entered=entered or usual,
        errors=errors or {},
        most=MOST,
        longest_seed=LONGEST_SEED,
        foot=visit.zone_note,
    )


def _read(visit: Visit, entered: Mapping[str, str]) -> dict[str, Any]:
    """The criteria as they are validated; a period is entered by its first and last day in the reader's zone."""
    found: dict[str, Any] = {"plan": entered["plan"] or None, "seed": entered["seed"]}
    for name in ("size", "late", "costly"):
        found[name] = entered[name] or 0
    for name, days in (("since", 0), ("until", 1)):
        try:
            day = datetime.strptime(entered[name], "%Y-%m-%d").date() + timedelta(days=days)  # noqa: DTZ007
            found[name] = datetime.combine(day, time(), ZoneInfo(visit.zone))
        except (ValueError, OverflowError):
            found[name] = entered[name]
    return found


async def _sample(
    visit: Visit, sample_id: str, *, entered: Mapping[str, str] | None = None, problem: str = "", status: int = 200
) -> Response:
    require(visit.person, Right.AUDIT)
    async with visit.parts.database.reading() as session:
        sample = await find_sample(session, sample_id) if sample_id.isprintable() else None
        if sample is None:
            raise NotFound("there is no such sample")
        cases = await cases_by_id(session, [one.case_id for one in sample.cases])
        names = await user_names(session)
    again = dict(entered or {})
    lines = []
    for one in sample.cases:
        known, last = cases.get(one.case_id), sample.reviews.get(one.case_id)
        mine = again if again.get("case") == one.case_id else {}
        before = {"finding": ("yes" if last.finding else "no") if last else "", "remark": last.remark if last else ""}
        lines.append(
            ReviewLine(
                case_id=one.case_id,
                number=(known.work_order if known else None) or one.case_id,
                href=f"/cases/{one.case_id}",
                record=f"/cases/{one.case_id}/record",
                title=case_line(known, visit.now).title if known else _("not here any more"),
                ended=words.result(known.result) if known and known.result else "",
                drawn=str(_DRAWN[one.drawn]),
                said="" if last is None else _("finding") if last.finding else _("no finding"),
                tone="" if last is None else "late" if last.finding else "fine",
                remark=last.remark if last else "",
                who=""
                if last is None
                else _(
                    "%(name)s, %(when)s",
                    name=names.get(last.by, last.by),
                    when=day_and_time(last.at, visit.zone, datetime.now(UTC)),
                ),
                earlier=last.earlier if last else 0,
                form=mine or before,
                problem=problem if mine else "",
            )
        )
    (line,) = sample_lines(visit, [sample], names)
    return visit.page(
        "audit_sample.html",
        status,
        sample=line,
        seed=sample.seed,
        lines=lines,
        answers=[("no", _("no finding"), ""), ("yes", _("finding"), "")],
        longest=LONGEST_REMARK,
        foot=visit.zone_note,
    )


def _period(visit: Visit, sample: Sample) -> str:
    first = local(sample.criteria.since, visit.zone).date()
    last = local(sample.criteria.until - timedelta(seconds=1), visit.zone).date()
    return _("Closed %(first)s to %(last)s", first=date_words(first), last=date_words(last))


def _about(visit: Visit, sample: Sample) -> str:
    wanted = sample.criteria
    plan = visit.plan(wanted.plan) if wanted.plan else None
    said = [
        say(plan.title) if plan else wanted.plan or _("all plans"),
        ngettext("%(num)s case asked for", "%(num)s cases asked for", wanted.size),
    ]
    if wanted.late:
        said.append(_("%(number)s that missed a deadline", number=wanted.late))
    if wanted.costly:
        said.append(_("%(number)s of high cost", number=wanted.costly))
    return " · ".join((*said, _("seed %(seed)s", seed=sample.seed)))
