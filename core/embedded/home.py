"""The home folder: all state of the embedded default, and the lock that keeps a second run out."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import secrets
import time
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from core.embedded.process import started_at
from core.errors import Refused, Unavailable
from core.settings import SECRET_FILE, SETTINGS_FILE, write_private

_PROBE_BYTES = 256 * 1024


@dataclass(frozen=True)
class Run:
    """Who holds the lock: written into it, so that another run can say so.

    Attributes:
        pid: process id of `aftercare up`.
        address: where its pages are.
        children: process id and start mark of each process that it started.
    """

    pid: int
    address: str
    children: dict[int, str] = field(default_factory=dict)


class Home:
    """One home folder. Files with secrets are readable by their owner alone."""

    def __init__(self, path: Path) -> None:
        self.path = path.expanduser().absolute()
        self.logs = self.path / "logs"
        self.temporal_database = self.path / "temporal.db"
        self.passwords = self.path / "initial-passwords"
        self._lock: IO[str] | None = None

    def create(self) -> None:
        """Make the folder and see that something can be written.

        Raises:
            Unavailable: no place, no right, or no space; says which.
        """
        try:
            self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
            self.logs.mkdir(exist_ok=True, mode=0o700)
            probe = self.path / f".probe.{os.getpid()}"
            try:
                with probe.open("wb") as file:
                    file.write(bytes(_PROBE_BYTES))
                    file.flush()
                    os.fsync(file.fileno())
            finally:
                probe.unlink(missing_ok=True)
        except OSError as error:
            raise unwritable(self.path, error) from None

    def lock(self, *, patience: float = 10.0) -> int | None:
        """Take the home for this process until `unlock`.

        A lock whose process died is taken over once the processes that it had started are gone.

        Args:
            patience: seconds to wait for left-over processes of a run that was killed.

        Returns:
            The process id of an earlier run that did not stop cleanly, if there was one.

        Raises:
            Refused: another run holds it, or left-over processes of one still write there.
        """
        file = (self.path / "lock").open("a+")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            run = _read_run(file)
            file.close()
            where = f" (process {run.pid}, {run.address})" if run else ""
            raise Refused(f"{self.path} is in use by another run{where}: stop it, or choose another --home") from None
        earlier = _read_run(file)
        if earlier is not None:
            until = time.monotonic() + patience
            while left := [pid for pid, mark in earlier.children.items() if started_at(pid) == mark]:
                if time.monotonic() > until:
                    file.close()
                    pids = " ".join(str(pid) for pid in left)
                    raise Refused(
                        f"a run that was killed left processes that still use {self.path}: end them (kill {pids})"
                    )
                time.sleep(0.1)
        self._lock = file
        return earlier.pid if earlier else None

    def holds(self, run: Run) -> None:
        """Write into the lock who holds it."""
        self._write_lock(json.dumps(asdict(run)))

    def unlock(self) -> None:
        """Give the home back. Harmless when it is not held."""
        if self._lock is not None:
            self._write_lock("")
            self._lock.close()
            self._lock = None

    def _write_lock(self, text: str) -> None:
        assert self._lock is not None, "the home is not locked"  # noqa: S101 - a mistake of ours, not of the user
        self._lock.seek(0)
        self._lock.truncate()
        self._lock.write(text)
        self._lock.flush()

    def remembered(self) -> dict[str, Any]:
        """The settings of the last start, empty before the first."""
        try:
            values = json.loads((self.path / SETTINGS_FILE).read_text())
        except (OSError, ValueError):
            return {}
        return values if isinstance(values, dict) else {}

    def remember(self, values: dict[str, Any]) -> None:
        """Keep the settings for every other command that is given this home."""
        write_private(self.path / SETTINGS_FILE, json.dumps(values, indent=2) + "\n")

    def pace(self, speed: float | None) -> tuple[datetime, float]:
        """Epoch and speed of this home's clock, fixed at its first start.

        Args:
            speed: the one asked for; ``None`` takes the home's, or 1 in a new home.

        Raises:
            Refused: the home runs at another speed. A clock that changed its pace would move every stored instant.
        """
        known = self.remembered()
        if "epoch" not in known:
            return datetime.now(UTC), speed or 1.0
        kept = float(known["speed"])
        if speed is not None and speed != kept:
            raise Refused(
                f"{self.path} runs at speed {kept:g} for good: start it with --speed {kept:g}, or take another --home"
            )
        return datetime.fromisoformat(known["epoch"]), kept

    def session_secret(self) -> None:
        """Make the key that signs sessions, once."""
        path = self.path / SECRET_FILE
        if not path.exists():
            write_private(path, secrets.token_hex(32) + "\n")

    def master_keys(self) -> None:
        """Make the key that wraps the keys of cases, once."""
        from core.keys.master import ensure_master_keys

        ensure_master_keys(self.path)

    def signing_keys(self) -> None:
        """Make the key that signs archives, once."""
        from core.signing import ensure_signing_keys

        ensure_signing_keys(self.path)


def unwritable(path: Path, error: OSError) -> Unavailable:
    """The one line for a folder that takes no writes."""
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return Unavailable(f"no space left for {path}: free some, or choose another --home")
    return Unavailable(f"{path} cannot be written ({error.strerror}): choose another --home")


def _read_run(file: IO[str]) -> Run | None:
    file.seek(0)
    try:
        values = json.loads(file.read())
        children = {int(pid): str(mark) for pid, mark in values["children"].items()}
        return Run(pid=int(values["pid"]), address=str(values["address"]), children=children)
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
