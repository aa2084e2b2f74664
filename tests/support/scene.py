"""A scene for tests of the process: one case on an engine, played by people, told in their words."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from temporalio import activity
from temporalio.client import Client, WorkflowHandle
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode

from activities.calendar_data import CalendarData
from activities.calendars import national_calendar
from activities.cancellation import Cancellation
from activities.notices import NoticeOrders
from activities.user_tasks import user_task_activities
from activities.work_orders import WorkOrderRequest
from domain.case import CaseEnd, CaseStart, CaseState, Document, Projection, ProjectionReceipt, TaskState
from domain.clocks import Pace
from domain.documents.order import DocumentOrder
from domain.events import Actor, Event
from domain.notices import NoticeEnd, NoticeKind, NoticeOrder, Undeliverable
from domain.plan import Plan, read_plan
from tests.support.strict_replay import scheduled_tasks

ROOT = Path(__file__).parents[2]
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
SALT = "5a17" * 8
"""What the records of these cases are chained under."""
_numbers = itertools.count(1)

APPLICATION: dict[str, Any] = {
    "plan": "rapid-response",
    "channel": "phone",
    "customer": {"name": "杭州海川机械", "contact_name": "Chen Yu", "phone": "+86 571 5550 0101", "region": "Zhejiang"},
    "product": {"model": "PX-200", "serial_number": "PX200-0042", "purchase_date": "2025-06-01"},
    "problem": {"category": "abnormal_wear", "description": "Blade edge worn after three days"},
    "request": "repair",
}


def rapid_response(**changes: Any) -> Plan:
    """The published plan, with settings changed for a scene."""
    return read_plan(ROOT / "plans" / "rapid-response.toml").model_copy(update=changes)


def person(role: str, user: str | None = None) -> Actor:
    """Someone in a role."""
    return Actor(user=user or role.replace("_", "-"), name=(user or role).title(), role=role)


class Memory:
    """A read side in memory: the newest write of each case, and all its events."""

    def __init__(self) -> None:
        self.writes: dict[str, list[Projection]] = {}
        self.orders: list[DocumentOrder] = []
        self.notices: list[NoticeOrder] = []
        self.undeliverable: set[NoticeKind] = set()
        self.given_up: list[Undeliverable] = []
        self.failing = False
        self.tries = 0

    @activity.defn(name="project_case")
    async def project_case(self, write: Projection) -> ProjectionReceipt:
        self.tries += 1
        if self.failing:
            raise ConnectionError("the database is away")
        self.writes.setdefault(write.case.case_id, []).append(write)
        return ProjectionReceipt()

    def events(self, case_id: str) -> list[Event]:
        return [event for write in self.writes.get(case_id, []) for event in write.events]

    def tasks(self, case_id: str) -> dict[str, TaskState]:
        return {task.key: task for write in self.writes.get(case_id, []) for task in write.tasks}

    def case(self, case_id: str) -> CaseState:
        return self.writes[case_id][-1].case

    @activity.defn(name="issue_document")
    async def issue_document(self, order: DocumentOrder) -> tuple[Document, ...]:
        self.orders.append(order)
        return tuple(
            order.issued(
                language,
                document_id=f"D-{order.kind}-{language}-{order.version}",
                file="F-0000000000",
                sha256="0" * 64,
                size=1,
            )
            for language in order.languages
        )

    @activity.defn(name="send_notice")
    async def send_notice(self, order: NoticeOrder) -> NoticeEnd:
        if order.kind in self.undeliverable:
            raise ApplicationError("550 no such mailbox", non_retryable=True)
        self.notices.append(order)
        return NoticeEnd(notice_id=order.notice_id, sent=1)

    @activity.defn(name="give_up_notice")
    async def give_up_notice(self, given_up: Undeliverable) -> None:
        self.given_up.append(given_up)


@activity.defn(name="issue_work_order")
async def issue_work_order(request: WorkOrderRequest) -> str:
    return f"{request.prefix}-{request.year}-000001"


_USER_TASKS = tuple(user_task_activities())
"""Made once: reading the types of each takes as long as a short case."""


def activities_of_a_scene(client: Client, memory: Memory, calendars: Any = None) -> list[Callable[..., Any]]:
    """The real activities where they are the subject, small stand-ins for the outside."""
    return [
        *_USER_TASKS,
        Cancellation(client).report_cancellation,
        CalendarData(calendars or national_calendar).read_calendar,
        memory.project_case,
        issue_work_order,
        memory.issue_document,
        NoticeOrders(client).begin_notice,
        memory.send_notice,
        memory.give_up_notice,
    ]


class Scene:
    """One case, as the people who work on it see it."""

    def __init__(
        self, client: Client, handle: WorkflowHandle[Any, CaseEnd], memory: Memory, clock: Any, pace: Pace
    ) -> None:
        self.client, self.handle, self.memory, self.clock, self.pace = client, handle, memory, clock, pace
        self._ids = itertools.count(1)

    @classmethod
    async def open(
        cls,
        client: Client,
        task_queue: str,
        memory: Memory,
        clock: Any,
        *,
        plan: Plan | None = None,
        pace: Pace | None = None,
        applied_ago: timedelta = timedelta(0),
        workflow: str = "ServiceCase",
        reopened_from: str | None = None,
        notices: bool = False,
        **application: Any,
    ) -> Scene:
        """Opens a case; `applied_ago` puts the application into the past."""
        pace = pace or Pace(epoch=EPOCH)
        number = f"{next(_numbers):010d}"
        now = pace.virtual(await clock.now())
        start = CaseStart.model_validate(
            {
                "case_id": f"C-{number}",
                "plan": plan or rapid_response(),
                "pace": pace,
                "application": {**APPLICATION, **application},
                "applied_at": now - applied_ago,
                "opened_by": person("customer_service"),
                "record_salt": SALT,
                "reopened_from": reopened_from,
                "notices": notices,
            }
        )
        handle = await client.start_workflow(
            workflow, start, id=start.case_id, task_queue=task_queue, result_type=CaseEnd
        )
        return cls(client, handle, memory, clock, pace)

    @property
    def case_id(self) -> str:
        return self.handle.id

    async def now(self) -> datetime:
        """The present instant on the case's clock."""
        return self.pace.virtual(await self.clock.now())

    async def state(self) -> CaseState:
        state: CaseState = await self.handle.query("state", result_type=CaseState)
        return state

    async def tasks(self) -> dict[str, TaskState]:
        return {task.key: task for task in await self.handle.query("tasks", result_type=list[TaskState])}

    async def open_tasks(self) -> dict[str, TaskState]:
        return {key: task for key, task in (await self.tasks()).items() if task.is_open}

    async def task(self, key: str, *, ready: bool = True) -> TaskState:
        """Waits until a task is offered and returns it."""
        for _ in range(500):
            task = (await self.tasks()).get(key)
            if task and (task.status == "ready" or (not ready)):
                return task
            await asyncio.sleep(0.02)
        raise AssertionError(f"{key} was never offered; open: {sorted(await self.open_tasks())}")

    async def do(
        self,
        key: str,
        *,
        by: Actor | None = None,
        happened_at: datetime | None = None,
        submission: str | None = None,
        on_behalf_of: dict[str, str] | None = None,
        **outcome: Any,
    ) -> None:
        """Completes a task by its activity id, as the API does."""
        task = await self.task(key)
        await self.submit(
            task.activity_id or key,
            by=by or person(task.role),
            happened_at=happened_at,
            submission=submission,
            on_behalf_of=on_behalf_of,
            **outcome,
        )
        await self._left(key, task.activity_id)

    async def submit(
        self,
        activity_id: str,
        *,
        by: Actor,
        happened_at: datetime | None = None,
        submission: str | None = None,
        on_behalf_of: dict[str, str] | None = None,
        **outcome: Any,
    ) -> None:
        """Sends a completion for an activity id, once it is there. Raises RPCError when it is gone."""
        now = await self.now()
        completion = {
            "outcome": outcome,
            "submission_id": submission or f"{self.case_id}-{next(self._ids)}",
            "by": by.model_dump(mode="json"),
            "entered_at": now.isoformat(),
            "happened_at": (happened_at or now).isoformat(),
            **({"on_behalf_of": on_behalf_of} if on_behalf_of else {}),
        }
        await self.complete_raw(activity_id, completion)

    async def complete_raw(self, activity_id: str, result: Any) -> None:
        """Completes an activity by its id; right after its start the time-skipping server may not know it yet."""
        handle = self.client.get_async_activity_handle(workflow_id=self.case_id, run_id=None, activity_id=activity_id)
        for attempt in range(25):
            try:
                await handle.complete(result)
                return
            except RPCError as refused:
                if refused.status is not RPCStatusCode.NOT_FOUND or attempt == 24:
                    raise
                await asyncio.sleep(0.02)

    async def _left(self, key: str, activity_id: str | None) -> None:
        for _ in range(500):
            task = (await self.tasks())[key]
            if task.activity_id != activity_id or not task.is_open:
                return
            await asyncio.sleep(0.02)
        raise AssertionError(f"{key} was completed but the case did not take notice")

    async def say(self, signal: str, *, by: Actor | None = None, id: str | None = None, **fields: Any) -> str:  # noqa: A002
        """Sends a message to the case and returns its id."""
        message_id = id or f"{self.case_id}-m{next(self._ids)}"
        body = {"id": message_id, "by": (by or person("customer_service")).model_dump(mode="json")}
        await self.handle.signal(signal, {**body, "at": (await self.now()).isoformat(), **fields})
        return message_id

    async def advance(self, **by: float) -> None:
        """Lets time pass: `hours=12`."""
        await self.clock.advance(self.handle, timedelta(**by))

    async def rest(self) -> None:
        """Waits until nothing moves."""
        await self.clock.settle(self.handle)

    async def events(self, kind: str | None = None) -> list[Event]:
        """What is on record, as the read side has it."""
        return [event for event in self.memory.events(self.case_id) if kind is None or event.kind == kind]

    async def event(self, kind: str, task: str | None = None) -> Event:
        """The latest event of a kind on record (and of a task), once nothing moves any more."""
        await self.rest()
        found = [event for event in await self.events(kind) if task in (None, event.task)]
        assert found, f"no {kind} event on record"
        return found[-1]

    async def timeouts(self) -> dict[str, timedelta]:
        """The timeout of every activity of the history by its id, in real time."""
        return scheduled_tasks((await self.handle.fetch_history()).events)

    async def end(self) -> CaseEnd:
        """Waits for the end of the case."""
        return await asyncio.wait_for(self.handle.result(), 30)
