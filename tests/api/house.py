"""A house for tests of the API: people with tokens, a database, and an engine that tests can put aside."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from fastapi import FastAPI
from pydantic import BaseModel

from api.engine import Known
from api.parts import Parts
from core.errors import Unavailable
from domain.actions import ActionStart
from domain.case import CaseStart, CaseState, CaseStatus, Completion, Done, Projection, Result, TaskState, TaskStatus
from domain.documents.order import IssueAgain
from domain.events import Event, EventKind, chained
from domain.plan import Stage
from domain.tasks import TASKS
from store.projection import write_projection
from store.sessions import Database
from store.sign_ins import new_token
from store.users import User, create_user
from tests.support.made_actions import write_opened_action

PEOPLE: dict[str, tuple[str, tuple[str, ...]]] = {
    "admin": ("Ada Admin", ("admin",)),
    "lin": ("Lin Na", ("customer_service",)),
    "bai": ("Bai Xue", ("customer_service",)),
    "deng": ("Deng Hao", ("dispatcher",)),
    "wang.lei": ("Wang Lei", ("engineer",)),
    "zhou": ("Zhou Min", ("engineer",)),
    "fang": ("Fang Wei", ("factory",)),
    "shen": ("Shen Yu", ("service_manager",)),
    "gao": ("Gao Jun", ("general_manager",)),
    "audit": ("Otto Audit", ("auditor",)),
}
APPLICATION: dict[str, Any] = {
    "plan": "rapid-response",
    "channel": "phone",
    "customer": {
        "name": "Hai Chuan Machines",
        "contact_name": "Chen Yu",
        "phone": "+86 571 5550 0101",
        "region": "Zhejiang",
    },
    "product": {"model": "PX-200", "serial_number": "PX200-0042", "purchase_date": "2025-06-01"},
    "problem": {"category": "abnormal_wear", "description": "Blade edge worn after three days"},
    "request": "repair",
}
CONTACTED = {"reached": "yes", "requirement": "Repair the blade"}
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c63606060f80f000104010"
    "05fe5c34b0000000049454e44ae426082"
)


def application(**changes: Any) -> dict[str, Any]:
    """The usual request, with parts of it changed: `application(channel="fax")`."""
    return {**APPLICATION, **changes}


@dataclass
class Book:
    """What the fake engine keeps of one case."""

    state: CaseState
    fingerprint: str
    tasks: dict[str, TaskState] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    revision: int = 0


class FakeEngine:
    """An engine in memory that writes the read side as a workflow would, or not at all (`projecting = False`)."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.books: dict[str, Book] = {}
        self.begun: dict[str, BaseModel] = {}
        self.signals: list[tuple[str, str, Mapping[str, Any]]] = []
        self.completions: list[tuple[str, str, Mapping[str, Any]]] = []
        self.summaries: list[str] = []
        self.issued_again: list[IssueAgain] = []
        self.away = False
        self.projecting = True
        self._tick = itertools.count()

    def _reach(self) -> None:
        if self.away:
            raise Unavailable("the engine cannot be reached; nothing was lost, send the same again in a moment")

    async def start(self, start: CaseStart, *, summary: str, fingerprint: str) -> bool:
        self._reach()
        if start.case_id in self.books:
            return False
        self.summaries.append(summary)
        plan = start.plan
        state = CaseState(
            case_id=start.case_id, plan=plan.name, plan_title=plan.title, company=plan.company, locale=plan.locale,
            time_zone=plan.calendar.time_zone, currency=plan.currency, application=start.application,
            applied_at=start.applied_at, opened_at=start.applied_at, opened_by=start.opened_by,
            reopened_from=start.reopened_from, stage=plan.first_stage, stages=plan.stages,
        )  # fmt: skip
        self.books[start.case_id] = Book(state, fingerprint)
        await self.offer(start.case_id, "contact_customer", "customer_service")
        return True

    async def offer(self, case_id: str, key: str, role: str, **changes: Any) -> None:
        """Puts a task up, or changes one."""
        book = self.books[case_id]
        kind, due = key.partition("-")[0], book.state.applied_at + timedelta(hours=12)
        fresh = TaskState(
            key=key, kind=kind, stage=Stage.REGISTER, role=role, status=TaskStatus.READY, activity_id=key,
            waits_for=TASKS[kind].waits_for, offered_at=book.state.opened_at, due_at=due, first_due_at=due,
        )  # fmt: skip
        book.tasks[key] = TaskState.model_validate((book.tasks.get(key) or fresh).model_dump() | changes)
        await self.project(case_id)

    async def close_case(
        self, case_id: str, result: Result = Result.RESOLVED, *, reopen_for: timedelta = timedelta(days=30)
    ) -> None:
        """Ends a case as its workflow would."""
        state = self.books[case_id].state
        state.status, state.result, state.closed_at = CaseStatus.CLOSED, result, state.opened_at
        state.reopen_until = state.opened_at + reopen_for
        for task in self.books[case_id].tasks.values():
            if task.is_open:
                task.status = TaskStatus.OBSOLETE
        await self.project(case_id)

    async def project(self, case_id: str) -> None:
        """Writes everything of a case to the read side."""
        book = self.books[case_id]
        book.revision += 1
        last = book.events[-1] if book.events else None
        kind = EventKind.INFORMATION_ADDED if last else EventKind.OPENED
        book.events.append(chained(last, book.state.opened_at, kind, book.state.opened_by, None, {}))
        if not self.projecting:
            return
        write = Projection(
            case=book.state,
            revision=book.revision,
            whole=True,
            tasks=tuple(book.tasks.values()),
            events=tuple(book.events),
        )
        async with self.database.session() as session:
            await write_projection(session, "run-1", datetime(2026, 1, 1, tzinfo=UTC), write)

    async def begin(self, workflow: str, workflow_id: str, argument: BaseModel, *, summary: str) -> bool:
        self._reach()
        if workflow_id in self.begun:
            return False
        self.begun[workflow_id] = argument
        if isinstance(argument, ActionStart):
            await write_opened_action(self.database, argument)
        return True

    async def signal(self, case_id: str, name: str, message: Mapping[str, Any]) -> bool:
        self._reach()
        if case_id in self.begun:
            self.signals.append((case_id, name, message))
            return True
        book = self.books.get(case_id)
        if book is None or book.state.status is CaseStatus.CLOSED:
            return False
        self.signals.append((case_id, name, message))
        return True

    async def end_beside(self, case_id: str) -> int:
        self._reach()
        return 0

    async def issue_again(self, request: IssueAgain) -> None:
        self._reach()
        self.issued_again.append(request)

    async def complete(self, case_id: str, activity_id: str, completion: Mapping[str, Any]) -> bool:
        self._reach()
        if case_id in self.begun:
            self.completions.append((case_id, activity_id, completion))
            return True
        book = self.books[case_id]
        waiting = [
            task for task in book.tasks.values() if task.activity_id == activity_id and task.status is TaskStatus.READY
        ]
        if not waiting:
            return False
        self.completions.append((case_id, activity_id, completion))
        read = Completion.model_validate(completion)
        task = waiting[0]
        task.status, task.outcome, task.ended_at = TaskStatus.COMPLETED, read.outcome, read.entered_at
        task.done = Done(
            by=read.by, happened_at=read.happened_at, entered_at=read.entered_at, on_behalf_of=read.on_behalf_of,
            submission_id=read.submission_id, kept=True, late_entry=False,
        )  # fmt: skip
        await self.project(case_id)
        return True

    async def find(self, case_id: str) -> Known | None:
        self._reach()
        book = self.books.get(case_id)
        return Known(book.state.status is not CaseStatus.CLOSED, book.fingerprint) if book else None

    async def history(self, case_id: str) -> str | None:
        self._reach()
        return '{"events": []}' if case_id in self.books else None

    async def ready(self) -> bool:
        return not self.away

    async def close(self) -> None:
        return None


class House:
    """The running API: `await house.post("lin", "/cases", {...})` is what Lin Na's program sends."""

    def __init__(self, app: FastAPI, engine: Any, tokens: Mapping[str, str], client: httpx.AsyncClient) -> None:
        self.app, self.engine, self.tokens, self.client = app, engine, tokens, client
        self.parts: Parts = app.state.parts

    def headers(self, user: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.tokens[user]}"}

    async def get(self, user: str, path: str, **how: Any) -> httpx.Response:
        return await self.client.get(f"/api/v1{path}", headers=self.headers(user), **how)

    async def post(
        self, user: str, path: str, json: Any = None, *, key: str | None = None, **how: Any
    ) -> httpx.Response:
        headers = self.headers(user) | ({"Idempotency-Key": key} if key else {}) | how.pop("headers", {})
        if json is not None:
            how["json"] = json
        return await self.client.post(f"/api/v1{path}", headers=headers, **how)

    async def open(self, user: str = "lin", **changes: Any) -> str:
        """Opens a case and returns its id."""
        answer = await self.post(user, "/cases", application(**changes))
        assert answer.status_code == 201, answer.text
        return str(answer.json()["case_id"])

    async def upload(self, user: str, name: str, content: bytes, kind: str = "image/png") -> httpx.Response:
        return await self.post(user, "/attachments", files={"file": (name, content, kind)})

    async def complete(
        self, user: str, task_id: str, outcome: Any, submission: str = "s-1", **more: Any
    ) -> httpx.Response:
        body = {"outcome": outcome, "submission_id": submission, **more}
        return await self.post(user, f"/tasks/{task_id}/complete", body)


async def move_in(database: Database) -> dict[str, str]:
    """Creates everyone and returns their tokens."""
    now, tokens = datetime.now(UTC), {}
    async with database.session() as session:
        for user_id, (name, roles) in PEOPLE.items():
            await create_user(
                session, User(user_id=user_id, name=name, roles=roles, created_at=now, regions=("Zhejiang",))
            )
            tokens[user_id] = await new_token(session, user_id, now=now)
    return tokens


def problem(answer: httpx.Response, status: int) -> dict[str, Any]:
    """The problem document of a refusal with this status."""
    assert answer.status_code == status, f"{answer.status_code}: {answer.text[:500]}"
    assert answer.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    assert body["status"] == status
    assert body["title"]
    assert body["detail"]
    return body


def paths(answer: httpx.Response, status: int = 422) -> set[str]:
    """The paths of the fields that a refusal names."""
    return {error["path"] for error in problem(answer, status)["errors"]}
