from __future__ import annotations

import json
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core import settings
from core.errors import NotConfigured
from core.settings import write_private


def test_everything_under_one_home_follows_from_the_home(tmp_path: Path) -> None:
    read = settings.load(home=tmp_path)
    assert read.database_url == f"sqlite+aiosqlite:///{tmp_path}/aftercare.db"
    assert read.attachments_dir == tmp_path / "attachments"
    assert read.public_url == "http://127.0.0.1:8000"


def test_the_environment_wins_over_what_the_home_remembers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "settings.json").write_text(json.dumps({"port": 9001, "speed": 60, "unknown": 1}))
    assert settings.load(home=tmp_path).port == 9001
    assert settings.load(home=tmp_path).speed == 60
    monkeypatch.setenv("AFTERCARE_PORT", "9002")
    assert settings.load(home=tmp_path).port == 9002
    assert settings.load(home=tmp_path, port=9003).port == 9003


def test_the_home_is_found_by_its_variable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "settings.json").write_text(json.dumps({"temporal_address": "127.0.0.1:1"}))
    monkeypatch.setenv("AFTERCARE_HOME", str(tmp_path))
    assert settings.load().temporal_address == "127.0.0.1:1"


def test_a_broken_memory_of_the_home_is_no_memory(tmp_path: Path) -> None:
    (tmp_path / "settings.json").write_text("{not json")
    assert settings.load(home=tmp_path).port == 8000


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("AFTERCARE_PORT", "many"),
        ("AFTERCARE_SPEED", "0"),
        ("AFTERCARE_EPOCH", "2026-01-01T00:00:00"),
        ("AFTERCARE_SESSION_SECRET", "short"),
        ("AFTERCARE_LOG_LEVEL", "loud"),
    ],
)
def test_a_wrong_value_is_refused_by_the_name_of_its_variable(
    name: str, value: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(NotConfigured) as refused:
        settings.load(home=tmp_path)
    assert refused.value.field == name
    assert value != "short" or "short" not in str(refused.value)


def test_no_secret_is_made_up(tmp_path: Path) -> None:
    with pytest.raises(NotConfigured, match="AFTERCARE_SESSION_SECRET"):
        settings.load(home=tmp_path).secret()


def test_the_secret_of_the_home_is_read_and_never_shown(tmp_path: Path) -> None:
    write_private(tmp_path / "session-secret", "s" * 64 + "\n")
    read = settings.load(home=tmp_path)
    assert read.secret() == "s" * 64
    assert "s" * 64 not in repr(read)
    assert "s" * 64 not in str(read.as_environment())


def test_private_files_are_readable_by_their_owner_alone(tmp_path: Path) -> None:
    write_private(tmp_path / "secret", "x")
    assert stat.S_IMODE((tmp_path / "secret").stat().st_mode) == 0o600


def test_another_process_reads_the_same_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = settings.load(home=tmp_path, speed=3600, epoch=datetime(2026, 2, 3, 4, 5, 6, 789, tzinfo=UTC), port=1234)
    for name, value in first.as_environment().items():
        monkeypatch.setenv(name, value)
    assert settings.load() == first


def test_cookies_are_secure_behind_https(tmp_path: Path) -> None:
    assert settings.load(home=tmp_path, public_url="https://service.example/").cookie_secure is True
    assert settings.load(home=tmp_path, public_url="https://service.example/").public_url == "https://service.example"
    assert settings.load(home=tmp_path).cookie_secure is False
