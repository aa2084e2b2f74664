"""Reading what pages show: tasks as lines with the names of who holds them, the files of a case."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from api.pages.views import Looker, TaskLine, task_line
from api.pages.visit import Visit
from api.rights import Right, may
from domain.case import CaseState
from store.attachments import Attachment, find_attachments
from store.queries.events import Promise
from store.queries.tasks import TaskView
from store.users import user_names


async def looker_of(visit: Visit, session: AsyncSession) -> Looker:
    """Who looks at tasks, with the names of everybody who can hold one."""
    names = await user_names(session)
    stands_in_for = visit.person.stands_in_for
    return Looker(visit.person.user_id, visit.roles, names, may(visit.person, Right.DELEGATE), stands_in_for)


@dataclass(frozen=True)
class Lines:
    """Makes lines of tasks for one visit."""

    visit: Visit
    looker: Looker

    def line(self, view: TaskView, paused_since: datetime | None = None, promise: Promise | None = None) -> TaskLine:
        """One task as a line; `promise` is its latest, where that is known."""
        plan, now = self.visit.plan(view.case.plan), self.visit.now
        window = appointment_of(promise)
        return task_line(view, plan, self.looker, now, paused_since=paused_since, appointment=window)

    def lines(self, views: Iterable[TaskView]) -> list[TaskLine]:
        """Tasks as lines, in their order."""
        return [self.line(view) for view in views]


def appointment_of(promise: Promise | None) -> datetime | None:
    """The agreed instant that a promise's window begins with; None for a promise of another kind."""
    if promise is None or promise.deadline.request.anchor.name != "appointment":
        return None
    return promise.deadline.request.anchor.at


async def files_of(session: AsyncSession, case: CaseState, more: Iterable[str] = ()) -> Mapping[str, Attachment]:
    """The uploaded files that a case names: with its request, with information added later, and `more`."""
    ids = {*case.application.attachments, *more}
    for one in case.information:
        ids.update(one.attachments)
    return await find_attachments(session, ids)


def paused_since(case: CaseState) -> datetime | None:
    """Since when the customer's clocks are stopped, None while they run."""
    return next((hold.begins for hold in case.holds if hold.ends is None), None)
