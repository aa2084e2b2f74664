"""The one place that connects to Temporal."""

from __future__ import annotations

import asyncio
import time

from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest, ListSearchAttributesRequest
from temporalio.client import Client
from temporalio.converter import DataConverter
from temporalio.service import RPCError, RPCStatusCode

from core import search_attributes
from core.codec import sealing_converter
from core.errors import NotConfigured, Unavailable
from core.keys import KeyRing, open_keys
from core.settings import Settings

_FIRST_PAUSE = 0.05
_LONGEST_PAUSE = 1.0


async def connect(
    settings: Settings, identity: str, keys: KeyRing | None = None, converter: DataConverter | None = None
) -> Client:
    """A client of the configured namespace with the search attributes of a case in place.

    Tries again while the server cannot be reached, for ``settings.temporal_timeout`` seconds.

    Args:
        settings: address, namespace and timeout.
        identity: who this process is, shown in histories (``worker@host``); never a person.
        keys: seals what the client sends and opens what it gets; the installation's own when left out.
        converter: in the place of the one that seals, to measure what goes on without.

    Raises:
        Unavailable: the server did not answer in time.
        NotConfigured: it answers and knows no such namespace, or no master key is set.
    """
    converter = converter or sealing_converter(keys or open_keys(settings))
    until = time.monotonic() + settings.temporal_timeout
    pause = _FIRST_PAUSE
    while True:
        try:
            client = await Client.connect(
                settings.temporal_address,
                namespace=settings.temporal_namespace,
                data_converter=converter,
                identity=identity,
            )
            await ensure_search_attributes(client, until=until)
        except (RuntimeError, RPCError) as error:  # the SDK raises RuntimeError when it cannot connect at all
            if isinstance(error, RPCError) and error.status is RPCStatusCode.PERMISSION_DENIED:
                raise NotConfigured(
                    f"the engine refused us: {error.message}", field="AFTERCARE_TEMPORAL_ADDRESS"
                ) from None
            if time.monotonic() + pause > until:
                raise _explain(settings, error) from None
            await asyncio.sleep(pause)
            pause = min(pause * 1.6, _LONGEST_PAUSE)
        else:
            return client


async def ensure_search_attributes(client: Client, *, until: float | None = None) -> None:
    """Register the search attributes that the namespace lacks, and wait until it shows them.

    Args:
        client: connected to the namespace.
        until: instant of `time.monotonic` at which waiting ends; ten seconds from now by default.

    Raises:
        RPCError: the server refused, or is not ready yet.
        Unavailable: registered and not visible in time.
    """
    until = time.monotonic() + 10 if until is None else until
    wanted = {key.name: IndexedValueType.ValueType(key.indexed_value_type) for key in search_attributes.ALL}
    known = await _known(client)
    missing = {name: kind for name, kind in wanted.items() if name not in known}
    if not missing:
        return
    try:
        await client.operator_service.add_search_attributes(
            AddSearchAttributesRequest(search_attributes=missing, namespace=client.namespace)
        )
    except RPCError as error:
        if error.status is not RPCStatusCode.ALREADY_EXISTS:  # another process was quicker
            raise
    while not wanted.keys() <= await _known(client):
        if time.monotonic() > until:
            raise Unavailable("the engine has not made the search attributes of a case available yet; try again")
        await asyncio.sleep(0.1)


async def _known(client: Client) -> set[str]:
    answer = await client.operator_service.list_search_attributes(
        ListSearchAttributesRequest(namespace=client.namespace)
    )
    return set(answer.custom_attributes)


def _explain(settings: Settings, error: RuntimeError | RPCError) -> NotConfigured | Unavailable:
    if isinstance(error, RPCError) and error.status is RPCStatusCode.NOT_FOUND:
        return NotConfigured(
            f"Temporal at {settings.temporal_address} has no namespace {settings.temporal_namespace!r}; create it",
            field="AFTERCARE_TEMPORAL_NAMESPACE",
        )
    return Unavailable(
        f"Temporal at {settings.temporal_address} did not answer within {settings.temporal_timeout:g} s: "
        "start it (`aftercare up` does), or set AFTERCARE_TEMPORAL_ADDRESS"
    )
