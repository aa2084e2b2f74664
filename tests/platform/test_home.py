from __future__ import annotations

import errno
import json
import os
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from core.embedded import people
from core.embedded.home import Home, Run
from core.embedded.people import SignIn
from core.embedded.process import started_at
from core.errors import Refused, Unavailable


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = Home(tmp_path / "home")
    made.create()
    return made


def test_the_folder_is_its_owners_alone(home: Home) -> None:
    assert stat.S_IMODE(home.path.stat().st_mode) == 0o700


def test_a_second_run_is_told_who_holds_the_home(home: Home) -> None:
    home.lock()
    home.holds(Run(4711, "http://127.0.0.1:8000"))
    with pytest.raises(Refused, match=r"in use by another run \(process 4711, http://127.0.0.1:8000\)"):
        Home(home.path).lock()


def test_a_home_given_back_is_free_again(home: Home) -> None:
    home.lock()
    home.holds(Run(4711, "x"))
    home.unlock()
    other = Home(home.path)
    assert other.lock() is None
    other.unlock()


def test_the_lock_of_a_dead_process_is_taken_over_and_told(home: Home) -> None:
    program = (
        "import os, pathlib; from core.embedded.home import Home, Run\n"
        f"h = Home(pathlib.Path({str(home.path)!r})); h.lock(); h.holds(Run(os.getpid(), 'x')); os._exit(9)"
    )
    killed = subprocess.Popen([sys.executable, "-c", program])
    killed.wait()
    assert home.lock() == killed.pid
    home.unlock()


def test_processes_left_by_a_killed_run_keep_the_home(home: Home) -> None:
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]) as left:
        try:
            mark = started_at(left.pid)
            assert mark is not None
            (home.path / "lock").write_text(json.dumps({"pid": 1, "address": "x", "children": {left.pid: mark}}))
            with pytest.raises(Refused, match=f"kill {left.pid}"):
                home.lock(patience=0.3)
        finally:
            left.kill()
    assert home.lock() == 1
    home.unlock()


def test_a_process_that_got_the_number_of_an_old_one_is_not_mistaken_for_it(home: Home) -> None:
    (home.path / "lock").write_text(json.dumps({"pid": 1, "address": "x", "children": {os.getpid(): "another mark"}}))
    begun = time.monotonic()
    assert home.lock() == 1
    assert time.monotonic() - begun < 1
    home.unlock()


def test_a_full_disk_is_one_clear_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Unavailable) as refused:
        Home(tmp_path).create()
    assert str(refused.value) == f"no space left for {tmp_path}: free some, or choose another --home"
    assert [path.name for path in tmp_path.iterdir()] == ["logs"]


def test_a_folder_that_cannot_be_written_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(Unavailable, match=r"cannot be written .*: choose another --home"):
        Home(tmp_path / "file" / "home").create()


def test_the_pace_is_fixed_at_the_first_start(home: Home) -> None:
    epoch, speed = home.pace(60)
    home.remember({"epoch": epoch.isoformat(), "speed": speed})
    assert home.pace(60) == (epoch, 60)
    assert home.pace(None) == (epoch, 60)
    with pytest.raises(Refused, match="runs at speed 60 for good"):
        home.pace(1)


def test_a_new_home_runs_at_the_wall_clocks_pace(home: Home) -> None:
    assert home.pace(None)[1] == 1


def test_the_session_secret_is_made_once_and_private(home: Home) -> None:
    home.session_secret()
    path = home.path / "session-secret"
    made = path.read_text()
    home.session_secret()
    assert path.read_text() == made
    assert len(made.strip()) == 64
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_first_passwords_are_kept_private_and_differ(home: Home) -> None:
    made = [SignIn(name, ("engineer", "dispatcher"), people.new_password()) for name in ("a", "b")]
    people.keep(home.passwords, made)
    assert people.kept(home.passwords) == made
    assert made[0].password != made[1].password
    assert stat.S_IMODE(home.passwords.stat().st_mode) == 0o600
