"""On the whole product: the engine's command line reads histories for auditors alone, and a button checks a case."""

from __future__ import annotations

import base64
import re
import subprocess

import httpx

from core import settings
from core.embedded import binaries
from tests.platform.product import REQUEST, Product, eventually, run

NAME = b"Example Bearings"


def _payloads(product: Product, case_id: str, *options: str) -> list[bytes]:
    """Every payload of a case's history as the command line gets it."""
    engine = settings.load(home=product.home).temporal_address
    command = [str(binaries.temporal()), "workflow", "show", "--address", engine, "--workflow-id", case_id]
    told = subprocess.run(
        [*command, "--output", "json", *options], capture_output=True, text=True, timeout=60, check=True
    )
    return [base64.b64decode(one) for one in re.findall(r'"data": "([^"]*)"', told.stdout)]


def test_a_history_is_clear_to_an_auditor_and_a_replay_by_the_button_passes(product: Product) -> None:
    case_id = product.api().post("/cases", REQUEST)["case_id"]
    product.api().open_task(case_id, "contact_customer")
    token = run("token", "ning.shu", "--home", product.home).stdout.strip()
    sealed = _payloads(product, case_id)
    assert any(one.startswith(b"AC1") for one in sealed)
    assert not any(NAME in one for one in sealed)
    codec = ("--codec-endpoint", f"{product.address}/codec", "--codec-auth", f"Bearer {token}")
    clear = _payloads(product, case_id, *codec)
    assert any(NAME in one for one in clear)
    assert not any(one.startswith(b"AC1") for one in clear)

    record = f"{product.address}/cases/{case_id}/record"
    headers = {"Authorization": f"Bearer {token}", "Accept": "text/html"}
    with httpx.Client(headers=headers, timeout=30, trust_env=False) as auditor:
        assert auditor.post(record, data={"kind": "replay"}).status_code == 303

        def told() -> str:
            page = auditor.get(record).text
            return "" if "data-running" in page else page

        assert "nothing found" in eventually(told, within=60)
