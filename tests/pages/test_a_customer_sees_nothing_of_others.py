"""Markers are planted wherever colleagues write and in another customer's case: none of them reaches a customer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from fastapi import FastAPI

from domain.case import Document, Hold, Information
from domain.documents.kinds import DocumentKind
from domain.events import Actor, EventKind
from domain.plan import Stage
from domain.tasks import TASKS
from domain.tasks.parts import CostKind, CostLine, Payer
from tests.pages.making import MadeCase
from tests.pages.strict_client import Browser

Make = Callable[..., MadeCase]
Project = Callable[[MadeCase], Awaitable[None]]
OURS = "INTERNAL-MARK"
THEIRS = "OTHER-CUSTOMER-MARK"
COLLEAGUE = Actor(user="lin", name=f"{OURS} colleague", role="customer_service")


def outcome_of(kind: str) -> dict[str, Any]:
    """An outcome with a mark in every field that holds text, except what a customer is told of a proposal or work."""
    shown = {"cause", "proposal", "solution", "explanation", "work_done", "adjusted", "instructions"}
    fields = TASKS[kind].form.model_fields
    return {name: "told to the customer" if name in shown else f"{OURS} {kind} {name}" for name in fields}


def marked(made: MadeCase) -> None:
    """A case in which colleagues left marks everywhere, and that waits for its customer."""
    for kind in (
        "contact_customer",
        "remote_diagnosis",
        "assign_engineer",
        "engineer_call",
        "site_visit",
        "site_repair",
    ):
        task = made.offer(kind, assignee="wei", reason=f"{OURS} reason", asked_by="lin", about=f"{OURS}-about")
        made.complete(task, outcome_of(kind))
    for kind in ("confirm_plan", "acceptance", "follow_up"):
        made.offer(kind, assignee="wei", reason=f"{OURS} open reason", asked_by="lin")
    for kind in ("acknowledge_breach", "special_case", "chase"):
        made.offer(kind, reason=f"{OURS} special", assignee="gao", escalation_level=2)
    made.note(EventKind.INFORMATION_ADDED, COLLEAGUE, data={"text": f"{OURS} note"})
    line = {"kind": CostKind.PARTS, "amount": "1.00", "rule": f"{OURS} rule"}
    costs = (
        CostLine.model_validate({**line, "text": f"{OURS} cost of ours", "payer": Payer.COMPANY, "amount": "777.77"}),
        CostLine.model_validate({**line, "text": "bearing", "payer": Payer.CUSTOMER}),
    )
    information = Information(at=made.now, by=COLLEAGUE, text=f"{OURS} information", attachments=("F-AAAAAAAAAAAA",))
    papers = [
        Document(
            document_id=f"{made.case_id}-{kind.value}",
            kind=kind.value,
            language="en",
            version=1,
            file="F-BBBBBBBBBBBB",
            sha256="0" * 64,
            size=10,
            issued_at=made.now,
            record_no=1,
            record_hash="0" * 64,
            remarks=(f"{OURS} remark",),
            by=COLLEAGUE,
            reason=f"{OURS} why again",
        ).model_dump()
        for kind in DocumentKind
    ]
    hold = Hold(reason=f"{OURS} pause", begins=made.now, until=made.now, ends=made.now, by=COLLEAGUE)
    made.change(
        costs=[one.model_dump() for one in costs],
        information=(information.model_dump(),),
        documents=papers,
        holds=(hold.model_dump(),),
        engineer="wei",
        special_case_open=True,
        opened_by=COLLEAGUE.model_dump(),
    )


@pytest.mark.parametrize("stage", list(Stage))
async def test_no_mark_of_ours_or_of_another_customer_is_on_any_page_of_a_link(
    app: FastAPI, anonymous: Browser, made_case: Make, project: Project, stage: Stage
) -> None:
    made, other = made_case(1, "Rattles"), made_case(2, THEIRS)
    for one in (made, other):
        marked(one)
        one.change(stage=stage)
        await project(one)
    path = app.state.parts.tracking.path(made.case_id)
    for address in (path, f"{path}?lang=zh-CN", f"{path}?said=opened", f"{path}/withdraw"):
        page = await anonymous.get(address)
        for mark in (OURS, THEIRS, "777.77", "Wei Shen", "Lin Yue", '"wei"', "escalat", other.case_id, "5550 0101"):
            assert mark not in page.source, (mark, address)
    page = await anonymous.get(path)
    assert "bearing" in page.text
    assert "told to the customer" in page.text


async def test_papers_that_are_ours_or_anothers_are_not_given_out(
    app: FastAPI, anonymous: Browser, made_case: Make, project: Project
) -> None:
    made, other = made_case(1), made_case(2)
    for one in (made, other):
        marked(one)
        await project(one)
    path = app.state.parts.tracking.path(made.case_id)
    page = await anonymous.get(path)
    given = {link.rpartition("-")[2] for link in page.links if "/documents/" in link}
    assert given == {kind.value for kind in DocumentKind} - {"archive_index", "inspection_report", "warranty_card"}
    for ours in ("archive_index", "inspection_report", "warranty_card"):
        await anonymous.get(f"{path}/documents/{made.case_id}-{ours}", 404)
    await anonymous.get(f"{path}/documents/{other.case_id}-quotation", 404)
    for name in ("x" * 300, "%00", "é", "..%2f.."):
        assert (await anonymous.client.get(f"{path}/documents/{name}")).status_code == 404


async def test_files_of_colleagues_and_of_other_cases_are_not_given_out(
    app: FastAPI, anonymous: Browser, made_case: Make, project: Project
) -> None:
    made = made_case(1)
    marked(made)
    await project(made)
    path = app.state.parts.tracking.path(made.case_id)
    for file in ("F-AAAAAAAAAAAA", "F-BBBBBBBBBBBB", "F-CCCCCCCCCCCC"):
        for way in (f"pictures/{file}", f"pictures/{file}/small", f"videos/{file}"):
            await anonymous.get(f"{path}/{way}", 404)
