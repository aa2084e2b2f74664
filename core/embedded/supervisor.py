"""Keeps the processes of the embedded default running, and stops them in order."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from core.embedded.process import Child
from core.errors import Unavailable

_TICK = 0.05
_FIRST_PAUSE = 0.5
_LONGEST_PAUSE = 15.0
_FORGIVEN_AFTER = 60.0
_GIVE_UP_AFTER = 8


class StopRequest:
    """Set by SIGTERM, Ctrl-C or a closed terminal. A second one means: at once."""

    def __init__(self) -> None:
        self.count = 0

    def __bool__(self) -> bool:
        return self.count > 0

    @contextmanager
    def listening(self) -> Iterator[StopRequest]:
        """Take the signals while the block runs."""
        names = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
        before = {name: signal.signal(name, self._arrived) for name in names}
        try:
            yield self
        finally:
            for name, handler in before.items():
                signal.signal(name, handler)

    def _arrived(self, _number: int, _frame: FrameType | None) -> None:
        self.count += 1


class Supervisor:
    """Starts processes, restarts one that dies, stops all.

    A process that dies is told in one line and started again: at once the first time, then after a pause that doubles
    up to a quarter of a minute. One that dies eight times without having run for a minute stops everything, since
    something is wrong that a restart does not mend. Nothing is lost meanwhile: the engine keeps every wait in its
    database.
    """

    def __init__(self, tell: Callable[[str], None], stop: StopRequest) -> None:
        self.children: list[Child] = []
        self.errands: list[Child] = []
        self.changed: Callable[[], None] = lambda: None
        self._tell = tell
        self._stop = stop
        self._deaths: dict[str, int] = {}
        self._started: dict[str, float] = {}
        self._again: dict[str, float] = {}

    def start(self, child: Child) -> None:
        """Start a process in the common process group and look after it from now on.

        Raises:
            Unavailable: it cannot be started.
        """
        if child not in self.children:
            self.children.append(child)
        # The group lives as long as one of its members; its number is the id of its first member.
        group = next((self._group for other in self.children if other.alive), 0)
        try:
            child.start(group)
        except OSError as error:
            raise Unavailable(f"the {child.name} cannot be started: {error.strerror} ({error.filename})") from None
        if group == 0:
            self._group = child.pid
        self._started[child.name] = time.monotonic()
        self.changed()

    def send(self, errand: Child) -> None:
        """Start a process that ends by itself; a failure is told and mended by nobody."""
        self.errands.append(errand)
        errand.start(next((self._group for child in self.children if child.alive), 0))

    def wait_ready(self, child: Child, within: float) -> bool:
        """Wait until a process is ready; false when a stop was asked for meanwhile.

        Raises:
            Unavailable: it died, or took longer than ``within`` seconds; with the last line of its log.
        """
        until = time.monotonic() + within
        while not child.ready():
            if self._stop:
                return False
            for other in self.children:
                if not other.alive:
                    raise _failed(other, f"stopped before it was ready ({other.exit_status})")
            if time.monotonic() > until:
                raise _failed(child, f"was not ready within {within:g} s")
            time.sleep(_TICK)
        return True

    def watch(self) -> None:
        """Look after the processes until a stop is asked for.

        Raises:
            Unavailable: one of them cannot be kept running.
        """
        while not self._stop:
            for child in self.children:
                if child.alive:
                    continue
                if child.name not in self._again:
                    self._again[child.name] = time.monotonic() + self._pause_after_death(child)
                elif time.monotonic() >= self._again[child.name]:
                    del self._again[child.name]
                    self.start(child)
            for errand in [errand for errand in self.errands if not errand.alive]:
                self.errands.remove(errand)
                if errand.exit_status != "exit status 0":
                    self._tell(f"The {errand.name} ended early ({errand.exit_status}): {errand.last_words()}")
            time.sleep(_TICK * 2)

    def stop(self) -> None:
        """Stop all, the last started first, each with its grace; a second request ends the patience."""
        for child in [*self.errands, *reversed(self.children)]:
            child.terminate()
            until = time.monotonic() + child.stop_within
            while child.alive and time.monotonic() < until and self._stop.count < 2:
                time.sleep(_TICK / 2)
            if child.alive:
                self._tell(f"The {child.name} did not stop in time and is ended.")
            child.kill()

    def _pause_after_death(self, child: Child) -> float:
        ran = time.monotonic() - self._started[child.name]
        deaths = 1 if ran > _FORGIVEN_AFTER else self._deaths.get(child.name, 0) + 1
        self._deaths[child.name] = deaths
        if deaths >= _GIVE_UP_AFTER:
            raise _failed(child, f"stopped {deaths} times in a row ({child.exit_status})")
        pause = 0.0 if deaths == 1 else min(_FIRST_PAUSE * 2 ** (deaths - 2), _LONGEST_PAUSE)
        self._tell(f"The {child.name} stopped ({child.exit_status}) and is started again; its log: {child.log}")
        return pause

    _group = 0


def _failed(child: Child, what: str) -> Unavailable:
    words = child.last_words()
    said = f": {words}" if words else ""
    return Unavailable(f"the {child.name} {what}{said} - see {child.log}")
