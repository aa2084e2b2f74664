"""A limit on how often something may go wrong in a stretch of time."""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable

_MOST_KEYS = 10_000


class Throttle:
    """Counts failures by key; after `limit` of them within `seconds` the key has to wait. Memory is bounded."""

    def __init__(self, limit: int, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._limit = limit
        self._seconds = seconds
        self._clock = clock
        self._failures: OrderedDict[Hashable, list[float]] = OrderedDict()

    def _recent(self, key: Hashable) -> list[float]:
        since = self._clock() - self._seconds
        return [at for at in self._failures.get(key, ()) if at > since]

    def seconds_to_wait(self, key: Hashable) -> int:
        """Returns for how many seconds the key has to wait, 0 when it need not."""
        recent = self._recent(key)
        if len(recent) < self._limit:
            return 0
        return max(1, math.ceil(recent[-self._limit] + self._seconds - self._clock()))

    def forget(self) -> None:
        """Begins anew, as a process that starts does."""
        self._failures.clear()

    def count(self, key: Hashable) -> None:
        """Counts a failure."""
        self._failures[key] = [*self._recent(key), self._clock()][-self._limit :]
        self._failures.move_to_end(key)
        while len(self._failures) > _MOST_KEYS:
            self._failures.popitem(last=False)
