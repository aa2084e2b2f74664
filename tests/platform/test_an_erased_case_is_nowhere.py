"""Marked values in every field that can tell of a person, one case from request to archive, then grep everything.

The engine's files, ids and search attributes and all logs hold none of it in clear at any time; after the erasure
nothing below the home does.
"""

from __future__ import annotations

import asyncio
import base64
import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image
from temporalio.api.workflowservice.v1 import ListWorkflowExecutionsRequest
from temporalio.client import Client

from domain.clocks import Pace
from tests.platform.product import Api, Product, eventually, run

pytestmark = pytest.mark.stack
MARK = "Zwetschgenmus"
_DESCRIPTION, _ARTIST = 0x010E, 0x013B


def photo() -> bytes:
    """A photo whose camera says whose it is."""
    exif = Image.Exif()
    exif[_DESCRIPTION], exif[_ARTIST] = f"at {MARK}'s", MARK
    made = io.BytesIO()
    Image.new("RGB", (640, 480), "steelblue").save(made, "JPEG", exif=exif, comment=MARK.encode())
    return made.getvalue()


def request(file: str) -> dict[str, Any]:
    """A request for service; what is no person's own is not marked: plan, channel, kind of issue."""
    person = {"name": f"{MARK} & Sons", "contact_name": f"Anna {MARK}", "phone": "+49 30 5550 4711"}
    person |= {"email": f"{MARK}@example.com", "region": f"{MARK}-North", "address": f"{MARK} Lane 7", "language": "en"}
    return {
        "plan": "rapid-response",
        "channel": "phone",
        "customer": person,
        "product": {"model": f"PX-{MARK}", "serial_number": f"{MARK}-0001", "specification": f"for {MARK}"},
        "problem": {"category": "noise", "description": f"{MARK} hears it rattle"},
        "request": "repair",
        "attachments": [file],
    }


def outcomes(engineer: str, file: str, when: str) -> dict[str, dict[str, Any]]:
    """What people enter until the case is archived, each text marked."""
    note = {"notes": f"{MARK} was kind"}
    cost = {"kind": "parts", "text": f"Bearing for {MARK}", "amount": "120.00"}
    return {
        "contact_customer": {"reached": "yes", "requirement": f"{MARK} wants it quiet", **note},
        "remote_diagnosis": {
            "result": "complex", "findings": f"{MARK}'s bearing", "explanation": f"told {MARK}", **note,
        },
        "assign_engineer": {"engineer": engineer, "reason": f"knows {MARK}"},
        "engineer_call": {"reached": "yes", "method": "on_site", "appointment": when, "place": f"{MARK} Lane 7"},
        "site_visit": {
            "result": "inspected", "cause": f"{MARK} oiled it", "proposal": "repair", "explanation": f"to {MARK}",
            "warranty": "out", "conditions_of_use": "met", "responsibility": "product", "costs": [cost],
            "attachments": [file], **note,
        },
        "confirm_plan": {"decision": "confirmed", "given_by": MARK, "evidence": f"{MARK} signed", **note},
        "site_repair": {"result": "solved", "work_done": f"at {MARK}'s", "instructions": f"{MARK} greases it"},
        "acceptance": {
            "decision": "accepted", "checks": f"{MARK} listened", "signed_by": MARK, "signature": "electronic",
            "evidence": f"{MARK} signed here", "attachments": [file],
        },
        "settlement": {
            "cost_list": f"Handed to {MARK}", "payment": "paid", "amount": "120.00", "reference": f"{MARK}-1",
        },
        "follow_up": {"reached": "yes", "satisfaction": 5, "feedback": f"{MARK} is glad", "suggestions": MARK},
    }  # fmt: skip


def play(product: Product, api: Api) -> str:
    """A case from its request to its end; returns its number."""
    upload = {"file": (f"{MARK}.jpg", photo(), "image/jpeg")}
    answer = api.client.post("/attachments", files=upload)
    assert answer.is_success, answer.text
    file = answer.json()["attachment_id"]
    case_id = api.post("/cases", request(file))["case_id"]
    api.post(f"/cases/{case_id}/signals/add_information", {"text": f"{MARK} rang again", "attachments": [file]})
    remembered = json.loads((product.home / "settings.json").read_text())
    pace = Pace(epoch=datetime.fromisoformat(remembered["epoch"]), speed=remembered["speed"])
    when = (pace.virtual(datetime.now(UTC)) + timedelta(days=1)).isoformat()
    engineer = next(one["user"] for one in api.get("/engineers")["items"])
    todo = outcomes(engineer, file, when)
    for kind, outcome in todo.items():
        told = {"party": "customer", "name": f"Anna {MARK}", "evidence": f"{MARK} rang"}
        task = api.open_task(case_id, kind)
        body = {"outcome": outcome, "submission_id": f"s-{kind}"}
        if kind in ("confirm_plan", "acceptance"):
            body["on_behalf_of"] = told
        api.post(f"/tasks/{task['task_id']}/complete", body)
    eventually(lambda: api.get(f"/cases/{case_id}").get("closed_at"))
    return str(case_id)


def telling(folder: Path) -> list[str]:
    """The files below a folder that hold the mark: as it is, in any case of letters, in base64 or in hexadecimal."""
    plain = MARK.lower().encode()
    # of the inside alone: the ends of base64 depend on what stands around it
    coded = [base64.b64encode(b"\0" * shift + MARK.encode())[4:-4] for shift in range(3)]
    wanted = [plain, plain.hex().encode(), *(one.lower() for one in coded)]
    found = []
    for file in sorted(one for one in folder.rglob("*") if one.is_file()):
        content = file.read_bytes().lower()
        if any(one in content for one in wanted) or MARK.lower() in str(file).lower():
            found.append(str(file.relative_to(folder)))
    return found


def stored(product: Product) -> set[Path]:
    """Every photo and paper there is."""
    return {path for path in (product.home / "attachments").rglob("*") if path.is_file()}


async def shown_by_the_engine(home: Path) -> bytes:
    """Ids, search attributes, memos and summaries of every workflow, as anybody can list them."""
    address = json.loads((home / "settings.json").read_text())["temporal_address"]
    client = await Client.connect(address)
    listed = await client.workflow_service.list_workflow_executions(
        ListWorkflowExecutionsRequest(namespace=client.namespace, page_size=1000)
    )
    assert listed.executions
    described = [await client.get_workflow_handle(one.execution.workflow_id).describe() for one in listed.executions]
    return listed.SerializeToString() + b"".join(one.raw_description.SerializeToString() for one in described)


def test_nothing_of_a_case_is_in_clear_at_the_engine_and_after_its_erasure_nowhere(product: Product) -> None:
    api = product.api()
    others = stored(product)
    case_id = play(product, api)
    archived = run("audit", "archive", case_id, "--home", product.home)
    assert archived.returncode == 0, archived.stderr
    before = telling(product.home)
    assert "aftercare.db" in " ".join(before), "the control: the mark is found where it is"
    assert any(name.startswith("attachments") for name in before), "and in the photo's own words"
    outside = [name for name in before if not name.startswith(("aftercare.db", "attachments"))]
    assert outside == [], "no log, no file of the engine or of the keys, no archive tells it"
    assert any(path.suffix == ".aftercare" for path in product.home.rglob("*"))
    assert MARK.encode() not in asyncio.run(shown_by_the_engine(product.home))
    assert MARK not in product.text
    for address in ("/metrics", "/healthz", "/readyz"):
        assert MARK not in httpx.get(product.address + address, trust_env=False).text

    erased = run("audit", "erase", case_id, "--reason", "the customer asked for it", "--home", product.home)
    assert erased.returncode == 0, erased.stdout + erased.stderr
    assert telling(product.home) == []
    assert MARK not in product.text
    assert stored(product) == others, "papers are compressed: a grep finds nothing in them, so none may be there"
    shown = api.get(f"/cases/{case_id}")
    assert (shown["state"], shown["finished"], shown["stays"]) == ("closed", True, [])
    assert MARK not in api.client.get("/cases").text

    verified = run("audit", "verify", *product.home.rglob("*.aftercare"), "--home", product.home)
    assert verified.returncode == 0, verified.stdout + verified.stderr
    again = run("audit", "erase", "--again", "--home", product.home)
    assert (again.returncode, again.stdout) == (0, "0 erased again or finished\n"), again.stderr
    history = run("case", "history", case_id, "--home", product.home)
    assert history.returncode == 0, "the engine still has it"
    assert MARK not in history.stdout
