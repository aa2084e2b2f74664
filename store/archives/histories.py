"""Verifying the engine's history in an archive, where the key of its case is at hand."""

from __future__ import annotations

from typing import Any

from google.protobuf.json_format import ParseError
from temporalio.api.common.v1 import Payload
from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import WorkflowHistory

from core.codec import ENCODING, KEY_ID, open_payload, payloads_in
from core.keys import CaseKey, Tampered
from core.payloads import data_converter
from domain.case import CaseEnd, CaseStart
from domain.record.manifest import Part
from store.archives.checking import Checked
from store.archives.reading import ArchiveReader, NotReadable

_MOST_NAMED = 50


def check_history(reader: ArchiveReader, key: CaseKey | None, checked: Checked) -> None:
    """Opens everything that is sealed in the history, and holds its beginning and its end against the other entries.

    It does not replay: what the code would have done with the history, a replay tells.
    """
    if checked.manifest is None or any(finding.place == Part.HISTORY for finding in checked.findings):
        return
    case_id = checked.manifest.case_id
    try:
        history = WorkflowHistory.from_json(case_id, reader.history_json())
    except (NotReadable, ParseError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as wrong:
        checked.found(Part.HISTORY, f"is not a history of the engine ({type(wrong).__name__})")
        return
    if not history.events:
        checked.found(Part.HISTORY, "holds no event")
        return
    if _open(history, key, checked):
        _numbers(history, checked)
        _start(history.events[0], reader, checked)
        _end(history.events[-1], reader, key, checked)


def _open(history: WorkflowHistory, key: CaseKey | None, checked: Checked) -> bool:
    """Opens every sealed payload in its place; True when all could be."""
    wrong = 0
    for event in history.events:
        for payload in _content_of(event):
            why = _not_opened(payload, key)
            if why and (wrong := wrong + 1) <= _MOST_NAMED:
                checked.found(_place(event), why)
    return not wrong


def _content_of(event: HistoryEvent) -> list[Payload]:
    """The payloads of an event but the search attributes, which the engine reads and which hold nothing personal."""
    kind = event.WhichOneof("attributes")
    attributes: Any = getattr(event, kind) if kind else event
    has = "search_attributes" in attributes.DESCRIPTOR.fields_by_name and attributes.HasField("search_attributes")
    clear = payloads_in(attributes.search_attributes) if has else []
    return [payload for payload in payloads_in(event) if not any(payload is one for one in clear)]


def _not_opened(payload: Payload, key: CaseKey | None) -> str | None:
    if payload.metadata.get("encoding") != ENCODING:
        return "its content is not sealed, and all of this case is: it was put there later" if key else None
    if key is None:
        return "its content is sealed, though the manifest says that nothing is"
    named = payload.metadata[KEY_ID].decode(errors="replace")
    if named != key.key_id:
        return f"its content is sealed with {named}, which is not the key of this case"
    try:
        payload.CopyFrom(open_payload(payload, key))
    except (Tampered, ValueError):
        return "its content cannot be opened with the key of its case: it was changed"
    return None


def _numbers(history: WorkflowHistory, checked: Checked) -> None:
    """Events of a history are numbered without a gap."""
    for number, event in enumerate(history.events, 1):
        if event.event_id != number:
            checked.found(
                _place(event),
                "stands where another event should: one was dropped, added or moved",
                number,
                event.event_id,
            )
            return


def _start(event: HistoryEvent, reader: ArchiveReader, checked: Checked) -> None:
    """The case and the plan that the history began with."""
    payloads = event.workflow_execution_started_event_attributes.input.payloads
    try:
        (start,) = data_converter.payload_converter.from_payloads(list(payloads), [CaseStart])
        plan = reader.plan()
    except (NotReadable, ValueError, RuntimeError):
        checked.found(_place(event), "does not hold the request a case begins with")
        return
    if start.case_id != reader.manifest.case_id:
        checked.found(_place(event), "is the history of another case", reader.manifest.case_id, start.case_id)
    if start.plan.model_dump(mode="json") != plan:
        checked.found(Part.PLAN, "is not the plan that the case was started with, by its history")


def _end(event: HistoryEvent, reader: ArchiveReader, key: CaseKey | None, checked: Checked) -> None:
    """The ending that the engine has on record, and the one that is archived."""
    if event.event_type != EventType.EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED:
        checked.found(_place(event), "is the last event of the history, and no case ends like this")
        return
    try:
        payloads = event.workflow_execution_completed_event_attributes.result.payloads
        (end,) = data_converter.payload_converter.from_payloads(list(payloads), [CaseEnd])
        archived = reader.result(key)
    except (NotReadable, Tampered, ValueError, RuntimeError):
        checked.found(_place(event), "does not hold how the case ended")
        return
    then, now = end.model_dump(mode="json"), archived.model_dump(mode="json")
    for name in then:
        if then[name] != now[name]:
            checked.found(_place(event), f"its {name} is not the one of {Part.RESULT}", then[name], now[name])


def _place(event: HistoryEvent) -> str:
    kind = EventType.Name(event.event_type).removeprefix("EVENT_TYPE_").replace("_", " ").lower()
    return f"{Part.HISTORY} event {event.event_id} ({kind})"
