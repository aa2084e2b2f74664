"""Erased cases, erasing one, legal holds, and what retention did and does next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from api.actions.erasing import erase_case, hold_case, release_case
from api.ids import known_case_id
from api.pages import words
from api.pages.languages import _, lazy, say
from api.pages.times import date_words, day_and_time, local
from api.pages.visit import Visit, VisitDep, go_to
from api.rights import Right, may, require
from core.errors import AftercareError, Gone, NotFound
from domain.case import CaseStatus, Result
from domain.record.retention import RetentionReport
from store.erasing import Erased, Hold, erasure_of, hold_of
from store.erasing.due import Due, coming_cases, holds_in_force
from store.erasing.lists import Run, latest_erasures, latest_runs
from store.queries.cases import CaseSummary, CaseView, find_case
from store.queries.events import chained_events
from store.users import user_names

router = APIRouter()
_MOST = 50
_RUNS = 20
_NAMED = 8
_STAYS: Mapping[str, str] = {
    "customer": lazy("The customer stays in the register: other cases of theirs are not erased."),
    "contract": lazy("The customer stays in the register: a service contract runs."),
    "product": lazy("The product stays in the register: other cases of it are not erased."),
    "desk_product": lazy("The product stays in the register without its owner: the desk registered it."),
    "article": lazy("A published article was made of it: read it, and archive it if it names anybody."),
    "actions": lazy("Corrective actions name the case; they were not changed."),
}


@dataclass(frozen=True)
class Keeping:
    """What a case's page tells of its retention, and which ways it offers."""

    held: str
    until: str
    hold_href: str
    erase_href: str


def keeping_of(visit: Visit, summary: CaseSummary, view: CaseView, hold: Hold | None) -> Keeping:
    """Returns what stands on the page of a case that is not erased."""
    state, closed = view.state, summary.status is CaseStatus.CLOSED
    erase_at = state.retention.erase_at(state.closed_at) if state.retention and state.closed_at else None
    until = _("What it knows of its customer is erased on %(day)s.", day=_day(visit, erase_at)) if erase_at else ""
    own = f"/cases/{state.case_id}"
    return Keeping(
        held=_held(visit, hold) if hold else "",
        until=until,
        hold_href=f"{own}/legal-hold" if may(visit.person, Right.HOLD) else "",
        erase_href=f"{own}/erase" if closed and hold is None and may(visit.person, Right.ERASE) else "",
    )


async def erased_page(visit: Visit, erased: Erased) -> Response:
    """What is left of an erased case: that it was erased, when and why, and the chain of its record."""
    async with visit.parts.database.reading() as session:
        events = await chained_events(session, erased.case_id)
        names = await user_names(session)
    facts = erased.facts
    plan = visit.plan(str(facts.get("plan") or ""))
    told = [
        (_("Case"), erased.case_id),
        (_("Procedure"), say(str(facts.get("plan_title") or ""))),
        (_("Opened"), _when(visit, facts.get("opened_at"))),
        (_("Closed"), _when(visit, facts.get("closed_at"))),
        (_("Ended as"), str(words.RESULTS[Result(facts["result"])]) if facts.get("result") else ""),
        (_("Erased"), _real(visit, erased.at)),
        (_("By"), names.get(erased.by, _by(erased.by))),
        (_("Reason"), say(erased.reason)),
        (_("Last entry chained by"), str(facts.get("record_hash") or "")),
    ]
    rows = [
        (str(one.no), day_and_time(one.at, visit.zone, visit.now), one.kind.value,
         _who(one.actor.user, words.role_title(one.actor.role, plan), names), one.hash[:16])
        for one in events
    ]  # fmt: skip
    return visit.page(
        "case_erased.html",
        number=facts.get("work_order") or erased.case_id,
        told=[(name, text) for name, text in told if text],
        stays=[(str(_STAYS.get(one["what"], one["what"])), _links(one)) for one in erased.told],
        rows=rows,
        finished=erased.done,
        removed=_real(visit, erased.removed_at) if erased.removed_at else "",
        record_href=f"/cases/{erased.case_id}/record" if events and may(visit.person, Right.AUDIT) else "",
        foot=visit.zone_note,
    )


@router.get("/cases/{case_id}/erase")
async def prepare_erasure(visit: VisitDep, case_id: str) -> Response:
    """Says what an erasure takes and what stays, and asks for the reason. Raises NotFound, Gone."""
    require(visit.person, Right.ERASE)
    return await _step(visit, case_id, "erase")


@router.post("/cases/{case_id}/erase")
async def erase(visit: VisitDep, case_id: str) -> Response:
    """Erases the case for good."""
    form = await visit.form()
    entered = {"reason": str(form.get("reason") or ""), "sure": str(form.get("sure") or "")}
    if entered["sure"] != "yes":
        return await _step(visit, case_id, "erase", entered, _("Say that you have read what ends."), 422)
    try:
        await erase_case(visit.parts, visit.person, case_id, {"reason": entered["reason"]})
    except AftercareError as refused:
        if refused.status not in (409, 422, 503):
            raise
        return await _step(visit, case_id, "erase", entered, _problem(refused), refused.status)
    return go_to(f"/cases/{case_id}")


@router.get("/cases/{case_id}/legal-hold")
async def prepare_hold(visit: VisitDep, case_id: str) -> Response:
    """Asks for the reason of a legal hold, or of lifting the one in force. Raises NotFound, Gone."""
    require(visit.person, Right.HOLD)
    return await _step(visit, case_id, "hold")


@router.post("/cases/{case_id}/legal-hold")
async def hold(visit: VisitDep, case_id: str) -> Response:
    """Places (`do=place`) or lifts (`do=lift`) the legal hold."""
    form = await visit.form()
    entered = {"reason": str(form.get("reason") or "")}
    act = release_case if form.get("do") == "lift" else hold_case
    body = {"reason": entered["reason"] or None} if act is release_case else entered
    try:
        await act(visit.parts, visit.person, case_id, body)
    except AftercareError as refused:
        if refused.status not in (409, 422):
            raise
        return await _step(visit, case_id, "hold", entered, _problem(refused), refused.status)
    return go_to(f"/cases/{case_id}")


@router.get("/retention")
async def show_retention(visit: VisitDep) -> Response:
    """What retention took, what it takes next and when, what is held, and each run."""
    require(visit.person, Right.SEE_RETENTION)
    async with visit.parts.database.reading() as session:
        coming = await coming_cases(session, visit.now, limit=_MOST)
        held = await holds_in_force(session, limit=_MOST)
        erased = await latest_erasures(session, limit=_MOST)
        runs = await latest_runs(session, limit=_RUNS)
        names = await user_names(session)
    return visit.page(
        "retention.html",
        coming=[(one.case_id, _takes(one), _day(visit, one.at), one.hold is not None) for one in coming],
        held=[(one.case_id, _held(visit, one)) for one in held],
        erased=[(one.case_id, _real(visit, one.at), names.get(one.by, _by(one.by)), say(one.reason), _ended(one))
                for one in erased],
        runs=[_run(visit, one) for one in runs],
        foot=visit.zone_note,
    )  # fmt: skip


async def _step(
    visit: Visit,
    case_id: str,
    what: str,
    entered: Mapping[str, str] | None = None,
    problem: str = "",
    status: int = 200,
) -> Response:
    async with visit.parts.database.reading() as session:
        if await erasure_of(session, known_case_id(case_id)) is not None:
            raise Gone(f"{case_id} was erased: what is left of it is its number, its days and the chain of its record")
        view = await find_case(session, case_id)
        in_force = await hold_of(session, case_id)
    if view is None:
        raise NotFound("there is no such case")
    lifts = what == "hold" and in_force is not None
    return visit.page(
        "case_erase.html" if what == "erase" else "case_hold.html",
        status,
        href=f"/cases/{case_id}",
        number=words.case_number(view.state),
        about=words.case_title(view.state),
        customer=view.state.application.customer.name,
        open=view.state.status is not CaseStatus.CLOSED,
        held=_held(visit, in_force) if in_force else "",
        lifts=lifts,
        effects=_erased_effects() if what == "erase" else _held_effects(lifts=lifts),
        entered={"reason": "", "sure": ""} | dict(entered or {}),
        problem=problem,
    )


def _erased_effects() -> tuple[tuple[str, tuple[str, ...]], ...]:
    return (
        (
            _("What ends"),
            (
                _("Names, addresses, what was entered, photos and papers, in the database, the files and the archive."),
                _("What the engine and every backup hold of it can be read by nobody any more: its key is destroyed."),
            ),
        ),
        (
            _("What stays"),
            (
                _("The number, the plan, the days, the result, who of us did what, and the chain of the record."),
                _("Figures count it on, without anybody's name."),
            ),
        ),
    )


def _held_effects(*, lifts: bool) -> tuple[tuple[str, tuple[str, ...]], ...]:
    line = (
        _("What the plan does not keep any longer is erased by the next run.")
        if lifts
        else _("Nothing of this case is erased or removed until the hold is lifted, whatever its plan says.")
    )
    return ((_("What follows"), (line, _("Who placed and lifted it, when and why stays on record."))),)


def _problem(refused: AftercareError) -> str:
    if refused.status == 422:
        return _("Say why, in up to 2,000 characters.")
    return say(refused.detail)


def _held(visit: Visit, hold: Hold) -> str:
    since = _real(visit, hold.placed_at)
    return _(
        "Legal hold since %(when)s, placed by %(name)s: %(reason)s", when=since, name=hold.placed_by, reason=hold.reason
    )


def _takes(due: Due) -> str:
    return _("its archive and record will be removed") if due.removes else _("its personal data will be erased")


def _ended(erased: Erased) -> str:
    if erased.removed_at is not None:
        return _("archive and record removed")
    return "" if erased.done else _("to be finished by the next run")


def _run(visit: Visit, run: Run) -> tuple[str, str, list[str]]:
    """When a run was, what it did in a line, and what has to be looked at."""
    report = run.report
    numbers = {name: len(getattr(report, name)) for name in ("erased", "removed", "held", "failed")}
    done = _("%(erased)s erased, %(removed)s removed, %(held)s held, %(failed)s failed", **numbers)
    ended = done if run.ended_at else f"{done} · {_('not finished')}"
    return day_and_time(run.at, visit.zone, visit.now), ended, _notes(report)


def _notes(report: RetentionReport) -> list[str]:
    failed = [f"{one.case_id}: {say(one.why)}" for one in report.failed[:_NAMED]]
    return [
        *failed,
        *(_("%(case)s is held: %(reason)s", case=one.case_id, reason=one.reason) for one in report.held[:_NAMED]),
    ]


def _links(stays: Mapping[str, Any]) -> list[tuple[str, str]]:
    where = {"customer": "/cases/", "product": "/cases/", "article": "/knowledge/", "actions": "/actions/"}
    where |= {"desk_product": "/products/"}
    return [(name, where[stays["what"]] + name if stays["what"] in where else "") for name in stays["names"]]


def _who(user: str, role: str, names: Mapping[str, str]) -> str:
    shown = names.get(user, "")
    return f"{shown} ({role})" if shown else role


def _by(user: str) -> str:
    return _("retention") if user == "retention" else user


def _real(visit: Visit, at: datetime) -> str:
    """A real instant as the product's clock showed it."""
    return day_and_time(visit.parts.pace.virtual(at), visit.zone, visit.now)


def _when(visit: Visit, told: Any) -> str:
    return day_and_time(datetime.fromisoformat(told), visit.zone, visit.now) if told else ""


def _day(visit: Visit, at: datetime) -> str:
    return date_words(local(at, visit.zone).date())


__all__ = ["Keeping", "erased_page", "keeping_of", "router"]
