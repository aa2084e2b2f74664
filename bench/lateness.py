"""Lateness: how long after a deadline its breach is on record, beside bare workflows and beside a poller.

    python -m bench.lateness [--rounds 1] [--only spread,500,2000]

Deadlines spread evenly over a minute, 500 in the same instant, and 2,000 in the same instant; all cases are open and
waiting before the first one passes. The bare side has the same timeouts and the same waits afterwards, and does nothing
else. The poller does what programs without an engine do: every 30 s it asks the same table what is late and records it.
"""

from __future__ import annotations

import argparse
import asyncio
import sqlite3
import statistics
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import Client

from bench import people
from bench.stack import Cpu, Stack, started
from bench.table import show
from bench.worker_process import BARE, WITHOUT_DOCUMENTS
from domain.plan import Plan
from store.sessions import Database
from store.tables import EventRow, TaskRow

SCENES = {"spread": (300, 60.0), "500": (500, 0.0), "2000": (2000, 0.0)}
"""Number of deadlines and the seconds they are spread over."""
TASK = "contact_customer"
BUDGET = timedelta(hours=12)
OPENINGS_A_SECOND = 12.0
HEADROOM = 60.0
POLL_SECONDS = 30.0
GIVE_UP_SECONDS = 300.0
_AT_ONCE = 40


@dataclass
class Outcome:
    """What one side did with the deadlines of a scene; seconds."""

    late: list[float]
    missed: int
    doubled: int
    cpu: Cpu


class Offered:
    """Counts the tasks whose wait has begun."""

    def __init__(self) -> None:
        self.seen: set[str] = set()

    def started(self, workflow_id: str, activity_id: str, _kind: str) -> None:
        """A user task has started."""
        if activity_id == TASK:
            self.seen.add(workflow_id)


class Poller:
    """Every 30 s: which tasks are late by the table, and a record of each, one transaction a task."""

    def __init__(self, database: Database, home: str) -> None:
        self._database = database
        self._own = sqlite3.connect(home, isolation_level=None)
        self._own.execute("PRAGMA journal_mode=WAL")
        self._own.execute("PRAGMA synchronous=NORMAL")
        self._own.execute("CREATE TABLE escalation (task_id TEXT PRIMARY KEY, late REAL)")

    async def run(self, first: datetime) -> None:
        """Polls from `first` on, until cancelled."""
        due = first
        while True:
            await asyncio.sleep(max((due - datetime.now(UTC)).total_seconds(), 0.0))
            await self._poll()
            due += timedelta(seconds=POLL_SECONDS)

    async def _poll(self) -> None:
        query = select(TaskRow.task_id, TaskRow.late_from).where(
            TaskRow.key == TASK, TaskRow.late_from <= datetime.now(UTC)
        )
        async with self._database.reading() as session:
            rows = (await session.execute(query)).all()
        for task_id, late_from in rows:
            if late_from is None:
                continue
            late = (datetime.now(UTC) - late_from).total_seconds()
            self._own.execute("INSERT OR IGNORE INTO escalation VALUES (?, ?)", (task_id, late))

    def outcome(self, ids: list[str]) -> list[float]:
        """Returns how late each was recorded."""
        found = dict(self._own.execute("SELECT task_id, late FROM escalation").fetchall())
        return [found[f"{case_id}.{TASK}"] for case_id in ids if f"{case_id}.{TASK}" in found]


class Scene:
    """A number of deadlines, to be kept by either side."""

    def __init__(self, stack: Stack, offered: Offered, plan: Plan, deadlines: int, seconds: float) -> None:
        self.stack, self.offered, self.plan = stack, offered, plan
        self.count, self.seconds = deadlines, seconds

    async def bare(self) -> Outcome:
        """The bare workflows."""

        async def opened(client: Client, due: datetime) -> str:
            case_id = people.new_id()
            await client.start_workflow("BareDeadline", due, id=case_id, task_queue=BARE)
            return case_id

        due_of, before = await self._open(opened)
        last = max(due_of.values())
        await asyncio.sleep(max((last - datetime.now(UTC)).total_seconds(), 0.0))
        until, noticed = time.monotonic() + GIVE_UP_SECONDS, dict[str, datetime]()
        # Asking costs the server something, so the first question waits until the storm should be over.
        await asyncio.sleep(5 + self.count / 50)
        cpu = self.stack.cpu().since(before)
        while len(noticed) < self.count and time.monotonic() < until:
            await self._ask([case_id for case_id in due_of if case_id not in noticed], noticed)
        late = [(at - due_of[case_id]).total_seconds() for case_id, at in noticed.items()]
        return Outcome(late, self.count - len(noticed), 0, cpu)

    async def _ask(self, ids: list[str], noticed: dict[str, datetime]) -> None:
        places = asyncio.Semaphore(20)

        async def one(case_id: str) -> None:
            async with places:
                history = await self.stack.client.get_workflow_handle(case_id).fetch_history()
                if at := _noticed_at(history.events):
                    noticed[case_id] = at

        await asyncio.gather(*(one(case_id) for case_id in ids))

    async def product(self) -> tuple[Outcome, list[float]]:
        """The product, with the poller beside it."""

        async def opened(client: Client, due: datetime) -> str:
            start = people.start(self.plan, applied_at=due - BUDGET)
            await client.start_workflow("ServiceCase", start, id=start.case_id, task_queue=WITHOUT_DOCUMENTS)
            return start.case_id

        database = Database(self.stack.settings.database_url)
        poller = Poller(database, str(self.stack.home / f"poller-{time.monotonic_ns()}.db"))
        due_of, before = await self._open(opened)
        # Half a period between the deadline and the next poll: what a random deadline meets on average.
        polling = asyncio.create_task(poller.run(min(due_of.values()) - timedelta(seconds=POLL_SECONDS / 2)))
        until = max(due_of.values()) + timedelta(seconds=GIVE_UP_SECONDS)
        found: list[tuple[str, datetime]] = []
        while datetime.now(UTC) < until:
            await asyncio.sleep(2)
            found = await self._recorded(database, due_of)
            if len({case_id for case_id, _ in found}) == self.count:
                break
        cpu = self.stack.cpu().since(before)
        await asyncio.sleep(max((max(due_of.values()) - datetime.now(UTC)).total_seconds(), 0.0) + POLL_SECONDS)
        polling.cancel()
        found = await self._recorded(database, due_of)
        await database.dispose()
        times = Counter(case_id for case_id, _ in found)
        late = [(at - due_of[case_id]).total_seconds() for case_id, at in found]
        outcome = Outcome(late, self.count - len(times), sum(count > 1 for count in times.values()), cpu)
        return outcome, poller.outcome(list(due_of))

    async def _recorded(self, database: Database, due_of: dict[str, datetime]) -> list[tuple[str, datetime]]:
        query = select(EventRow.case_id, EventRow.at).where(EventRow.kind == "breached", EventRow.task == TASK)
        async with database.reading() as session:
            events = (await session.execute(query)).all()
        return [(case_id, at) for case_id, at in events if case_id in due_of]

    async def _open(self, opened: Callable[[Client, datetime], Awaitable[str]]) -> tuple[dict[str, datetime], Cpu]:
        """Opens all cases and waits until each task is offered; returns the deadline of each."""
        self.offered.seen.clear()
        # A reminder comes after three quarters of the time: with this much of it all have come before the deadline.
        first = datetime.now(UTC) + timedelta(seconds=self.count / OPENINGS_A_SECOND + HEADROOM)
        places = asyncio.Semaphore(_AT_ONCE)

        async def one(number: int) -> tuple[str, datetime]:
            due = first + timedelta(seconds=self.seconds * number / self.count)
            async with places:
                return await opened(self.stack.client, due), due

        due_of = dict(await asyncio.gather(*(one(number) for number in range(self.count))))
        while len(self.offered.seen) < self.count:
            if datetime.now(UTC) >= first:
                print(f"  {self.count - len(self.offered.seen)} tasks were offered after the first deadline: too slow")
                break
            await asyncio.sleep(0.2)
        ahead = (first - datetime.now(UTC)).total_seconds()
        await asyncio.sleep(max(ahead - 3, 0.0))
        return due_of, self.stack.cpu()


def _noticed_at(events: Iterable[HistoryEvent]) -> datetime | None:
    """When the workflow learned of the timeout: its clock then is that of the workflow task that follows."""
    passed = False
    for event in events:
        if event.event_type == EventType.EVENT_TYPE_ACTIVITY_TASK_TIMED_OUT:
            passed = True
        elif passed and event.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_STARTED:
            return event.event_time.ToDatetime(tzinfo=UTC)
    return None


def _row(scene: str, side: str, late: list[float], missed: int, doubled: int, bare: list[float] | None) -> list[str]:
    if not late:
        return [scene, side, "-", "-", "-", str(missed), str(doubled), "-"]
    middle, tail, worst = quantiles(late)
    ratio = (
        ""
        if bare is None
        else " / ".join(f"{a / b:.2f}" for a, b in zip(quantiles(late), quantiles(bare), strict=True))
    )
    return [scene, side, f"{middle:.2f}", f"{tail:.2f}", f"{worst:.2f}", str(missed), str(doubled), ratio]


def quantiles(late: list[float]) -> tuple[float, float, float]:
    """Returns p50, p99 and the greatest, in seconds."""
    cuts = statistics.quantiles(late, n=100, method="inclusive")
    return max(cuts[49], 0.001), max(cuts[98], 0.001), max(*late, 0.001)


async def main(rounds: int, only: str) -> None:
    """Measures and prints the table."""
    rows: list[list[str]] = []
    for name in only.split(","):
        deadlines, seconds = SCENES[name]
        bare: list[float] = []
        product: list[float] = []
        polled: list[float] = []
        missed, doubled, forgotten = Counter[str](), 0, 0
        async with started() as stack:
            offered = Offered()
            stack.listeners.append(offered.started)
            scene = Scene(stack, offered, people.plan(), deadlines, seconds)
            for _ in range(rounds):
                floor = await scene.bare()
                kept, by_poller = await scene.product()
                bare += floor.late
                product += kept.late
                polled += by_poller
                missed["bare"] += floor.missed
                missed["product"] += kept.missed
                doubled += kept.doubled
                forgotten += deadlines - len(by_poller)
                print(f"  {name}: bare {quantiles(floor.late)} {floor.cpu}", flush=True)
                print(f"  {name}: case {quantiles(kept.late)} {kept.cpu}", flush=True)
        label = f"{deadlines} over a minute" if seconds else f"{deadlines:,} in the same instant"
        rows += [
            _row(label, "bare workflow", bare, missed["bare"], 0, None),
            _row(label, "case", product, missed["product"], doubled, bare),
            _row(label, "poller, 30 s", polled, forgotten, 0, bare),
        ]
        heads = ("deadlines", "side", "p50 s", "p99 s", "max s", "missed", "doubled", "ratio to bare p50 / p99 / max")
        show("Lateness: from the deadline to its breach on record", heads, rows)


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rounds", type=int, default=1)
    options.add_argument("--only", default=",".join(SCENES), help="scenes, separated by commas")
    asyncio.run(main(**vars(options.parse_args())))
