"""Cases as a workflow would write them, made by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from domain.case import Application, CaseState, Projection, TaskState, TaskStatus
from domain.events import SYSTEM, Actor, Event, EventKind, chained
from domain.plan import Stage
from domain.tasks import WaitsFor

NOW = datetime(2026, 11, 23, 8, 0, 0, 123456, tzinfo=UTC)
WEI = Actor(user="wei", name="Wei Li", role="customer_service")
RUN = "run-1"
CASE = "C-0000000001"


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


def number_of(case: int) -> str:
    return f"C-{case:010d}"


def application(**customer: Any) -> Application:
    return Application.model_validate(
        {
            "plan": "rapid-response",
            "channel": "phone",
            "customer": {"name": "Acme", "phone": "+86 21 5555-0101", "region": "Shanghai", **customer},
            "product": {"model": "Lathe 200", "serial_number": "SN-100%_1"},
            "problem": {"category": "noise", "description": "Rattles since Monday"},
            "request": "repair",
        }
    )


def case(case_id: str = CASE, **changes: Any) -> CaseState:
    state = CaseState(
        case_id=case_id,
        plan="rapid-response",
        plan_title="Rapid response",
        company="Aftercare",
        locale="en",
        time_zone="Asia/Shanghai",
        currency="CNY",
        application=changes.pop("application", application()),
        applied_at=NOW,
        opened_at=NOW,
        opened_by=WEI,
        stage=Stage.REGISTER,
        stages=(Stage.REGISTER, Stage.ARCHIVE),
    )
    return CaseState.model_validate(state.model_dump() | changes)


def task(key: str = "contact_customer", **changes: Any) -> TaskState:
    state = TaskState(
        key=key,
        kind=key.partition("-")[0],
        stage=Stage.REGISTER,
        role="customer_service",
        status=TaskStatus.READY,
        activity_id=key,
        waits_for=WaitsFor.CUSTOMER,
        offered_at=NOW,
        due_at=NOW + timedelta(hours=12),
        first_due_at=NOW + timedelta(hours=12),
    )
    return TaskState.model_validate(state.model_dump() | changes)


def record(number: int, **data: Any) -> tuple[Event, ...]:
    """The first events of a case, chained."""
    events: list[Event] = []
    for no in range(number):
        kind = EventKind.INFORMATION_ADDED if no else EventKind.OPENED
        events.append(
            chained(events[-1] if events else None, NOW + minutes(no), kind, SYSTEM, None, {"no": no, **data})
        )
    return tuple(events)


def whole(revision: int = 1, *, events: int = 1, tasks: tuple[TaskState, ...] = (), **changes: Any) -> Projection:
    return Projection(case=case(**changes), revision=revision, whole=True, tasks=tasks, events=record(events))


def part(
    revision: int, *, events: tuple[int, int] = (0, 0), tasks: tuple[TaskState, ...] = (), **changes: Any
) -> Projection:
    """A write of what changed; `events` are the numbers after the first and up to the second."""
    after, upto = events
    return Projection(case=case(**changes), revision=revision, whole=False, tasks=tasks, events=record(upto)[after:])
