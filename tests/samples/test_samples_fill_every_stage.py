"""The sample cases on the whole product: every resolution, late ones, a paused one, one before the general manager."""

from __future__ import annotations

import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.samples import read_samples
from core import settings as configuration

ROOT = Path(__file__).parents[2]
SAMPLES = read_samples(ROOT / "plans" / "samples")
WITHIN = 150.0

pytestmark = pytest.mark.stack


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A home whose samples are played."""
    home = tmp_path_factory.mktemp("samples") / "home"
    log = home.parent / "up.log"
    command = [sys.executable, "-m", "cli", "up", "--home", str(home), "--port", "0", "--sample-data"]
    with log.open("w") as out:
        product = subprocess.Popen(command, cwd=ROOT, stdout=out, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
        try:
            told = home / "logs" / "samples.log"
            until = time.monotonic() + WITHIN
            while not told.exists() or len(told.read_text().splitlines()) < len(SAMPLES):
                assert product.poll() is None, log.read_text()
                assert time.monotonic() < until, told.read_text() if told.exists() else log.read_text()
                time.sleep(0.3)
            yield home
        finally:
            product.terminate()
            product.wait(30)


@pytest.fixture(scope="module")
def api(home: Path) -> Iterator[httpx.Client]:
    made = subprocess.run(
        [sys.executable, "-m", "cli", "token", "admin", "--home", str(home)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    settings = configuration.load(home=home)
    headers = {"Authorization": f"Bearer {made.stdout.strip()}"}
    with httpx.Client(base_url=f"http://{settings.host}:{settings.port}/api/v1", headers=headers, timeout=30) as client:
        yield client


@pytest.fixture(scope="module")
def cases(api: httpx.Client) -> dict[str, dict[str, Any]]:
    """Every sample case by its key, once the read side shows it as it is."""

    def shown() -> dict[str, dict[str, Any]]:
        by_serial = {s.application["product"]["serial_number"]: s.key for s in SAMPLES}
        items = api.get("/cases").json()["items"]
        found = [api.get(f"/cases/{item['case_id']}").json() for item in items]
        return {by_serial[case["product"]["serial_number"]]: case for case in found}

    until = time.monotonic() + 20
    while sum(case["state"] == "closed" for case in shown().values()) < 3 and time.monotonic() < until:
        time.sleep(0.3)
    return shown()


def open_kinds(case: dict[str, Any]) -> set[str]:
    return {task["kind"] for task in case["tasks"]}


def test_every_sample_was_played_to_its_end_and_once(home: Path, cases: dict[str, dict[str, Any]]) -> None:
    told = (home / "logs" / "samples.log").read_text()
    assert "stopped" not in told
    assert sorted(cases) == sorted(sample.key for sample in SAMPLES)


def test_they_are_spread_over_the_stages(cases: dict[str, dict[str, Any]]) -> None:
    stages = Counter(case["stage"] for case in cases.values())
    assert set(stages) >= {"register", "diagnose", "dispatch", "resolve", "accept", "settle", "archive"}


def test_closed_ones_say_how_they_ended_and_have_their_file(
    api: httpx.Client, cases: dict[str, dict[str, Any]]
) -> None:
    assert cases["controller-archived"]["result"] == "resolved"
    assert cases["packer-withdrawn"]["result"] == "withdrawn"
    assert cases["power-unit-declined"]["result"] == "declined"
    issued = api.get(f"/cases/{cases['controller-archived']['case_id']}/documents").json()["items"]
    # in the plan's language, the customer's, which is the same here, and English
    papers = {(kind, language) for kind in ("service_confirmation", "archive_index") for language in ("zh-CN", "en")}
    assert papers <= {(document["kind"], document["language"]) for document in issued}
    for document in issued:
        assert api.get(f"/documents/{document['document_id']}").content.startswith(b"%PDF-")


def test_some_wait_for_the_reason_that_their_file_names(cases: dict[str, dict[str, Any]]) -> None:
    assert open_kinds(cases["power-unit-awaits-parts"]) == {"await_parts"}
    assert "workshop_inspection" in open_kinds(cases["packer-in-workshop"])
    assert "factory_inspection" in open_kinds(cases["spindle-at-factory"])
    assert "special_case" in open_kinds(cases["conveyor-at-general-manager"])
    assert "site_visit" in open_kinds(cases["conveyor-acceptance-refused"])
    assert open_kinds(cases["packer-settled"]) == {"follow_up"}
    assert cases["controller-waits-for-consent"]["state"] == "suspended"


def test_two_are_late_and_only_they(api: httpx.Client, cases: dict[str, dict[str, Any]]) -> None:
    late = {item["case_id"] for item in api.get("/cases", params={"overdue": "true"}).json()["items"]}
    assert late == {cases[key]["case_id"] for key in ("packer-overdue", "conveyor-call-late")}


def test_registered_ones_have_a_work_order(cases: dict[str, dict[str, Any]]) -> None:
    registered = [case for case in cases.values() if case["stage"] != "register"]
    numbers = [case["work_order"] for case in registered]
    assert all(numbers)
    assert len(set(numbers)) == len(numbers)
