"""Golden histories: what earlier versions ran is replayed strictly, and every difference is found."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from temporalio.client import WorkflowHistory

from tests.goldens.ways import WAYS
from tests.support.strict_replay import replay_differences

FOLDER = Path(__file__).parents[1] / "goldens"
GOLDENS = sorted(FOLDER.glob("*.json"))
Golden = dict[str, Any]


def history_of(golden: Golden) -> WorkflowHistory:
    start = golden["events"][0]["workflowExecutionStartedEventAttributes"]
    return WorkflowHistory.from_json(plain(start["input"])["case_id"], golden)


def plain(payloads: dict[str, Any]) -> Any:
    return json.loads(b64decode(payloads["payloads"][0]["data"]))


def payload(value: Any) -> str:
    return b64encode(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()).decode()


def golden(name: str) -> Golden:
    read: Golden = json.loads((FOLDER / f"{name}.json").read_text("utf-8"))
    return read


def scheduled(read: Golden, activity: str) -> dict[str, Any]:
    """The first scheduling of a kind of activity."""
    for event in read["events"]:
        attributes: dict[str, Any] = event.get("activityTaskScheduledEventAttributes", {})
        if attributes.get("activityType", {}).get("name") == activity:
            return attributes
    raise LookupError(activity)


def test_there_is_a_golden_history_of_every_way() -> None:
    assert [file.stem for file in GOLDENS] == sorted(WAYS)


@pytest.mark.parametrize("file", GOLDENS, ids=lambda file: str(file.stem))
async def test_it_replays_to_the_same_activities_and_the_same_result(file: Path) -> None:
    assert await replay_differences(history_of(golden(file.stem)), sandboxed=True) == []


@pytest.mark.parametrize("file", GOLDENS, ids=lambda file: str(file.stem))
def test_it_names_neither_machine_nor_process(file: Path) -> None:
    identities = {value for key, value in walked(golden(file.stem)) if key == "identity"}
    assert identities <= {"goldens", "history-service", ""}


def walked(value: Any, key: str = "") -> list[tuple[str, Any]]:
    if isinstance(value, dict):
        return [found for name, inner in value.items() for found in walked(inner, name)]
    if isinstance(value, list):
        return [found for inner in value for found in walked(inner, key)]
    return [(key, value)]


def another_deadline(read: Golden) -> None:
    scheduled(read, "remote_diagnosis")["scheduleToCloseTimeout"] = "43200s"


def another_argument(read: Golden) -> None:
    attributes = scheduled(read, "contact_customer")
    brief = plain(attributes["input"])
    attributes["input"]["payloads"][0]["data"] = payload({**brief, "role": "engineer"})


def another_state(read: Golden) -> None:
    attributes = scheduled(read, "project_case")
    write = plain(attributes["input"])
    write["case"]["application"]["request"] = "replacement"
    attributes["input"]["payloads"][0]["data"] = payload(write)


def another_result(read: Golden) -> None:
    completed = read["events"][-1]["workflowExecutionCompletedEventAttributes"]
    completed["result"]["payloads"][0]["data"] = payload({**plain(completed["result"]), "result": "rejected"})


def another_id(read: Golden) -> None:
    scheduled(read, "acceptance")["activityId"] = "acceptance~9"


def another_outcome(read: Golden) -> None:
    for event in read["events"]:
        completed = event.get("activityTaskCompletedEventAttributes")
        if completed and "findings" in str(plain(completed["result"]) if "result" in completed else ""):
            entered = plain(completed["result"])
            entered["outcome"]["findings"] = "Something else"
            completed["result"]["payloads"][0]["data"] = payload(entered)


CHANGES: dict[Callable[[Golden], None], str] = {
    another_deadline: "diagnose): time allowed until it is done",
    another_argument: "register): role",
    another_state: "case.application.request",
    another_result: "result.result",
    another_id: "cannot replay this history",
    another_outcome: "record.10.data.outcome.findings",
}


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: str(change.__name__))
async def test_a_change_is_found(change: Callable[[Golden], None]) -> None:
    read = golden("remote")
    change(read)
    differences = await replay_differences(history_of(read))
    assert any(CHANGES[change] in difference for difference in differences), differences
