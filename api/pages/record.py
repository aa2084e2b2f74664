"""The record of a case as an auditor reads it, and the buttons that have it checked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from fastapi import APIRouter
from fastapi.responses import Response

from api.actions.auditing import BUTTONS, ask_check
from api.ids import known_case_id
from api.pages import words
from api.pages.answers import Reader
from api.pages.audit_results import BUTTONS as BUTTON_WORDS
from api.pages.audit_results import PROVES, check_lines
from api.pages.case_deadlines import DeadlineLine, deadlines_of
from api.pages.languages import _, say
from api.pages.looking import files_of, looker_of
from api.pages.record_entries import RecordLine, chain_of, record_lines
from api.pages.timeline_groups import Shown
from api.pages.times import day_and_time, zone_words
from api.pages.used import used_view
from api.pages.views import brief_of, files_view
from api.pages.visit import Visit, VisitDep, go_to
from api.reports import names_of
from api.rights import Right, may, require
from core.errors import AftercareError, NotFound
from domain.case import CaseStatus
from domain.events import Event
from domain.plan.clauses import clauses
from domain.record.erased import is_erased
from domain.record.findings import AuditKind
from store.erasing import Erased, erasure_of
from store.queries.archives import find_archive
from store.queries.audits import results_of_case
from store.queries.cases import CaseView, find_case
from store.queries.events import chained_events, promises_in
from store.users import user_names

router = APIRouter()


@dataclass(frozen=True)
class Choice:
    """A filter with what it can be set to."""

    name: str
    title: str
    options: tuple[tuple[str, str], ...]
    chosen: str


@router.get("/cases/{case_id}/record")
async def show_record(visit: VisitDep, case_id: str) -> Response:
    """Shows the whole record of a case. Raises NotFound."""
    return await _page(visit, case_id)


@router.post("/cases/{case_id}/record")
async def have_checked(visit: VisitDep, case_id: str) -> Response:
    """Has the case checked by a worker; the page then shows what comes of it. Raises NotFound."""
    form = await visit.form()
    try:
        await ask_check(visit.parts, visit.person, case_id, str(form.get("kind") or ""))
    except AftercareError as refused:
        if refused.status not in (422, 503):
            raise
        return await _page(visit, case_id, problem=say(refused.detail), status=refused.status)
    return go_to(f"/cases/{case_id}/record#checks")


async def _page(visit: Visit, case_id: str, *, problem: str = "", status: int = 200) -> Response:
    require(visit.person, Right.AUDIT)
    async with visit.parts.database.reading() as session:
        view = await find_case(session, known_case_id(case_id))
        if view is None:
            raise NotFound("there is no such case")
        state, plan = view.state, visit.plan(view.state.plan)
        looker = await looker_of(visit, session)
        try:
            events = await chained_events(session, case_id)
        except ValueError:  # whoever changed the database must not keep the rest from being looked at
            events, problem = (
                (),
                _("An entry of the record cannot be read: the database was changed. Have it replayed."),
            )
        reader = Reader(state.currency, state.time_zone, visit.now, looker.names)
        lines = record_lines(events, plan, reader)
        known = await files_of(session, state, {one for line in lines for one in line.files})
        gone = await erasure_of(session, case_id)
        results = await results_of_case(session, case_id)
        archive = await find_archive(session, case_id)
        names = await user_names(session)
    chosen, filters = _filtered(visit, lines)
    deadlines = _deadlines(visit, view, events)
    real = datetime.now(UTC)
    return visit.page(
        "record.html",
        status,
        brief=brief_of(state, plan, {}),
        result=str(words.RESULTS[state.result]) if state.status is CaseStatus.CLOSED and state.result else "",
        problem=problem,
        erased=_("Erased %(when)s by %(name)s: %(reason)s", **_erased(visit, gone, names)) if gone else "",
        chain=chain_of(events, state.record_salt),
        lines=[(line, files_view(line.files, known)) for line in chosen],
        entries=len(lines),
        filters=filters,
        filtered=len(chosen) != len(lines),
        checks=check_lines(results, names, visit.zone, real),
        buttons=[
            (kind.value, str(BUTTON_WORDS[kind]), str(PROVES[kind]))
            for kind in BUTTONS
            if archive is not None or kind is not AuditKind.VERIFY
        ],
        archive=archive,
        archived=archive.made_at if archive else None,
        running=[line for line in deadlines if line.open],
        ended=[line for line in deadlines if not line.open],
        used=used_view(events, names_of(visit.parts), state.plan, visit.now, visit.parts.calendars),
        clauses=_cited(lines),
        plan_href=f"/plans/{state.plan}" if plan else "",
        sees_access=may(visit.person, Right.SEE_ACCESS),
        zone=zone_words(state.time_zone, visit.now),
        zone_name=state.time_zone,
        real=real,
        readers_zone=visit.zone,
    )


def _erased(visit: Visit, gone: Erased, names: Mapping[str, str]) -> dict[str, str]:
    when = day_and_time(gone.at, visit.zone, datetime.now(UTC))
    return {"when": when, "name": names.get(gone.by, gone.by), "reason": gone.reason}


def _deadlines(visit: Visit, view: CaseView, events: Iterable[Event]) -> Sequence[DeadlineLine]:
    """Every deadline explained; none where the record does not tell them (any more)."""
    try:
        promised = promises_in(event for event in events if not is_erased(event.data))
    except (KeyError, TypeError, ValueError):
        return ()
    tasks = [one.task for one in view.tasks]
    return deadlines_of(view.state, tasks, promised, visit.parts.calendars, visit.now, explain_all=True)


def _filtered(visit: Visit, lines: Sequence[RecordLine]) -> tuple[list[RecordLine], list[Choice]]:
    """The lines that the address asks for, and the filters as they are set."""
    asked = visit.request.query_params
    people: dict[str, str] = {}
    tasks: dict[str, str] = {}
    for line in lines:
        if line.user != "system":
            people.setdefault(line.user, line.entry.who.partition(",")[0] or line.user)
        if line.task:
            tasks.setdefault(line.task, words.task_title(line.task))
    groups = {
        Shown.PEOPLE.value: _("what people did"),
        Shown.DEADLINES.value: _("deadlines"),
        Shown.PAPERS.value: _("papers and money"),
    }
    given = {
        "who": asked.get("who", "") if asked.get("who", "") in people else "",
        "task": asked.get("task", "") if asked.get("task", "") in tasks else "",
        "kind": asked.get("kind", "") if asked.get("kind", "") in groups else "",
    }
    chosen = [
        line
        for line in lines
        if (not given["who"] or line.user == given["who"])
        and (not given["task"] or line.task == given["task"])
        and (not given["kind"] or given["kind"] in line.entry.groups)
    ]
    return chosen, [
        Choice(
            "who", _("Person"), (("", _("Everybody")), *sorted(people.items(), key=lambda one: one[1])), given["who"]
        ),
        Choice(
            "task", _("Step"), (("", _("Every step")), *sorted(tasks.items(), key=lambda one: one[1])), given["task"]
        ),
        Choice("kind", _("Kind"), (("", _("Everything")), *groups.items()), given["kind"]),
    ]


def _cited(lines: Iterable[RecordLine]) -> list[tuple[str, str]]:
    """The clauses that the entries stand under, with what they say."""
    known = clauses()
    cited = dict.fromkeys(line.clause for line in lines if line.clause in known)
    return [(clause, say(known[clause].text)) for clause in sorted(cited, key=lambda one: (one[0], int(one[1:])))]
