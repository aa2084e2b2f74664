"""A random walk: a state machine that opens cases on a time-skipping server and does with them whatever it can."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Coroutine
from contextlib import AsyncExitStack
from datetime import timedelta
from random import Random
from typing import Any, ClassVar, TypeVar

import pytest
from hypothesis import reject
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule
from temporalio.client import WorkflowExecutionStatus
from temporalio.service import RPCError, RPCStatusCode
from temporalio.worker import Worker

from domain.case import MESSAGES, TaskState
from domain.case.application import FaultCategory, Wish
from domain.case.money import InvoiceKind
from domain.documents.kinds import DocumentKind
from domain.events import EventKind
from domain.notices import NoticeKind
from domain.plan import Plan
from domain.tasks import TASKS
from domain.tasks.feedback import Subject
from tests.support.scene import APPLICATION, Memory, Scene, activities_of_a_scene, person
from tests.support.skipping_clock import SkippingClock
from tests.support.ways import WAYS_OF_PLAN, published, request_for, walk_to
from tests.walks.outcomes import Desk, Entry
from tests.walks.truths import hold_in_the_end, hold_now
from tests.workflows.conftest import QUEUE, skipping_server
from workflows import WORKFLOWS, runner

T = TypeVar("T")
CHANCES = st.integers(min_value=0, max_value=2**32 - 1).map(Random)
_LATEST = timedelta(days=500)
"""A case that was led on for so long has been through every deadline often enough."""


class Walk(RuleBasedStateMachine):
    """One server and the cases opened on it, one after another. Every rule is one move."""

    plans: ClassVar[tuple[str, ...]] = tuple(WAYS_OF_PLAN)
    moves_made: ClassVar[Counter[str]] = Counter()
    """How often each kind of move was made, in all walks."""

    def __init__(self) -> None:
        super().__init__()
        self._loop = asyncio.new_event_loop()
        self._stack = AsyncExitStack()
        self.moves: list[str] = []
        self.past: list[Scene] = []
        self.cases: list[str] = []
        """What each case of this walk was, in words."""
        self.ended = False
        self._last: tuple[str, dict[str, Any], Entry] | None = None
        self._messages: list[tuple[str, dict[str, Any]]] = []
        self._run(self._start())

    async def _start(self) -> None:
        env = await self._stack.enter_async_context(skipping_server())
        self.client, self.clock, self.memory = env.client, SkippingClock(env), Memory()
        await self._stack.enter_async_context(
            Worker(
                env.client,
                task_queue=QUEUE,
                workflows=WORKFLOWS,
                activities=activities_of_a_scene(env.client, self.memory),
                workflow_runner=runner(),
            )
        )

    def teardown(self) -> None:
        try:
            for scene in self.past:
                self._told(hold_in_the_end(scene))
        finally:
            self._loop.run_until_complete(self._stack.aclose())
            self._loop.close()

    # -- moves: opening

    @initialize(chance=CHANCES)
    def open_the_first(self, chance: Random) -> None:
        self._move("open", self._open(chance))

    @precondition(lambda self: self.ended)
    @rule(chance=CHANCES)
    def open_another(self, chance: Random) -> None:
        self._move("open", self._open(chance))

    async def _open(self, chance: Random) -> str:
        name = chance.choice(self.plans)
        self.plan: Plan = published(name)
        task = chance.choice((None, None, *sorted(WAYS_OF_PLAN[name])))
        request: dict[str, Any] = {"channel": self.plan.channels[0], **request_for(name, task or "")}
        if task is None:
            subjects = [None, *(Subject(one) for one in self.plan.subjects)]
            request = {
                "channel": chance.choice(self.plan.channels),
                "request": chance.choice(list(Wish)),
                "problem": {**APPLICATION["problem"], "category": chance.choice(list(FaultCategory))},
                "subject": chance.choice(subjects),
                "applied_ago": timedelta(hours=chance.choice((0, 0, 1, 60))),
                "notices": chance.choice((False, True)),
                "customer": {**APPLICATION["customer"], "email": chance.choice((None, "chen.yu@example.com"))},
            }
        self.scene = await Scene.open(self.client, QUEUE, self.memory, self.clock, plan=self.plan, **request)
        self.past.append(self.scene)
        self.ended, self._last, self._messages = False, None, []
        if task:
            await walk_to(self.scene, task, name)
        self.cases.append(f"{name} from {task or 'the request'}")
        return f"{name}, {f'played to {task}' if task else request}"

    # -- moves: tasks

    @precondition(lambda self: not self.ended)
    @rule(chance=CHANCES)
    def do_the_oldest(self, chance: Random) -> None:
        self._move("do", self._do(chance, lambda ready: ready[0]))

    @precondition(lambda self: not self.ended)
    @rule(chance=CHANCES)
    def do_the_newest(self, chance: Random) -> None:
        self._move("do", self._do(chance, lambda ready: ready[-1]))

    @precondition(lambda self: not self.ended)
    @rule(chance=CHANCES)
    def do_any(self, chance: Random) -> None:
        self._move("do", self._do(chance, chance.choice))

    @precondition(lambda self: not self.ended)
    @rule(chance=CHANCES)
    def do_any_with_all_there_is_to_say(self, chance: Random) -> None:
        self._move("do", self._do(chance, chance.choice, everything=True))

    async def _do(self, chance: Random, pick: Any, *, everything: bool = False) -> str:
        task = await self._ready(pick)
        if task is None:
            return "nothing is on offer"
        entry = (await self._desk()).legal(task, chance, everything=everything)
        return await self._enter(task, entry)

    @precondition(lambda self: not self.ended)
    @rule(chance=CHANCES)
    def enter_anything(self, chance: Random) -> None:
        self._move("enter anything", self._enter_anything(chance))

    async def _enter_anything(self, chance: Random) -> str:
        task = await self._ready(chance.choice)
        if task is None:
            return "nothing is on offer"
        desk = await self._desk()
        entry = desk.any_entry(task, chance)
        if chance.random() < 0.6:
            spoilt = desk.spoilt(task, chance)
            entry = desk.judged(
                task, spoilt, by=entry.by, happened_at=entry.happened_at, on_behalf_of=entry.on_behalf_of
            )
        return await self._enter(task, entry)

    @precondition(lambda self: not self.ended)
    @rule(chance=CHANCES)
    def send_no_outcome_at_all(self, chance: Random) -> None:
        self._move("nonsense", self._nonsense(chance))

    async def _nonsense(self, chance: Random) -> str:
        task = await self._ready(chance.choice)
        if task is None:
            return "nothing is on offer"
        sent: Any = chance.choice((None, "done", 42, [], {}, {"outcome": {}}, {"outcome": None, "by": "me"}))
        await self.scene.complete_raw(task.activity_id or "", sent)
        await self._refused(task)
        return f"{task.activity_id} gets {sent!r}"

    @precondition(lambda self: self._last is not None)
    @rule()
    def send_the_last_again(self) -> None:
        self._move("again", self._again())

    async def _again(self) -> str:
        """The same submission once more: to what it was sent to, and to what is on offer in its place."""
        assert self._last is not None
        activity_id, how, _ = self._last
        before = len(await self.scene.events())
        assert await self._too_late(activity_id), "a completed activity took a second outcome"
        task = (await self.scene.tasks())[activity_id.partition("~")[0]]
        if task.status != "ready" or not task.activity_id:
            await self.scene.rest()
            assert len(await self.scene.events()) == before, "a copy left a trace"
            return f"{activity_id} is over"
        await self.scene.submit(task.activity_id, **how)
        await self._refused(task)
        return f"the outcome of {activity_id} goes to {task.activity_id}"

    @rule(chance=CHANCES)
    def send_to_what_is_over(self, chance: Random) -> None:
        self._move("late", self._late(chance))

    async def _late(self, chance: Random) -> str:
        offered = {event.data["activity_id"] for event in await self.scene.events(EventKind.OFFERED)}
        ready = {task.activity_id for task in (await self.scene.tasks()).values() if task.status == "ready"}
        over = sorted(offered - ready)
        if not over:
            return "nothing is over"
        chosen = str(chance.choice(over))
        assert await self._too_late(chosen), f"{chosen} is over and took an outcome"
        return chosen

    # -- moves: messages and time

    @precondition(lambda self: not self.ended)
    @rule(chance=CHANCES, name=st.sampled_from(sorted(set(MESSAGES) - {"withdraw"})))
    def say(self, chance: Random, name: str) -> None:
        self._move("say", self._say(chance, name))

    @precondition(lambda self: not self.ended)
    @rule(chance=CHANCES)
    def withdraw(self, chance: Random) -> None:
        if chance.random() < 0.3:  # most walks go further
            self._move("say", self._say(chance, "withdraw"))

    async def _say(self, chance: Random, name: str) -> str:
        now, tasks = await self.scene.now(), await self.scene.tasks()
        task = chance.choice([*tasks, "no_such_task"])
        coming = (now + timedelta(hours=chance.choice((-5, 1, 50, 400)))).isoformat()
        told: dict[str, dict[str, Any]] = {
            "escalate": {"reason": f"Asked for, {chance.randint(1, 9)}"},
            "add_information": {"text": chance.choice(("It rattles", None))},
            "pause": {"reason": "The customer is away", "until": coming},
            "resume": {"reason": None},
            "withdraw": {"reason": "Bought another machine"},
            "reassign": {
                "task": task,
                "role": chance.choice((None, "no_such_role", *self.plan.roles)),
                "assignee": chance.choice((None, "engineer-2")),
            },
            "correct": {"event": chance.choice((1, 2, 9999)), "text": "It was the other one"},
            "recalculate": {"reason": "The calendar came out"},
            "reschedule": {"task": task, "appointment": coming, "reason": "Asked for", "told": "By telephone"},
            "record_invoice": {
                "kind": chance.choice(list(InvoiceKind)),
                "number": f"INV-{chance.randint(1, 4)}",
                "amount": chance.choice(("12.50", "0.00", "100000.00")),
                "credits": chance.choice((None, "INV-1")),
            },
            "issue_document": {"kind": chance.choice(list(DocumentKind)), "reason": "The customer lost it"},
            "undelivered": {
                "notice": "notice-1",
                "kind": chance.choice(list(NoticeKind)),
                "reason": "550 no such mailbox",
            },
        }
        body = told[name]
        if chance.random() < 0.1:
            body = dict.fromkeys(body, 5)
        by = person(chance.choice(sorted(self.plan.roles)))
        message_id = await self.scene.say(name, by=by, **body)
        self._messages.append((name, {"by": by, "id": message_id, **body}))
        return f"{name} {body}"

    @precondition(lambda self: bool(self._messages) and not self.ended)
    @rule(chance=CHANCES)
    def say_it_again(self, chance: Random) -> None:
        self._move("say again", self._say_again(chance))

    async def _say_again(self, chance: Random) -> str:
        name, how = chance.choice(self._messages)
        before = await self.scene.events()
        await self.scene.say(name, **how)
        await self.scene.rest()
        new = (await self.scene.events())[len(before) :]
        read = not [event for event in before if event.data.get("message") == name and event.data.get("id") is None]
        assert not new or not read, f"a copy of {name} was acted on: {new}"
        return f"{name} {how['id']}"

    @precondition(lambda self: not self.ended)
    @rule(chance=CHANCES)
    def say_what_nobody_knows(self, chance: Random) -> None:
        self._move("unknown", self._unknown(chance))

    async def _unknown(self, chance: Random) -> str:
        name = chance.choice(("explode", "pause", "withdraw", "reassign"))
        sent = chance.choice((None, "now", 5, ["a"]))
        await self.scene.handle.signal(name, sent)
        await self.scene.rest()
        assert (await self.scene.events())[-1].kind is EventKind.MESSAGE_REFUSED
        return f"{name} {sent!r}"

    @precondition(lambda self: not self.ended)
    @rule()
    def let_the_next_deadline_pass(self) -> None:
        self._move("lapse", self._lapse())

    async def _lapse(self) -> str:
        now, tasks, state = await self.scene.now(), await self.scene.tasks(), await self.scene.state()
        due = [task.due_at for task in tasks.values() if task.status == "ready" and task.due_at]
        due += [hold.until for hold in state.holds if hold.ends is None]
        until = min(due)
        await self._advance((until - now).total_seconds() + 1)
        return f"{until:%Y-%m-%d %H:%M} passes"

    @precondition(lambda self: not self.ended)
    @rule(hours=st.integers(min_value=1, max_value=40))
    def let_time_pass(self, hours: int) -> None:
        self._move("wait", self._wait(hours))

    async def _wait(self, hours: int) -> str:
        await self._advance(hours * 3600)
        return f"{hours} h"

    async def _advance(self, seconds: float) -> None:
        try:
            await self.scene.advance(seconds=seconds)
        except TimeoutError as still:
            if still.args:
                raise  # the case never came to rest
            # On a busy machine the server now and then takes a lock that was not counted, and its clock stands still.
            self.moves_made["the server's clock stood still"] += 1
            reject()

    # -- how a move is made

    def _move(self, kind: str, move: Coroutine[Any, Any, str]) -> None:
        async def made() -> None:
            self.moves.append(f"{len(self.moves) + 1}. {kind} ...")
            self.moves[-1] = f"{len(self.moves)}. {kind}: {await move}"
            history = await self.clock.settle(self.scene.handle, quiet=1)
            await hold_now(self.scene, self.plan, history)
            status = (await self.scene.handle.describe()).status
            self.ended = status is not WorkflowExecutionStatus.RUNNING
            if not self.ended and await self.scene.now() > (await self.scene.state()).opened_at + _LATEST:
                await self.scene.say("withdraw", reason="Led on for long enough")

        self._told(made())
        self.moves_made[kind] += 1

    def _told(self, work: Coroutine[Any, Any, T]) -> T:
        try:
            return self._run(work)
        except Exception as wrong:
            wrong.add_note("\n".join(["The moves of this walk:", *self.moves]))
            raise

    def _run(self, work: Awaitable[T]) -> T:
        return self._loop.run_until_complete(asyncio.wait_for(work, 120))

    async def _ready(self, pick: Any) -> TaskState | None:
        ready = [task for task in (await self.scene.tasks()).values() if task.status == "ready"]
        chosen: TaskState | None = pick(ready) if ready else None
        return chosen

    async def _desk(self) -> Desk:
        tasks = list((await self.scene.tasks()).values())
        return Desk(await self.scene.state(), self.plan, tasks, await self.scene.now())

    async def _enter(self, task: TaskState, entry: Entry) -> str:
        """Completes a task and looks at what came of it: a legal entry counts, any other leaves the task on offer."""
        how = {
            "by": entry.by,
            "happened_at": entry.happened_at,
            "on_behalf_of": entry.on_behalf_of,
            "submission": f"S-{self.scene.case_id}-{len(self.moves)}",
            **entry.outcome,
        }
        told = f"{task.activity_id} by {entry.by.user}: {entry.outcome}"
        self.moves[-1] = f"{len(self.moves)}. enter {told} ..."
        await self.scene.submit(task.activity_id or "", **how)
        if entry.problems:
            await self._refused(task)
            return f"{told}, wrong: {entry.problems}"
        self._last = (task.activity_id or "", how, entry)
        await self.scene.rest()
        now = (await self.scene.tasks())[task.key]
        attempt = TASKS[task.kind].read(entry.outcome).is_attempt
        assert now.status == "completed" or (attempt and now.attempts == task.attempts + 1), (
            f"{task.key} took no notice: {[e.data for e in await self.scene.events(EventKind.OUTCOME_REFUSED)][-1:]}"
        )
        return told

    async def _refused(self, task: TaskState) -> None:
        await self.scene.rest()
        refusals = await self.scene.events(EventKind.OUTCOME_REFUSED)
        assert refusals and refusals[-1].task == task.key, f"{task.key} did not refuse"
        now = (await self.scene.tasks())[task.key]
        assert now.is_open and now.activity_id != task.activity_id, f"{task.key} is not offered again"

    async def _too_late(self, activity_id: str) -> bool:
        handle = self.client.get_async_activity_handle(
            workflow_id=self.scene.case_id, run_id=None, activity_id=activity_id
        )
        with pytest.raises(RPCError) as refused:
            await handle.complete({})
        return refused.value.status is RPCStatusCode.NOT_FOUND
