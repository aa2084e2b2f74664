"""One process of the embedded default, started so that it never outlives its parent."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

READY_VARIABLE = "AFTERCARE_READY_FD"
LISTEN_VARIABLE = "AFTERCARE_LISTEN_FD"

_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None
_LARGEST_LOG = 10 * 1024 * 1024


class Child:
    """A process that can be started, asked whether it is ready, restarted and stopped.

    Its output goes to a log file, its standard input is empty, and when the parent dies the kernel sends it SIGTERM (on
    Linux). Processes that share ``group`` form one process group of their own, so that a Ctrl-C in the terminal
    reaches the parent alone, which then stops them in order.
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        *,
        log: Path,
        environment: Mapping[str, str],
        inherit: Sequence[int] = (),
        announces: bool = False,
        check: Callable[[], bool] = lambda: True,
        stop_within: float = 10.0,
    ) -> None:
        """Describe a process without starting it.

        Args:
            name: the word that people read.
            command: program and arguments.
            log: file that takes its output.
            environment: all its variables.
            inherit: file descriptors that it gets.
            announces: it writes to the descriptor in ``AFTERCARE_READY_FD`` once it is ready.
            check: asked after the announcement; ready when true.
            stop_within: seconds between SIGTERM and SIGKILL.
        """
        self.name = name
        self.log = log
        self.stop_within = stop_within
        self._command = list(command)
        self._environment = dict(environment)
        self._inherit = tuple(inherit)
        self._announces = announces
        self._check = check
        self._process: subprocess.Popen[bytes] | None = None
        self._announcement: int | None = None
        self._announced = False
        self._log_begins = 0

    @property
    def pid(self) -> int:
        """Process id, 0 before the first start."""
        return self._process.pid if self._process else 0

    @property
    def alive(self) -> bool:
        """Whether the process runs."""
        return self._process is not None and self._process.poll() is None

    @property
    def exit_status(self) -> str:
        """How it ended, in words."""
        code = self._process.poll() if self._process else None
        if code is None:
            return "running"
        return f"killed by {signal.Signals(-code).name}" if code < 0 else f"exit status {code}"

    def start(self, group: int = 0) -> None:
        """Start it in a process group, a new one by default.

        Raises:
            OSError: the program or the log file cannot be opened.
        """
        self._close_announcement()
        self._announced = not self._announces
        environment, inherit = dict(self._environment), list(self._inherit)
        write_end: int | None = None
        if self._announces:
            self._announcement, write_end = os.pipe()
            os.set_blocking(self._announcement, False)
            environment[READY_VARIABLE] = str(write_end)
            inherit.append(write_end)
        if self.log.exists() and self.log.stat().st_size > _LARGEST_LOG:
            self.log.replace(self.log.with_suffix(".old.log"))
        try:
            with self.log.open("ab") as output:
                self._log_begins = output.tell()
                self._process = subprocess.Popen(  # noqa: S603 - our own programs
                    self._command,
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=output,
                    env=environment,
                    pass_fds=inherit,
                    process_group=group,
                    preexec_fn=_die_with_parent(os.getpid()),  # noqa: PLW1509 - the parent has one thread
                )
        finally:
            if write_end is not None:
                os.close(write_end)

    def ready(self) -> bool:
        """Whether it has announced itself and passes its check."""
        if self._announcement is not None and not self._announced:
            with contextlib.suppress(BlockingIOError):
                self._announced = bool(os.read(self._announcement, 1))
        return self.alive and self._announced and self._check()

    def terminate(self) -> None:
        """Ask it to stop."""
        if self._process is not None and self.alive:
            self._process.terminate()

    def kill(self) -> None:
        """End it at once and wait until it is gone."""
        if self._process is not None:
            if self.alive:
                self._process.kill()
            self._process.wait()
        self._close_announcement()

    def last_words(self) -> str:
        """The last line that it logged since it was started, for one line of explanation."""
        try:
            with self.log.open("rb") as file:
                file.seek(0, os.SEEK_END)
                file.seek(max(self._log_begins, file.tell() - 8192))
                lines = [line.strip() for line in file.read().decode(errors="replace").splitlines() if line.strip()]
        except OSError:
            return ""
        return lines[-1][:300] if lines else ""

    def _close_announcement(self) -> None:
        if self._announcement is not None:
            os.close(self._announcement)
            self._announcement = None


def _die_with_parent(parent: int) -> Callable[[], None]:
    def between_fork_and_exec() -> None:
        if _LIBC is not None:
            _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:  # it died before the request was in place
            os._exit(1)

    return between_fork_and_exec


def announce_ready() -> None:
    """Tell the parent, if there is one that listens, that this process does its work now."""
    descriptor = os.environ.pop(READY_VARIABLE, "")
    if descriptor:
        with contextlib.suppress(OSError):
            os.write(int(descriptor), b"1")
            os.close(int(descriptor))


def started_at(pid: int) -> str | None:
    """A mark that differs between two processes that had the same id, ``None`` when there is no such process."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    fields = text[text.rindex(")") + 2 :].split()
    return None if fields[0] == "Z" else fields[19]
