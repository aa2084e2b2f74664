"""The payload codec: what the engine keeps of a case is sealed with the case's key.

It stands in the one connection place, so that client, worker and replays of audits use the same. A payload says which
key sealed it; without a workflow that it belongs to nothing is sealed, since it could not be erased with its case.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Self

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message
from temporalio.api.common.v1 import Payload
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import WorkflowHistory
from temporalio.converter import (
    ActivitySerializationContext,
    DataConverter,
    DefaultFailureConverterWithEncodedAttributes,
    PayloadCodec,
    SerializationContext,
    WithSerializationContext,
    WorkflowSerializationContext,
)

from core.keys import CaseKey, KeyDestroyed, KeyRing, subject_of
from core.payloads import SharedConverter

ENCODING = b"binary/encrypted"
KEY_ID = "encryption-key-id"
_PURPOSE = "payload"


class CaseCodec(PayloadCodec, WithSerializationContext):
    """Seals and opens the payloads of one subject; without a context it only opens."""

    def __init__(self, keys: KeyRing, subject: str | None = None) -> None:
        self.keys, self.subject = keys, subject

    def with_context(self, context: SerializationContext) -> Self:
        """Returns the codec of the workflow that the payloads belong to."""
        workflow_id = None
        if isinstance(context, WorkflowSerializationContext | ActivitySerializationContext):
            workflow_id = context.workflow_id
        subject = subject_of(workflow_id) if workflow_id else None
        return self if subject == self.subject else type(self)(self.keys, subject)

    async def encode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """Seals payloads. Raises KeyDestroyed, Unavailable; ValueError when nobody said whose they are."""
        if not payloads:
            return []
        if self.subject is None:
            raise ValueError("a payload belongs to no workflow, so no key can be chosen for it")
        key = await self.keys.for_subject(self.subject)
        return [
            Payload(
                metadata={"encoding": ENCODING, KEY_ID: key.key_id.encode()},
                data=key.seal(payload.SerializeToString(), _PURPOSE),
            )
            for payload in payloads
        ]

    async def decode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """Opens what is sealed and leaves the rest as it is. Raises KeyDestroyed, KeyUnknown, Tampered, Unavailable."""
        return [await self._opened(payload) for payload in payloads]

    async def _opened(self, payload: Payload) -> Payload:
        if payload.metadata.get("encoding") != ENCODING:
            return payload
        key = await self.keys.by_id(payload.metadata[KEY_ID].decode(errors="replace"))
        return open_payload(payload, key)


def open_payload(payload: Payload, key: CaseKey) -> Payload:
    """Returns what a sealed payload holds. Raises Tampered."""
    return Payload.FromString(key.open(payload.data, _PURPOSE))


def sealing_converter(keys: KeyRing) -> DataConverter:
    """Returns what clients and workers use: JSON by pydantic, sealed; messages of failures are sealed too."""
    return DataConverter(
        payload_converter_class=SharedConverter,
        payload_codec=CaseCodec(keys),
        failure_converter_class=DefaultFailureConverterWithEncodedAttributes,
    )


async def decoded(history: WorkflowHistory, keys: KeyRing) -> WorkflowHistory:
    """Returns a copy of a history with every payload open, for replays with the plain converter.

    Raises KeyDestroyed for an erased case, KeyUnknown, Tampered, Unavailable.
    """
    codec = CaseCodec(keys)
    events = []
    for event in history.events:
        copied = HistoryEvent()
        copied.CopyFrom(event)
        for payload in payloads_in(copied):
            if payload.metadata.get("encoding") == ENCODING:
                (opened,) = await codec.decode([payload])
                payload.CopyFrom(opened)
        events.append(copied)
    return replace(history, events=events)


async def readable(history: WorkflowHistory, keys: KeyRing) -> WorkflowHistory:
    """Returns a history as `decoded` does, and that of an erased case as the engine has it."""
    try:
        return await decoded(history, keys)
    except KeyDestroyed:
        return history


def payloads_in(message: Message) -> list[Payload]:
    """Returns every payload in a message of the engine, however deep, as the objects they are."""
    found: list[Payload] = []
    waiting: list[Message] = [message]
    while waiting:
        one = waiting.pop()
        if isinstance(one, Payload):
            found.append(one)
            continue
        for field, value in one.ListFields():
            if field.type != FieldDescriptor.TYPE_MESSAGE or field.message_type is None:
                continue
            if field.message_type.GetOptions().map_entry:
                if field.message_type.fields_by_name["value"].type == FieldDescriptor.TYPE_MESSAGE:
                    waiting.extend(value.values())
            elif field.is_repeated:
                waiting.extend(value)
            else:
                waiting.append(value)
    return found
