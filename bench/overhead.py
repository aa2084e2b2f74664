"""Overhead: complete rapid-response cases per second beside a bare workflow with the same user tasks and signals.

    python -m bench.overhead [--rounds 5] [--cases 150] [--concurrency 50]

The same server, worker process and driver; interleaved rounds; the median of each side. Ten user tasks on the way on
site, five signals, everything completed by id the moment it starts.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import time
from dataclasses import dataclass

from temporalio.client import Client

from bench import people
from bench.stack import Cpu, Stack, started
from bench.table import show
from bench.worker_process import BARE, PRODUCT, WITHOUT_DOCUMENTS
from domain.plan import Plan

SIDES = {
    BARE: "bare workflow",
    WITHOUT_DOCUMENTS: "case, documents answered at once",
    PRODUCT: "case, with its PDF",
}


_STILL = 15.0
"""Seconds without a new task after which a case is looked after."""


@dataclass
class Round:
    """One round of one side."""

    rate: float
    cpu: Cpu
    cases: int


class Driver:
    """Plays the people: sends what is to be told, then completes each task as soon as it starts."""

    def __init__(self, client: Client, plan: Plan) -> None:
        self._client, self._plan = client, plan
        self._doing: set[asyncio.Task[None]] = set()
        self._taken: set[tuple[str, str]] = set()
        self._moved: dict[str, float] = {}
        self.looked_up = 0
        """Tasks whose start nobody told; found by asking the server."""

    def started(self, workflow_id: str, activity_id: str, kind: str) -> None:
        """A user task has started."""
        if (workflow_id, activity_id) in self._taken:
            return
        self._taken.add((workflow_id, activity_id))
        self._moved[workflow_id] = time.monotonic()
        doing = asyncio.create_task(self._do(workflow_id, activity_id, kind))
        self._doing.add(doing)
        doing.add_done_callback(self._done)

    def _done(self, doing: asyncio.Task[None]) -> None:
        self._doing.discard(doing)
        doing.result()

    async def _do(self, workflow_id: str, activity_id: str, kind: str) -> None:
        if kind in people.TELLING:
            message = people.information(f"{workflow_id}-{kind}")
            await self._client.get_workflow_handle(workflow_id).signal("add_information", message)
        task = self._client.get_async_activity_handle(workflow_id=workflow_id, run_id=None, activity_id=activity_id)
        await task.complete(people.completion(kind, f"{workflow_id}-{activity_id}"))

    async def case(self, queue: str) -> str:
        """Opens a case and waits for its end; returns its id."""
        start = people.start(self._plan)
        name, given = ("BareCase", start.case_id) if queue == BARE else ("ServiceCase", start)
        self._moved[start.case_id] = time.monotonic()
        await self._client.execute_workflow(name, given, id=start.case_id, task_queue=queue)
        del self._moved[start.case_id]
        return start.case_id

    async def look_after(self) -> None:
        """Asks the server about cases that do not move: an answer to a worker's poll can get lost on a busy machine.

        A person would not notice, who works from the list of tasks; this driver works from starts.
        """
        while True:
            await asyncio.sleep(5)
            for case_id in [case_id for case_id, at in self._moved.items() if time.monotonic() - at > _STILL]:
                described = await self._client.get_workflow_handle(case_id).describe()
                for pending in described.raw_description.pending_activities:
                    if (
                        pending.activity_type.name in people.OUTCOMES
                        and (case_id, pending.activity_id) not in self._taken
                    ):
                        self.looked_up += 1
                        self.started(case_id, pending.activity_id, pending.activity_type.name)


async def play(stack: Stack, driver: Driver, queue: str, cases: int, concurrency: int) -> tuple[Round, str]:
    """Runs one round and returns it with the id of a case of it."""
    places = asyncio.Semaphore(concurrency)

    async def one() -> str:
        async with places:
            return await driver.case(queue)

    looking = asyncio.create_task(driver.look_after())
    before, begun = stack.cpu(), time.perf_counter()
    ids = await asyncio.gather(*(one() for _ in range(cases)))
    looking.cancel()
    return Round(cases / (time.perf_counter() - begun), stack.cpu().since(before), cases), ids[0]


async def size(client: Client, case_id: str) -> tuple[int, int]:
    """Returns the number of events and the bytes of a history."""
    history = await client.get_workflow_handle(case_id).fetch_history()
    return len(history.events), sum(event.ByteSize() for event in history.events)


async def main(rounds: int, cases: int, concurrency: int) -> None:
    """Measures and prints the table."""
    measured: dict[str, list[Round]] = {side: [] for side in SIDES}
    sizes: dict[str, tuple[int, int]] = {}
    async with started() as stack:
        driver = Driver(stack.client, people.plan())
        stack.listeners.append(driver.started)
        for queue in SIDES:
            await play(stack, driver, queue, 20, concurrency)
        for number in range(rounds):
            for queue in list(SIDES) if number % 2 == 0 else list(reversed(SIDES)):
                played, case_id = await play(stack, driver, queue, cases, concurrency)
                measured[queue].append(played)
                sizes[queue] = await size(stack.client, case_id)
                print(f"  round {number + 1}: {SIDES[queue]:34} {played.rate:5.2f} cases/s", flush=True)
        if driver.looked_up:
            print(f"  {driver.looked_up} tasks were found by asking, since nobody told of their start")
    report(measured, sizes)


def report(measured: dict[str, list[Round]], sizes: dict[str, tuple[int, int]]) -> None:
    """Prints rates, ratios, events and processor time a case."""
    bare = [played.rate for played in measured[BARE]]
    rows = []
    for queue, name in SIDES.items():
        rates = [played.rate for played in measured[queue]]
        ratios = [rate / floor for rate, floor in zip(rates, bare, strict=True)]
        count = sum(played.cases for played in measured[queue])
        used = [
            sum(getattr(played.cpu, process) for played in measured[queue]) / count * 1000
            for process in ("server", "worker", "driver")
        ]
        events, octets = sizes[queue]
        rows.append(
            (
                name,
                f"{statistics.median(rates):.2f}",
                f"{min(rates):.2f} - {max(rates):.2f}",
                f"{statistics.median(ratios):.2f}",
                str(events),
                f"{octets / 1024:.0f}",
                *(f"{milliseconds:.0f}" for milliseconds in used),
            )
        )
    heads = ("side", "cases/s", "range", "ratio", "events", "kB", "server ms", "worker ms", "driver ms")
    show("Overhead: median of interleaved rounds; history and processor time a case", heads, rows)


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--cases", type=int, default=150)
    options.add_argument("--concurrency", type=int, default=50)
    asyncio.run(main(**vars(options.parse_args())))
