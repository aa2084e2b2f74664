"""Telling a running case something: one signal, recorded even while no worker is up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from api.actions.attachments import use_attachments
from api.checks import missing_attachments, until_problems
from api.ids import known_case_id, new_id
from api.parts import Parts
from api.problems import InvalidFields
from api.reading import read
from api.rights import Person, Right, require
from core.errors import NotFound, Refused
from domain.case import MESSAGES, SAID_BY_PEOPLE, CaseStatus
from domain.case.messages import (
    AddInformation,
    Correct,
    IssueDocument,
    Message,
    Pause,
    Reassign,
    RecordInvoice,
    Reschedule,
)
from domain.case.money import invoice_problem
from domain.documents.made import why_not
from domain.documents.order import IssueAgain
from domain.tasks import FieldError
from store.attachments import find_attachments
from store.erasing import require_content
from store.queries.cases import CaseView, find_case
from store.queries.events import all_events
from store.users import find_user

_RIGHTS = {
    "escalate": Right.ESCALATE,
    "add_information": Right.ADD_INFORMATION,
    "pause": Right.PAUSE,
    "resume": Right.RESUME,
    "withdraw": Right.WITHDRAW,
    "reassign": Right.REASSIGN,
    "correct": Right.CORRECT,
    "recalculate": Right.RECALCULATE,
    "reschedule": Right.RESCHEDULE,
    "record_invoice": Right.RECORD_INVOICE,
    "issue_document": Right.ISSUE_DOCUMENT,
}
_OURS = ("by", "at")


@dataclass(frozen=True)
class Recorded:
    """A message that is on record; `id` tells a copy of it from a new one."""

    id: str


async def send_message(parts: Parts, person: Person, case_id: str, name: str, fields: Mapping[str, Any]) -> Recorded:
    """Sends a message to a case. `fields` are those of the message without who and when; `id` is optional.

    Raises Forbidden, NotFound (case or message), InvalidFields, Refused (the case is closed), Unavailable.
    """
    if name not in SAID_BY_PEOPLE:
        raise NotFound(f"there is no such message; there are {', '.join(sorted(SAID_BY_PEOPLE))}")
    actor = require(person, _RIGHTS[name])
    async with parts.database.reading() as session:
        view = await find_case(session, known_case_id(case_id))
        await require_content(session, case_id)
    if name != "issue_document":  # a closed case has its papers issued again too
        _require_open(view)
    message = _read(name, {"id": new_id(), **fields}, {"by": actor, "at": parts.now()})
    found = await _problems(parts, view, message)
    if found:
        raise InvalidFields(found)
    if isinstance(message, IssueDocument) and view is not None and view.state.status is CaseStatus.CLOSED:
        await _issue_again(parts, case_id, message)
        return Recorded(message.id)
    if isinstance(message, (AddInformation, RecordInvoice)):
        await use_attachments(parts, {"attachments": message.attachments})
    payload = message.model_dump(mode="json")
    if not await parts.engine.signal(case_id, name, payload):
        async with parts.database.reading() as session:
            _require_open(await find_case(session, case_id))
        if view is None:
            raise NotFound("there is no such case")
        raise Refused("this case has just been closed; reopen it if it must go on")
    return Recorded(message.id)


async def _issue_again(parts: Parts, case_id: str, message: IssueDocument) -> None:
    """Has a paper of a closed case made again by a workflow of its own; a request sent twice is one."""
    await parts.engine.issue_again(
        IssueAgain(
            request_id=message.id,
            case_id=case_id,
            kind=message.kind,
            by=message.by,
            reason=message.reason,
            at=message.at,
        )
    )


def _read(name: str, fields: dict[str, Any], ours: dict[str, Any]) -> Message:
    taken = [
        FieldError(path=field, message="is not a field of this message; it is filled in here")
        for field in _OURS
        if field in fields
    ]
    if taken:
        raise InvalidFields(taken)
    fields = {field: value for field, value in fields.items() if value is not None}
    fields.setdefault("id", new_id())
    return read(MESSAGES[name], {**fields, **ours})


def _require_open(view: CaseView | None) -> None:
    if view is None or view.state.status is not CaseStatus.CLOSED:
        return
    state = view.state
    ended = f" as {state.result.value}" if state.result else ""
    when = f" on {state.closed_at:%Y-%m-%d}" if state.closed_at else ""
    until = f"; it can be reopened until {state.reopen_until:%Y-%m-%d}" if state.reopen_until else ""
    raise Refused(f"this case was closed{ended}{when}{until}")


async def _problems(parts: Parts, view: CaseView | None, message: Message) -> list[FieldError]:
    match message:
        case Pause():
            return until_problems("until", message.until, parts.now())
        case Reschedule():
            unknown = _open_task_problems(view, message.task) if view is not None else []
            return [*unknown, *until_problems("appointment", message.appointment, parts.now())]
        case AddInformation() | RecordInvoice():
            return await _handed_in_problems(parts, view, message)
        case _:
            return await _problems_in(parts, view, message) if view is not None else []


async def _problems_in(parts: Parts, view: CaseView, message: Message) -> list[FieldError]:
    match message:
        case IssueDocument():
            refusal = why_not(message.kind, view.state, [one.task for one in view.tasks])
            return [FieldError(path="kind", message=f"cannot be made: {refusal}")] if refusal else []
        case Reassign():
            return await _reassign_problems(parts, view, message)
        case Correct():
            async with parts.database.reading() as session:
                last = max((event.no for event in await all_events(session, view.state.case_id)), default=0)
            return (
                [FieldError(path="event", message=f"is no entry of this case; the last one is {last}")]
                if message.event > last
                else []
            )
        case _:
            return []


async def _handed_in_problems(
    parts: Parts, view: CaseView | None, message: AddInformation | RecordInvoice
) -> list[FieldError]:
    if isinstance(message, AddInformation) and not message.text and not message.attachments:
        return [FieldError(path="text", message="is needed, or a photo or file")]
    async with parts.database.reading() as session:
        stored = await find_attachments(session, message.attachments)
    found = missing_attachments(message.attachments, stored, "attachments")
    if isinstance(message, RecordInvoice):
        known = view.state.invoices if view is not None else ()
        wrong = invoice_problem(message.kind, message.number, message.amount, message.credits, known)
        found += [FieldError(path=wrong[0], message=wrong[1])] if wrong else []
    return found


async def _reassign_problems(parts: Parts, view: CaseView, message: Reassign) -> list[FieldError]:
    unknown = _open_task_problems(view, message.task)
    if unknown:
        return unknown
    task = next(shown.task for shown in view.open_tasks if shown.task.key == message.task)
    found = []
    plan = parts.plans.get(view.state.plan)
    if message.role is not None and plan is not None and message.role not in plan.roles:
        found.append(FieldError(path="role", message=f"is none of the plan's roles: {', '.join(plan.roles)}"))
    elif message.assignee is not None:
        role = message.role or task.role
        async with parts.database.reading() as session:
            user = await find_user(session, message.assignee)
        if user is None or not user.active:
            found.append(FieldError(path="assignee", message="is nobody who works here (any more)"))
        elif role not in user.roles:
            found.append(FieldError(path="assignee", message=f"has not the role {role}, which this task takes"))
    return found


def _open_task_problems(view: CaseView, key: str) -> list[FieldError]:
    names = [shown.task.key for shown in view.open_tasks]
    if key in names:
        return []
    return [FieldError(path="task", message=f"is no open task of this case; open are: {', '.join(names) or 'none'}")]
