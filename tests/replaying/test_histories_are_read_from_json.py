"""Our reader of histories reads what the SDK's does, message for message, and leaves odd spellings to it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from temporalio.api.history.v1 import History
from temporalio.client import WorkflowHistory

from core.history_json import _fill, history_of_json

GOLDENS = sorted((Path(__file__).parents[1] / "goldens").rglob("*.json"))


@pytest.mark.parametrize("file", GOLDENS, ids=lambda file: str(file.stem))
def test_every_golden_history_is_read_as_the_sdk_reads_it(file: Path) -> None:
    theirs = WorkflowHistory.from_json("C-1", file.read_text("utf-8"))
    ours = History()
    _fill(ours, json.loads(file.read_bytes()))
    assert list(ours.events) == list(theirs.events)
    read = history_of_json(file.read_bytes(), "C-1")
    assert list(read.events) == list(theirs.events)


def test_what_the_engines_tools_spell_otherwise_is_read_too() -> None:
    started = {
        "eventId": "1",
        "eventTime": "2026-11-22T05:35:08.032000001+08:00",
        "eventType": "WorkflowExecutionStarted",
        "workflowExecutionStartedEventAttributes": {
            "workflowType": {"name": "ServiceCase"},
            "workflowTaskTimeout": "10.5s",
            "retryPolicy": None,
            "unheardOf": 1,
        },
    }
    (event,) = history_of_json(json.dumps({"events": [started]}).encode(), "C-1").events
    assert event.event_type == 1
    assert event.event_time.ToJsonString() == "2026-11-21T21:35:08.032000001Z"
    assert event.workflow_execution_started_event_attributes.workflow_task_timeout.nanos == 500_000_000


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"[]",
        b"{}",
        b'{"events": []}',
        b'{"events": [{}]}',
        b'{"events": [{"eventId": "x"}]}',
        b"\xff\xfe",
        b"null",
    ],
)
def test_what_is_no_history_says_so(text: bytes) -> None:
    with pytest.raises(ValueError, match="is no history"):
        history_of_json(text, "C-1")


def test_a_history_may_name_its_workflow() -> None:
    raw = json.loads(GOLDENS[0].read_bytes())
    assert history_of_json(json.dumps(raw).encode(), "by-the-file").workflow_id == "by-the-file"
    raw["events"][0]["workflowExecutionStartedEventAttributes"]["workflowId"] = "C-0000000042"
    assert history_of_json(json.dumps(raw).encode(), "by-the-file").workflow_id == "C-0000000042"
