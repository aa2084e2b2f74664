from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from check_jsonschema import main as check_jsonschema
from click.testing import CliRunner
from ruamel.yaml import YAML

from core import search_attributes
from core.embedded import binaries, ports
from core.settings import Settings
from tests.platform.product import eventually

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = ROOT / "docker-compose.yml"
SECRETS = {
    "POSTGRES_PASSWORD",
    "TEMPORAL_DB_PASSWORD",
    "AFTERCARE_DB_PASSWORD",
    "AFTERCARE_SESSION_SECRET",
    "AFTERCARE_MASTER_KEYS",
    "AFTERCARE_SIGNING_KEYS",
}


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    read: dict[str, Any] = YAML(typ="safe").load(COMPOSE)
    return read


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for inner in value.values():
            yield from strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from strings(inner)
    else:
        yield str(value)


def test_the_file_is_valid_against_the_compose_specification() -> None:
    checked = CliRunner().invoke(check_jsonschema, ["--builtin-schema", "vendor.compose-spec", str(COMPOSE)])
    assert checked.exit_code == 0, checked.output


def test_every_secret_must_be_given_and_none_has_a_default(compose: dict[str, Any]) -> None:
    named = {found for text in strings(compose) for found in re.findall(r"\$\{(\w+):\?[^}]+\}", text)}
    assert named >= SECRETS
    for text in strings(compose):
        for name in re.findall(r"(?<!\$)\$\{(\w+)(?!\w|:\?)", text):
            assert name not in SECRETS, text


def test_the_example_of_the_secrets_names_all_of_them_and_gives_none(compose: dict[str, Any]) -> None:
    wanted = {found for text in strings(compose) for found in re.findall(r"(?<!\$)\$\{(\w+)", text)}
    lines = [line for line in (ROOT / "production.env.example").read_text().splitlines() if line and line[0] != "#"]
    assert {line.split("=", 1)[0] for line in lines} == wanted
    assert all(line.endswith("=") for line in lines)


def test_every_variable_of_ours_is_a_setting(compose: dict[str, Any]) -> None:
    known = {f"AFTERCARE_{name.upper()}" for name in Settings.model_fields}
    for service in ("migrate", "worker", "api"):
        assert set(compose["services"][service]["environment"]) <= known


def test_images_are_pinned(compose: dict[str, Any]) -> None:
    for name, service in compose["services"].items():
        assert re.search(r":\d+(\.\d+)*$", service["image"]), name


def test_what_needs_the_engine_waits_for_its_namespace_and_our_schema(compose: dict[str, Any]) -> None:
    for service in ("worker", "api"):
        waits = compose["services"][service]["depends_on"]
        assert set(waits) == {"migrate", "temporal-namespace"}
        assert {entry["condition"] for entry in waits.values()} == {"service_completed_successfully"}


def test_nothing_but_the_pages_and_the_staffs_view_is_published_and_only_on_this_machine(
    compose: dict[str, Any],
) -> None:
    published = {name: service["ports"] for name, service in compose["services"].items() if "ports" in service}
    assert set(published) == {"api", "temporal-ui"}
    assert all(str(port).startswith("127.0.0.1:") for listed in published.values() for port in listed)


def test_the_namespace_job_works_on_the_real_server_and_can_be_run_again(
    compose: dict[str, Any], tmp_path: Path
) -> None:
    script = compose["configs"]["temporal-namespace"]["content"].replace("$$", "$")
    binary, port = str(binaries.temporal()), ports.free()
    address = f"127.0.0.1:{port}"
    job = compose["services"]["temporal-namespace"]["environment"]
    environment = {
        **job,
        "TEMPORAL_ADDRESS": address,
        "PATH": f"{Path(binary).parent}:/usr/bin:/bin",
        "HOME": str(tmp_path),
    }
    server = [
        binary,
        "server",
        "start-dev",
        "--headless",
        "--ip",
        "127.0.0.1",
        "--port",
        str(port),
        "--log-level",
        "never",
    ]
    with subprocess.Popen(server, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:
        try:
            health = [binary, "operator", "cluster", "health", "--address", address]
            eventually(lambda: subprocess.run(health, capture_output=True, check=False).returncode == 0)
            for _ in range(2):
                done = subprocess.run(
                    ["sh", "-c", script], env=environment, capture_output=True, text=True, check=False
                )
                assert done.returncode == 0, done.stdout + done.stderr
            listed = subprocess.run(
                [binary, "operator", "search-attribute", "list", "--address", address, "--namespace", "aftercare"],
                capture_output=True,
                text=True,
                check=True,
            ).stdout
            for key in search_attributes.ALL:
                assert re.search(rf"{key.name}\s+{key.indexed_value_type.name.capitalize()}", listed)
        finally:
            running.terminate()


def test_the_image_holds_every_layer_and_no_state() -> None:
    copied = set(re.findall(r"^COPY (\w+) \w+$", (ROOT / "Dockerfile").read_text(), re.MULTILINE))
    assert copied == {"core", "domain", "store", "activities", "workflows", "api", "plans"}
    allowed = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    assert copied <= allowed
