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
BATCH = 6
"""Large enough that an engine, a connection and a database are opened seldom; small enough to share out."""
_AHEAD = 3


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
    with ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("spawn")) as pool:
        for part in parts:
            waiting.append(pool.submit(work, part))
            if len(waiting) >= jobs * _AHEAD:
                yield from waiting.popleft().result()
        while waiting:
            yield from waiting.popleft().result()


def _parts(items: Iterable[W], batch: int) -> Iterator[list[W]]:
    iterator = iter(items)
    while part := list(islice(iterator, batch)):
        yield part
