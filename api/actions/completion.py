"""Completing a user task so that nothing is lost and nothing counts twice.

The engine decides who was first; what is written here afterwards only makes pages right at once and a repeat harmless.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from api.actions.assignment import ended, name_of
from api.actions.attachments import use_attachments
from api.checks import behalf_problems, far_dates, happened_problems, misfits, missing_attachments, signing_problems
from api.forms import attachment_fields, needs_engineers
from api.ids import split_task_id
from api.parts import Parts
from api.problems import InvalidFields, prefixed
from api.reading import read, within_the_calendar
from api.rights import Person, holds, require_task_role
from api.schemas import SubmissionBody
from core.errors import Forbidden, NotFound, Refused, Unavailable
from core.logging import get_logger
from domain.case import Completion, TaskStatus
from domain.tasks import TASKS, FieldError, Form, FormInvalid
from store.attachments import find_attachments
from store.drafts import drop_draft
from store.queries.cases import find_case
from store.queries.tasks import TaskView, find_task
from store.submissions import Submission, find_submission, outcome_digest, record_submission
from store.users import engineers

_PATIENCE = 3.0
_PAUSE = 0.05
_log = get_logger(__name__)


@dataclass(frozen=True)
class Completed:
    """A completion that counted; `repeated` when the same submission had been received before."""

    task_id: str
    submission_id: str
    by: str
    entered_at: datetime
    repeated: bool


async def complete_task(
    parts: Parts,
    person: Person,
    task_id: str,
    outcome: Mapping[str, Any],
    submission_id: str,
    *,
    happened_at: str | datetime | None = None,
    on_behalf_of: Mapping[str, Any] | None = None,
    resent: bool = False,
) -> Completed:
    """Completes a task with what the person entered (X8). The same submission twice is one completion.

    `resent` for one whose first answer may have been lost: it counts as the same although it says now when it was
    entered and names files that were uploaded once more.

    Raises NotFound, Forbidden (another role's task, or one that somebody else holds), InvalidFields (`outcome.<field>`,
    `happened_at`, ...), Refused (ended, by whom and when), Unavailable (kept nowhere: send the same again).
    """
    split_task_id(task_id)
    fields = {
        "outcome": outcome,
        "submission_id": submission_id,
        "happened_at": happened_at,
        "on_behalf_of": on_behalf_of,
    }
    body = read(SubmissionBody, fields)
    digest = outcome_digest(body.model_dump(mode="json", exclude={"submission_id"}))
    async with parts.database.reading() as session:
        view = await find_task(session, task_id)
        if view is None:
            raise NotFound("there is no such task")
        earlier = await find_submission(session, body.submission_id, task_id=task_id, run_id=view.case.run_id)
    if earlier is not None:
        return _repeat(earlier, view, person, digest, resent=resent)
    if _done_by(view, body.submission_id):
        return _already(view, body.submission_id)
    await _require_theirs(parts, person, view)
    form, now = await _checked(parts, person, view, body)
    completion = Completion(
        outcome=form.model_dump(mode="json", exclude_none=True),
        submission_id=body.submission_id,
        by=person.actor(view.task.role, view.assignee),
        entered_at=now,
        happened_at=body.happened_at or now,
        on_behalf_of=body.on_behalf_of,
    )
    files = {f"outcome.{name}": getattr(form, name) or () for name in attachment_fields(view.task.kind)}
    await use_attachments(parts, files)
    return await _Attempt(parts, person, task_id, completion, digest, resent=resent).send(view)


def _require_customers(view: TaskView) -> None:
    """A customer does what is declared as theirs, whoever holds it: it is their own word that is waited for."""
    task = TASKS.get(view.task.kind)
    if task is None or task.by_customer is None:
        raise Forbidden("this is not yours to do; it is ours")


def _done_by(view: TaskView, submission_id: str) -> bool:
    return view.task.done is not None and view.task.done.submission_id == submission_id


def _already(view: TaskView, submission_id: str) -> Completed:
    done = view.task.done
    assert done is not None  # noqa: S101 - asked by _done_by
    return Completed(view.task_id, submission_id, done.by.user, done.entered_at, repeated=True)


def _repeat(earlier: Submission, view: TaskView, person: Person, digest: str, *, resent: bool) -> Completed:
    same = resent or earlier.digest == digest
    if (earlier.task_id, earlier.user) != (view.task_id, person.user_id) or not same:
        raise Refused(
            "this submission_id was used for something else; a new entry takes a new one", field="submission_id"
        )
    return Completed(view.task_id, earlier.submission_id, earlier.user, earlier.entered_at, repeated=True)


async def _require_theirs(parts: Parts, person: Person, view: TaskView) -> None:
    if person.is_customer:
        _require_customers(view)
    else:
        require_task_role(person, view.task.role, view.assignee)
    if not view.is_open:
        raise Refused(ended(view))
    anybody = person.is_admin or person.is_customer
    if view.assignee is not None and not holds(person, view.assignee) and not anybody:
        async with parts.database.reading() as session:
            name = await name_of(session, view.assignee)
        raise Forbidden(f"this task is held by {name}; it can be done by others once it is released or delegated")
    if view.task.status is TaskStatus.SUSPENDED:
        raise Refused("this task is paused with its case; resume the case first")


async def _checked(parts: Parts, person: Person, view: TaskView, body: SubmissionBody) -> tuple[Form, datetime]:
    task = TASKS.get(view.task.kind)
    if task is None:
        raise NotFound(f"the task {view.task.kind} is not declared (any more)")
    form = within_the_calendar(lambda: task.accept(body.outcome), body.outcome, "outcome")
    if isinstance(form, FormInvalid):
        raise InvalidFields(prefixed(form.errors, "outcome"))
    now = parts.now()
    found = [
        *far_dates(form, now),
        *signing_problems(task, form, person),
        *await _unknown_names(parts, view.task.kind, form),
    ]
    found = prefixed(found, "outcome")
    async with parts.database.reading() as session:
        case = await find_case(session, view.case_id)
    if case is None:
        raise NotFound("there is no such case (any more)")
    if body.happened_at is not None:
        found += happened_problems(body.happened_at, case.state.applied_at, now)
    found += prefixed(behalf_problems(body.on_behalf_of, person), "on_behalf_of")
    plan = parts.plans.get(case.state.plan)
    if plan is not None:  # the workflow has one that is not in use here any more
        at = body.happened_at or now
        by = person.actor(view.task.role, view.assignee)
        found += misfits(form, view, case, plan, by=by, happened_at=at, on_behalf_of=body.on_behalf_of)
    if found:
        raise InvalidFields(found)
    return form, now


async def _unknown_names(parts: Parts, kind: str, form: Form) -> list[FieldError]:
    """Files and engineers that an outcome names and nobody knows."""
    found: list[FieldError] = []
    async with parts.database.reading() as session:
        for name in attachment_fields(kind):
            named = getattr(form, name)
            if named:
                found += missing_attachments(named, await find_attachments(session, named), name)
        engineer = getattr(form, "engineer", None) if needs_engineers(kind) else None
        if engineer is not None and engineer not in {known.user_id for known in await engineers(session)}:
            found.append(FieldError(path="engineer", message="is no engineer who works here (any more)"))
    return found


class _Attempt:
    """One person's completion on its way to the engine."""

    def __init__(
        self, parts: Parts, person: Person, task_id: str, completion: Completion, digest: str, *, resent: bool
    ) -> None:
        self.parts = parts
        self.person = person
        self.task_id = task_id
        self.completion = completion
        self.digest = digest
        self.resent = resent
        self.payload = completion.model_dump(mode="json")

    async def send(self, view: TaskView) -> Completed:
        """Sends it; when the engine no longer waits under that id, reads again and tries a new id once."""
        until = time.monotonic() + _PATIENCE
        tried: set[str] = set()
        while True:
            offered = view.task.activity_id
            if offered is not None and offered not in tried and len(tried) < 2:
                tried.add(offered)
                if await self.parts.engine.complete(view.case_id, offered, self.payload):
                    return await self._counted(offered, view.case.run_id)
            if time.monotonic() > until:
                break
            await asyncio.sleep(_PAUSE)
            view, repeated = await self._read_again(view)
            if repeated is not None:
                return repeated
            if not view.is_open:
                raise Refused(ended(view))
            if view.task.status is TaskStatus.SUSPENDED:
                raise Refused("this task has just been paused with its case; resume the case first")
        if not tried:
            raise Unavailable(
                "this task is just being offered; what you entered was not taken yet, send the same again in a moment"
            )
        if view.submitted_at is not None:
            raise Refused(f"somebody else completed this task at {view.submitted_at:%Y-%m-%d %H:%M} UTC")
        raise Refused(
            "this task is not waiting any more: it was completed or has moved on a moment ago; look at it again"
        )

    async def _read_again(self, before: TaskView) -> tuple[TaskView, Completed | None]:
        async with self.parts.database.reading() as session:
            view = await find_task(session, self.task_id) or before
            sent = self.completion.submission_id
            same = await find_submission(session, sent, task_id=self.task_id, run_id=view.case.run_id)
        if same is not None:
            return view, _repeat(same, view, self.person, self.digest, resent=self.resent)
        if _done_by(view, self.completion.submission_id):
            return view, _already(view, self.completion.submission_id)
        return view, None

    async def _counted(self, activity_id: str, run_id: str) -> Completed:
        """Notes the submission; its draft goes. A database that is away must not make look lost what the engine has."""
        mine = Submission(
            submission_id=self.completion.submission_id,
            task_id=self.task_id,
            run_id=run_id,
            activity_id=activity_id,
            user=self.person.user_id,
            entered_at=self.completion.entered_at,
            digest=self.digest,
        )
        try:
            async with self.parts.database.session() as session:
                await record_submission(session, mine)
                await drop_draft(session, self.task_id, mine.user)
        except (SQLAlchemyError, OSError) as away:
            _log.warning("submission not noted", task=self.task_id, kind=type(away).__name__)
        return Completed(self.task_id, mine.submission_id, mine.user, mine.entered_at, repeated=False)
