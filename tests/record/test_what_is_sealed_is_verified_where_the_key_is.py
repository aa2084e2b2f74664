"""With the key of a case at hand, a verification opens what is sealed: history, record, ending, files."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from cli import app
from core.keys import open_keys
from core.keys.master import ensure_master_keys
from core.settings import Settings, load
from core.signing import ensure_signing_keys, open_signing
from domain.record.manifest import Part
from store.archives.writing import as_json
from tests.support.archived_histories import archive_golden
from tests.support.closed_cases import golden, sealed
from tests.support.tampering import Entries, changed, entries_of, restate, sign


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    ensure_master_keys(tmp_path)
    ensure_signing_keys(tmp_path)
    return load(home=tmp_path)


@pytest.fixture
def archive(settings: Settings) -> Path:
    return sealed_archive(settings, settings.home / "archive" / "2026", "remote")


def sealed_archive(settings: Settings, folder: Path, name: str) -> Path:
    """The archive of a case whose history the engine keeps sealed."""

    async def seal(case_id: str) -> bytes:
        async with open_keys(settings) as keys:
            return (await sealed(golden(name, case_id), keys)).to_json().encode()

    path = archive_golden(settings, folder, name)

    def put(entries: Entries) -> None:
        entries[Part.HISTORY] = asyncio.run(seal(path.stem))
        restate(entries, Part.HISTORY)
        sign(entries, open_signing(settings))

    return changed(path, put)


def verified(settings: Settings, *arguments: str) -> dict[str, Any]:
    done = CliRunner().invoke(app, ["audit", "verify", *arguments, "--home", str(settings.home), "--json"])
    found: dict[str, Any] = json.loads(done.stdout)
    assert done.exit_code == (0 if found["passed"] else 1)
    return found


def told(found: dict[str, Any]) -> list[str]:
    return [f"{one['place']}: {one['what']}" for one in found["findings"]]


def with_history(path: Path, settings: Settings, change: Callable[[list[dict[str, Any]]], None]) -> Path:
    """Changes the history as one who holds the signing key and not the key of the case."""

    def replace(entries: Entries) -> None:
        history = json.loads(entries[Part.HISTORY])
        change(history["events"])
        entries[Part.HISTORY] = json.dumps(history).encode()
        restate(entries, Part.HISTORY)
        sign(entries, open_signing(settings))

    return changed(path, replace)


def test_a_true_archive_has_no_findings_and_leaves_nothing_unchecked(settings: Settings, archive: Path) -> None:
    found = verified(settings, str(archive))
    assert told(found) == []
    assert found["notes"] == []


def test_a_changed_outcome_in_the_history_is_named_by_its_event(settings: Settings, archive: Path) -> None:
    def doctor(events: list[dict[str, Any]]) -> None:
        event = next(one for one in events if "activityTaskCompletedEventAttributes" in one)
        payload = event["activityTaskCompletedEventAttributes"]["result"]["payloads"][0]
        payload["data"] = payload["data"][:-8] + "AAAAAAA="

    (finding,) = told(verified(settings, str(with_history(archive, settings, doctor))))
    assert finding.startswith("history.json event ")
    assert "(activity task completed): its content cannot be opened with the key of its case: it was changed" in finding


def test_content_put_in_the_clear_into_a_sealed_history_is_named(settings: Settings, archive: Path) -> None:
    def forge(events: list[dict[str, Any]]) -> None:
        event = next(one for one in events if "activityTaskCompletedEventAttributes" in one)
        forged = {"metadata": {"encoding": "anNvbi9wbGFpbg=="}, "data": "e30="}
        event["activityTaskCompletedEventAttributes"]["result"]["payloads"] = [forged]

    (finding,) = told(verified(settings, str(with_history(archive, settings, forge))))
    assert finding.endswith("its content is not sealed, and all of this case is: it was put there later")


def test_a_dropped_event_of_the_history_is_named(settings: Settings, archive: Path) -> None:
    def drop(events: list[dict[str, Any]]) -> None:
        del events[20]

    (finding,) = verified(settings, str(with_history(archive, settings, drop)))["findings"]
    assert finding["place"].startswith("history.json event 22 ")
    assert (finding["recorded"], finding["found"]) == (21, 22)


def test_a_history_cut_off_at_its_end_is_named(settings: Settings, archive: Path) -> None:
    def cut(events: list[dict[str, Any]]) -> None:
        del events[-1]

    (finding,) = told(verified(settings, str(with_history(archive, settings, cut))))
    assert finding.endswith("is the last event of the history, and no case ends like this")


def test_the_history_of_another_case_is_named(settings: Settings, archive: Path, tmp_path: Path) -> None:
    other = sealed_archive(settings, tmp_path / "other", "second_visit")

    def take(events: list[dict[str, Any]]) -> None:
        events[:] = json.loads(entries_of(other)[Part.HISTORY])["events"]

    found = told(verified(settings, str(with_history(archive, settings, take))))
    assert "which is not the key of this case" in found[0]


@pytest.mark.parametrize("text", [b"", b"{}", b"[]", b'{"events": []}', b'{"events": [{"eventId": "x"}]}', b"\xff"])
def test_a_history_of_nonsense_is_named(settings: Settings, archive: Path, text: bytes) -> None:
    def replace(entries: Entries) -> None:
        entries[Part.HISTORY] = text
        restate(entries, Part.HISTORY)
        sign(entries, open_signing(settings))

    assert told(verified(settings, str(changed(archive, replace))))[0].startswith("history.json")


def test_a_plan_that_the_case_was_not_started_with_is_named(settings: Settings, archive: Path) -> None:
    def replace(entries: Entries) -> None:
        plan = json.loads(entries[Part.PLAN])
        entries[Part.PLAN] = as_json({**plan, "title": "Another promise"})
        restate(entries, Part.PLAN)
        sign(entries, open_signing(settings))

    (finding,) = told(verified(settings, str(changed(archive, replace))))
    assert finding == "plan.json: is not the plan that the case was started with, by its history"


async def test_an_erased_case_still_verifies_and_says_what_nobody_can_read(settings: Settings, archive: Path) -> None:
    async with open_keys(settings) as keys:
        await keys.destroy(archive.stem, by="dpo", reason="asked for")
    found = await _in_thread(lambda: verified(settings, str(archive)))
    assert told(found) == []
    (note,) = found["notes"]
    assert note.startswith("what is sealed cannot be read by anybody any more: ")


def test_without_the_keys_it_says_what_was_not_opened(settings: Settings, archive: Path, tmp_path: Path) -> None:
    trusted = tmp_path / "trusted.json"
    shown = CliRunner().invoke(app, ["audit", "keys", "show", "--home", str(settings.home)])
    trusted.write_text(shown.stdout)
    elsewhere = load(home=tmp_path / "elsewhere")
    for found in (
        verified(elsewhere, str(archive), "--trust", str(trusted)),
        verified(settings, str(archive), "--no-content"),
    ):
        assert told(found) == []
    done = CliRunner().invoke(
        app, ["audit", "verify", str(archive), "--trust", str(trusted), "--home", str(elsewhere.home)]
    )
    assert "note: what is sealed was not opened: the keys of these cases are not here" in done.stdout
    assert not elsewhere.home.exists(), "looking leaves nothing behind"


async def _in_thread(work: Callable[[], Any]) -> Any:
    return await asyncio.to_thread(work)
