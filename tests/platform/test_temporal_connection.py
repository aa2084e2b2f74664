from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from temporalio.api.operatorservice.v1 import ListSearchAttributesRequest

from core import search_attributes, settings
from core.embedded import binaries, ports
from core.errors import NotConfigured, Unavailable
from core.settings import Settings
from core.temporal import connect


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    port = ports.free()
    line = [str(binaries.temporal()), "server", "start-dev", "--headless", "--ip", "127.0.0.1", "--port", str(port)]
    with subprocess.Popen([*line, "--log-level", "never"], stdout=subprocess.DEVNULL) as server:
        yield f"127.0.0.1:{port}"
        server.terminate()


def of(address: str, home: Path, **changed: object) -> Settings:
    return settings.load(home=home, temporal_address=address, master_keys=f"m1:{'5a' * 32}", **changed)


async def test_it_waits_for_a_server_that_is_still_starting_and_registers_the_search_attributes(
    address: str, tmp_path: Path
) -> None:
    await connect(of(address, tmp_path, temporal_timeout=60), "test")
    client = await connect(of(address, tmp_path, temporal_timeout=60), "test")  # finds them there
    listed = await client.operator_service.list_search_attributes(ListSearchAttributesRequest(namespace="default"))
    assert {key.name for key in search_attributes.ALL} <= set(listed.custom_attributes)
    assert client.identity == "test"


async def test_an_unknown_namespace_is_named(address: str, tmp_path: Path) -> None:
    await connect(of(address, tmp_path, temporal_timeout=60), "test")
    with pytest.raises(NotConfigured, match="has no namespace 'nowhere'; create it"):
        await connect(of(address, tmp_path, temporal_namespace="nowhere", temporal_timeout=1), "test")


async def test_nobody_listening_is_said_in_time_with_what_to_do(tmp_path: Path) -> None:
    begun = time.monotonic()
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))  # bound and not listening: refuses
        refusing = f"127.0.0.1:{closed.getsockname()[1]}"
        with pytest.raises(Unavailable, match=r"did not answer within 1 s: start it \(`aftercare up` does\)"):
            await connect(of(refusing, tmp_path, temporal_timeout=1), "test")
    assert time.monotonic() - begun < 5
