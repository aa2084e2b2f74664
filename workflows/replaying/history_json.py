"""Histories as JSON: what the engine's tools, `aftercare case history` and archives write."""

from __future__ import annotations

import json

from temporalio.client import WorkflowHistory


def history_of_json(text: bytes, name: str) -> WorkflowHistory:
    """Returns a history from its JSON; `name` is the workflow's id unless the history says it itself.

    Raises ValueError when it is no history.
    """
    try:
        history = WorkflowHistory.from_json(name, json.loads(text))
        started = history.events[0].workflow_execution_started_event_attributes
    except (ValueError, KeyError, IndexError, TypeError, AttributeError) as wrong:
        raise ValueError(f"is no history as `aftercare case history` writes it: {wrong}") from None
    if not started.workflow_type.name:
        raise ValueError("is no history as `aftercare case history` writes it: its first event starts no workflow")
    return WorkflowHistory(started.workflow_id or name, history.events)
