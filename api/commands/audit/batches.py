"""Working through many cases: in batches, in one process or several, with the outcomes in the order of the work."""

from __future__ import annotations

import multiprocessing
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import islice
from typing import TypeVar

W = TypeVar("W")
R = TypeVar("R")
BATCH = 4
"""Large enough that an engine, a connection and a database are opened seldom; small enough to share out."""
_AHEAD = 2
"""Batches that wait for each other process: enough to keep it busy while this one works."""


def cores() -> int:
    """How many processes there are cores for."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def in_batches(
    items: Iterable[W], work: Callable[[Sequence[W]], Sequence[R]], jobs: int, *, batch: int = BATCH
) -> Iterator[R]:
    """Yields what `work` makes of the items; `work` gets a batch at a time and goes to other processes, so must be
    importable. Memory does not grow with the number of items.
    """
    parts = _parts(items, batch)
    if jobs == 1:
        for part in parts:
            yield from work(part)
        return
    waiting: deque[Future[Sequence[R]]] = deque()
    with ProcessPoolExecutor(jobs - 1, mp_context=multiprocessing.get_context("spawn")) as pool:
        starting = [pool.submit(_awake, work) for _ in range(jobs - 1)]
        for part in parts:
            there = sum(one.done() for one in starting)
            if sum(not one.done() for one in waiting) < there * _AHEAD:
                waiting.append(pool.submit(work, part))
            else:  # this process works too: it is there at once, while the others still start
                waiting.append(_done(work, part))
            while waiting and waiting[0].done():
                yield from waiting.popleft().result()
        while waiting:
            yield from waiting.popleft().result()


def _awake(work: object) -> None:
    """Another process has come so far that it has imported what the work needs."""


def _done(work: Callable[[Sequence[W]], Sequence[R]], part: Sequence[W]) -> Future[Sequence[R]]:
    future: Future[Sequence[R]] = Future()
    future.set_result(work(part))
    return future


def _parts(items: Iterable[W], batch: int) -> Iterator[list[W]]:
    iterator = iter(items)
    while part := list(islice(iterator, batch)):
        yield part
