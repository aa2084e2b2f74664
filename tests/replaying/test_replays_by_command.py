"""`aftercare audit replay` on files and archives: what it finds, how it says so, how it ends."""

from __future__ import annotations

import asyncio
import json
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from cli import app
from core.keys import open_keys
from core.settings import Settings
from tests.support.archived_histories import archive_golden, golden_bytes
from workflows import performing
from workflows.offering import offer_task
from workflows.replaying import Wording

Parts = dict[str, Any]


@pytest.fixture
def replay(home: Path) -> Callable[..., Result]:
    return lambda *arguments: CliRunner().invoke(app, ["audit", "replay", *map(str, arguments), "--home", str(home)])


@pytest.fixture
def history(tmp_path: Path) -> Path:
    file = tmp_path / "remote.json"
    file.write_bytes(golden_bytes("remote"))
    return file


def test_a_history_that_replays_is_said_to(replay: Callable[..., Result], history: Path) -> None:
    done = replay(history, "-j", 1)
    assert done.exit_code == 0, done.output
    assert "1 history replayed, nothing found" in done.output


def test_an_archive_is_replayed_and_compared_with_all_it_keeps(
    replay: Callable[..., Result], settings: Settings, tmp_path: Path
) -> None:
    done = replay(archive_golden(settings, tmp_path / "archive"), "-j", 1)
    assert done.exit_code == 0, done.output


def doctored_outcome(parts: Parts) -> None:
    parts["result"]["result"] = "unresolved"


def doctored_deadline(parts: Parts) -> None:
    next(task for task in parts["snapshot"]["tasks"] if task["key"] == "acceptance")["due_at"] = "2030-01-01T00:00:00Z"


def doctored_entry(parts: Parts) -> None:
    parts["events"][3]["actor"]["name"] = "Somebody Else"


def dropped_entry(parts: Parts) -> None:
    del parts["events"][-2]


def lost_task(parts: Parts) -> None:
    parts["snapshot"]["tasks"] = [one for one in parts["snapshot"]["tasks"] if one["key"] != "acceptance"]


def changed_plan(parts: Parts) -> None:
    parts["plan"]["tasks"]["contact_customer"]["within"] = "2 h"


KEPT: dict[Callable[[Parts], None], tuple[str, ...]] = {
    doctored_outcome: ("archive: result.result", "recorded unresolved", "found resolved"),
    doctored_deadline: ("archive: tasks.acceptance.due_at", "recorded 2030-01-01T00:00:00Z"),
    doctored_entry: ("archive: record.4.actor.name", "recorded Somebody Else"),
    dropped_entry: ("archive: record.", Wording.KEPT_LACKS),
    lost_task: ("archive: tasks.acceptance", Wording.KEPT_LACKS),
    changed_plan: ("archive: plan.tasks.contact_customer.within", "recorded 2 h", "found 12 h"),
}


@pytest.mark.parametrize("change", KEPT, ids=lambda change: str(change.__name__))
def test_what_was_doctored_in_an_archive_is_named(
    change: Callable[[Parts], None], replay: Callable[..., Result], settings: Settings, tmp_path: Path
) -> None:
    done = replay(archive_golden(settings, tmp_path / "archive", kept=change), "-j", 1)
    assert done.exit_code == 1
    lines = [line for line in done.output.splitlines() if line.startswith("  ")]
    assert len(lines) == 1, done.output
    assert all(part in lines[0] for part in KEPT[change]), lines


def test_a_history_that_was_cut_off_is_named(replay: Callable[..., Result], settings: Settings, tmp_path: Path) -> None:
    def cut(raw: Parts) -> None:
        raw["events"] = raw["events"][:-1]

    done = replay(archive_golden(settings, tmp_path / "archive", history=cut), "-j", 1)
    assert "history: it ends before the case does" in done.output


def test_an_erased_case_is_a_note_and_no_finding(
    replay: Callable[..., Result], settings: Settings, tmp_path: Path
) -> None:
    async def erase(case_id: str) -> None:
        async with open_keys(settings) as keys:
            await keys.destroy(case_id, by="wei", reason="asked for")

    file = archive_golden(settings, tmp_path / "archive")
    asyncio.run(erase(file.stem))
    done = replay(file, "-j", 1)
    assert done.exit_code == 0
    assert "note: erased: not replayed" in done.output
    assert "0 histories replayed, 1 erased and not looked at" in done.output
    assert "was erased on" in done.output


def test_code_that_diverges_is_found_and_its_line_named(
    replay: Callable[..., Result], history: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    halved = lambda *a, **how: offer_task(*a, **{**how, "left": how["left"] / 2})  # noqa: E731
    monkeypatch.setattr(performing, "offer_task", halved)
    done = replay(history, "-j", 1)
    assert done.exit_code == 1
    assert "activity acceptance (workflows/stages/accept.py:" in done.output
    assert "1 history replayed, 1 with findings" in done.output


def test_json_has_a_line_for_each_history_in_its_order_however_many_processes(
    replay: Callable[..., Result], tmp_path: Path
) -> None:
    folder = tmp_path / "histories"
    folder.mkdir()
    for number in range(20):
        raw = json.loads(golden_bytes("remote"))
        raw["events"][0]["workflowExecutionStartedEventAttributes"]["workflowId"] = f"C-{number:010d}"
        if number == 7:
            raw["events"][6]["timerStartedEventAttributes"]["startToFireTimeout"] = "7s"
        (folder / f"{number:02d}.json").write_text(json.dumps(raw))
    done = replay(folder, "--json", "-j", 2)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.exit_code == 1
    assert [line["case_id"] for line in lines] == [f"C-{number:010d}" for number in range(20)]
    assert [number for number, line in enumerate(lines) if not line["passed"]] == [7]
    assert lines[7]["kind"] == "replay"
    assert lines[7]["findings"][0]["place"].endswith("timer: length")


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"{}", "is no history"), (b"nonsense", "is no history"), (b'{"events": [{}]}', "is no history")],
)
def test_a_file_that_is_no_history_is_a_finding(
    content: bytes, said: str, replay: Callable[..., Result], tmp_path: Path
) -> None:
    file = tmp_path / "odd.json"
    file.write_bytes(content)
    done = replay(file, "-j", 1)
    assert done.exit_code == 1
    assert said in done.output


def test_a_history_of_nothing_we_run_is_a_finding(replay: Callable[..., Result], history: Path) -> None:
    raw = json.loads(history.read_bytes())
    raw["events"][0]["workflowExecutionStartedEventAttributes"]["workflowType"]["name"] = "SomethingElse"
    history.write_text(json.dumps(raw))
    done = replay(history, "-j", 1)
    assert done.exit_code == 1
    assert "SomethingElse" in done.output


def test_bytes_that_are_no_json_do_not_stop_the_audit(replay: Callable[..., Result], history: Path) -> None:
    raw = json.loads(history.read_bytes())
    raw["events"][0]["workflowExecutionStartedEventAttributes"]["input"]["payloads"][0]["data"] = b64encode(
        b"\x00"
    ).decode()
    history.write_text(json.dumps(raw))
    done = replay(history, history, "-j", 1)
    assert done.exit_code == 1
    assert "2 histories replayed, 2 with findings" in done.output


def test_a_missing_file_is_a_finding_and_no_target_wrong_usage(replay: Callable[..., Result], tmp_path: Path) -> None:
    missing = replay(tmp_path / "gone.json", "-j", 1)
    assert missing.exit_code == 1
    assert "gone.json: cannot be read" in missing.output
    assert replay().exit_code == 2
