"""Cases of rapid-response as the workflow would have projected them, made by hand for the pages to show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from api.engine import Known
from domain.case import (
    Application,
    CaseStart,
    CaseState,
    CaseStatus,
    Done,
    Hold,
    Information,
    Projection,
    Result,
    TaskState,
    TaskStatus,
)
from domain.clocks import Anchor, Budget, DeadlineRequest, plain_promise
from domain.documents.order import IssueAgain
from domain.events import SYSTEM, Actor, Event, EventKind, chained
from domain.plan import Plan, Resolution, Stage, read_plans
from domain.tasks import TASKS
from domain.tasks.parts import CostKind, CostLine, Payer

PLANS = read_plans(Path(__file__).parents[2] / "plans")
"""Every published plan: a page is made from a task's declaration, whichever plan has it."""
LIN = Actor(user="lin", name="Lin Yue", role="customer_service")
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"
STAGES = (Stage.REGISTER, Stage.DIAGNOSE, Stage.DISPATCH, Stage.RESOLVE, Stage.ACCEPT, Stage.SETTLE, Stage.ARCHIVE)


class FakeEngine:
    """An engine that takes everything and remembers it; `away` makes a call fail as if the server were gone."""

    def __init__(self) -> None:
        self.started: list[CaseStart] = []
        self.begun: dict[str, BaseModel] = {}
        self.signals: list[tuple[str, str, dict[str, Any]]] = []
        self.completions: list[tuple[str, str, dict[str, Any]]] = []
        self.issued_again: list[IssueAgain] = []
        self.away: Exception | None = None
        self.gone = False

    def _check(self) -> None:
        if self.away:
            raise self.away

    async def start(self, start: CaseStart, *, summary: str, fingerprint: str) -> bool:
        self._check()
        self.started.append(start)
        return True

    async def begin(self, workflow: str, workflow_id: str, argument: BaseModel, *, summary: str) -> bool:
        self._check()
        self.begun[workflow_id] = argument
        return True

    async def signal(self, case_id: str, name: str, message: Mapping[str, Any]) -> bool:
        self._check()
        self.signals.append((case_id, name, dict(message)))
        return True

    async def end_beside(self, case_id: str) -> int:
        return 0

    async def issue_again(self, request: IssueAgain) -> None:
        self._check()
        self.issued_again.append(request)

    async def complete(self, case_id: str, activity_id: str, completion: Mapping[str, Any]) -> bool:
        self._check()
        if self.gone:
            return False
        self.completions.append((case_id, activity_id, dict(completion)))
        return True

    async def find(self, case_id: str) -> Known | None:
        self._check()
        found = any(start.case_id == case_id for start in self.started)
        return Known(running=True, fingerprint=None) if found else None

    async def history(self, case_id: str) -> str | None:
        return None

    async def ready(self) -> bool:
        return self.away is None

    async def close(self) -> None:
        return None


@dataclass
class MadeCase:
    """A case in the making: tasks and events are added, then it is projected whole."""

    plan: Plan
    case_id: str
    now: datetime
    text: str = "Rattles since Monday"
    tasks: list[TaskState] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    state: CaseState = field(init=False)
    revision: int = 0

    def __post_init__(self) -> None:
        asked = Application.model_validate(
            {
                "plan": self.plan.name,
                "channel": "phone",
                "customer": {
                    "name": f"Example Works {self.text}"[:200],
                    "contact_name": self.text[:200],
                    "phone": "+86 21 5550 0101",
                    "email": "wen@example.com",
                    "region": "浙江",
                    "address": self.text,
                },
                "product": {"model": "AX-200", "serial_number": "AX2-1"},
                "problem": {"category": "noise", "description": self.text},
                "request": "repair",
            }
        )
        self.state = CaseState(
            case_id=self.case_id,
            plan=self.plan.name,
            plan_title=self.plan.title,
            company=self.plan.company,
            locale=self.plan.locale,
            time_zone=self.plan.calendar.time_zone,
            currency=self.plan.currency,
            application=asked,
            applied_at=self.now - timedelta(hours=30),
            opened_at=self.now - timedelta(hours=30),
            opened_by=LIN,
            stage=Stage.REGISTER,
            stages=STAGES,
        )
        self.note(EventKind.OPENED, LIN)
        self.note(EventKind.STAGE_ENTERED, data={"stage": "register"})

    def note(
        self, kind: EventKind, actor: Actor = SYSTEM, task: str | None = None, data: dict[str, Any] | None = None
    ) -> None:
        previous = self.events[-1] if self.events else None
        self.events.append(chained(previous, self.now, kind, actor, task, data or {}))

    def offer(self, kind: str, *, due_in: float = 5, key: str | None = None, **changes: Any) -> TaskState:
        """Offers a task that is due in so many hours, with its promise on record."""
        key, due = key or kind, self.now + timedelta(hours=due_in)
        rule = self.plan.tasks.get(kind) or next(plan.tasks[kind] for plan in PLANS.values() if kind in plan.tasks)
        task = TaskState(
            key=key,
            kind=kind,
            stage=self.state.stage,
            role=rule.role,
            status=TaskStatus.READY,
            activity_id=key,
            waits_for=TASKS[kind].waits_for,
            offered_at=self.now - timedelta(hours=1),
            due_at=due,
            first_due_at=due,
        )
        task = TaskState.model_validate(task.model_dump() | changes)
        request = DeadlineRequest(
            anchor=Anchor(name="application", at=self.now - timedelta(hours=30)),
            budget=Budget.parse("5 bd"),
            calendar=self.plan.calendar,
        )
        deadline = plain_promise(request, "the calendar could not be read").model_dump(mode="json")
        self.note(EventKind.PROMISED, task=key, data={"activity_id": key, "level": 0, "deadline": deadline})
        self.tasks.append(task)
        return task

    def change(self, **changes: Any) -> None:
        self.state = CaseState.model_validate(self.state.model_dump() | changes)

    def add_information(self, text: str) -> None:
        self.change(information=(Information(at=self.now, by=LIN, text=text, attachments=()).model_dump(),))
        self.note(EventKind.INFORMATION_ADDED, LIN, data={"text": text, "attachments": []})

    def pause(self) -> None:
        hold = Hold(reason=self.text, begins=self.now, until=self.now + timedelta(days=2), by=LIN)
        self.change(status=CaseStatus.SUSPENDED, holds=(hold.model_dump(),))

    def complete(self, task: TaskState, outcome: dict[str, Any]) -> None:
        """Completes a task as it would have been recorded."""
        done = Done(
            by=LIN,
            happened_at=self.now - timedelta(hours=2),
            entered_at=self.now,
            on_behalf_of=None,
            submission_id="s-1",
            kept=True,
            late_entry=False,
        )
        task.status, task.outcome, task.done, task.ended_at = TaskStatus.COMPLETED, outcome, done, self.now
        data = {"outcome": outcome, **done.model_dump(mode="json", exclude={"by"})}
        self.note(EventKind.COMPLETED, LIN, task.key, data)

    def close(self, result: Result = Result.RESOLVED) -> None:
        until = self.now + timedelta(days=30)
        self.change(
            status=CaseStatus.CLOSED, result=result, closed_at=self.now, reopen_until=until, stage=Stage.ARCHIVE
        )
        self.note(EventKind.CLOSED, data={"result": result.value})

    def with_costs(self) -> None:
        line = CostLine.model_validate(
            {"kind": CostKind.PARTS, "text": self.text[:200], "amount": "86.50", "payer": Payer.CUSTOMER}
        )
        self.change(costs=(line.model_dump(),), resolution=Resolution.ON_SITE)

    def projection(self) -> Projection:
        self.revision += 1
        return Projection(
            case=self.state, revision=self.revision, whole=True, tasks=tuple(self.tasks), events=tuple(self.events)
        )


def virtual_now() -> datetime:
    return datetime.now(UTC)
