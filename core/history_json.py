"""Histories as JSON: what the engine's tools, `aftercare case history` and archives write.

Protobuf's own reader of JSON looks up every field of every message anew, which took a third of a replay. This one keeps
what it learned of each kind of message, and leaves to the other what it does not know.
"""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import Message
from temporalio.api.history.v1 import History
from temporalio.client import WorkflowHistory

_WHOLE = frozenset(
    {
        FieldDescriptor.TYPE_INT64,
        FieldDescriptor.TYPE_UINT64,
        FieldDescriptor.TYPE_INT32,
        FieldDescriptor.TYPE_UINT32,
    }
)
_AS_THEY_ARE = frozenset({FieldDescriptor.TYPE_STRING, FieldDescriptor.TYPE_BOOL})


def history_of_json(text: bytes, name: str) -> WorkflowHistory:
    """Returns a history from its JSON; `name` is the workflow's id unless the history says it itself.

    Raises ValueError when it is no history.
    """
    try:
        events = _events(text, name)
        started = events[0].workflow_execution_started_event_attributes
    except (ValueError, KeyError, IndexError, TypeError, AttributeError) as wrong:
        raise ValueError(f"is no history as `aftercare case history` writes it: {wrong}") from None
    if not started.workflow_type.name:
        raise ValueError("is no history as `aftercare case history` writes it: its first event starts no workflow")
    return WorkflowHistory(started.workflow_id or name, events)


def _events(text: bytes, name: str) -> Any:
    history = History()
    try:
        _fill(history, json.loads(text))
    except (_Unknown, TypeError, AttributeError, KeyError):
        return WorkflowHistory.from_json(name, text.decode()).events
    return history.events


class _Unknown(ValueError):
    """A spelling that only protobuf's own reader, or the SDK's for the engine's older tools, knows."""


class _Field(NamedTuple):
    name: str
    repeated: bool
    is_map: bool
    message: bool
    read: Callable[[Any], Any]


def _fill(message: Any, data: dict[str, Any]) -> None:
    """Sets the fields of a message from plain JSON."""
    fields = _fields(message.DESCRIPTOR)
    for key, value in data.items():
        field = fields.get(key)
        if field is None:
            raise _Unknown(key)
        if value is None:
            continue
        if field.is_map or field.repeated:
            _fill_many(getattr(message, field.name), field, value)
        elif field.message:
            target = getattr(message, field.name)
            target.SetInParent()
            _set(target, value)
        else:
            setattr(message, field.name, field.read(value))


def _fill_many(target: Any, field: _Field, value: Any) -> None:
    if field.is_map:
        for inner, one in value.items():
            if field.message:
                _set(target[inner], one)
            else:
                target[inner] = field.read(one)
    elif field.message:
        for one in value:
            _set(target.add(), one)
    else:
        target.extend(map(field.read, value))


def _set(message: Message, value: Any) -> None:
    special = _SPECIAL.get(message.DESCRIPTOR.full_name)
    if special is not None:
        special(message, value)
    else:
        _fill(message, value)


@cache
def _fields(kind: Descriptor) -> dict[str, _Field]:
    found = {}
    for field in kind.fields:
        is_map = field.message_type is not None and field.message_type.GetOptions().map_entry
        inner = field.message_type.fields_by_name["value"] if is_map and field.message_type else field
        is_message = inner.type == FieldDescriptor.TYPE_MESSAGE
        read = _never if is_message else _reader(inner)
        one = _Field(field.name, bool(field.is_repeated), bool(is_map), is_message, read)
        found[field.json_name] = found[field.name] = one
    return found


def _reader(field: FieldDescriptor) -> Callable[[Any], Any]:
    if field.type == FieldDescriptor.TYPE_ENUM and field.enum_type is not None:
        numbers = {name: value.number for name, value in field.enum_type.values_by_name.items()}
        return lambda value: value if isinstance(value, int) else _number(numbers, value)
    if field.type == FieldDescriptor.TYPE_BYTES:
        return lambda value: b64decode(value, validate=True)
    if field.type in _WHOLE:
        return int
    if field.type in _AS_THEY_ARE:
        return lambda value: value
    if field.type in (FieldDescriptor.TYPE_DOUBLE, FieldDescriptor.TYPE_FLOAT):
        return float
    return _never


def _never(value: Any) -> Any:
    raise _Unknown(str(value))


def _number(numbers: dict[str, int], name: str) -> int:
    if name not in numbers:
        raise _Unknown(name)
    return numbers[name]


def _timestamp(message: Any, text: str) -> None:
    """An instant as `2026-11-22T05:35:08.032Z`, to the nanosecond."""
    if not text.endswith("Z"):
        raise _Unknown(text)
    whole, _, fraction = text[:-1].partition(".")
    message.seconds = int(datetime.fromisoformat(f"{whole}+00:00").timestamp())
    message.nanos = int(fraction.ljust(9, "0")) if fraction else 0


def _duration(message: Any, text: str) -> None:
    """A length as `43199.981s`, to the nanosecond."""
    if not text.endswith("s") or text.startswith("-"):
        raise _Unknown(text)
    whole, _, fraction = text[:-1].partition(".")
    message.seconds, message.nanos = int(whole), int(fraction.ljust(9, "0")) if fraction else 0


_SPECIAL: dict[str, Callable[[Any, Any], None]] = {
    "google.protobuf.Timestamp": _timestamp,
    "google.protobuf.Duration": _duration,
}
_OTHERS = ("Any", "Struct", "Value", "ListValue", "FieldMask", "Empty", "BoolValue", "StringValue", "Int32Value")
_SPECIAL |= {f"google.protobuf.{name}": lambda _message, value: _never(value) for name in _OTHERS}
"""Kinds of messages that JSON spells in a way of their own."""
