"""M6: the handover form says what was taken back, in which condition, who signed for it, and by when it is fixed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain.case import CaseState, Done, PromisedDate, TaskState, TaskStatus
from domain.documents.kinds import DocumentKind
from domain.documents.order import DocumentOrder
from domain.events import Actor
from domain.plan import Stage
from domain.tasks import WaitsFor
from tests.documents.test_papers_say_what_the_case_says import block, paper, said

SHEN = Actor(user="shen.tao", name="沈涛", role="engineer")


@pytest.fixture
def handover(order: DocumentOrder, case: CaseState) -> DocumentOrder:
    at = order.ordered_at - timedelta(hours=1)
    outcome = {
        "result": "taken_back",
        "items": [{"item": "控制板，1 块", "serial_number": "CB-77", "condition": "板边有烧痕"}],
        "signed_by": "周女士",
        "signature": "electronic",
        "evidence": "平板上的电子签名",
    }
    done = Done(
        by=SHEN, happened_at=at, entered_at=at, on_behalf_of=None, submission_id="s-1", kept=True, late_entry=False
    )
    task = TaskState(
        key="hand_over", kind="hand_over", stage=Stage.RESOLVE, role="engineer", waits_for=WaitsFor.US,
        status=TaskStatus.COMPLETED, outcome=outcome, done=done,
    )  # fmt: skip
    promise = PromisedDate(promised_for=at + timedelta(days=3), given_at=at, by=SHEN, told="周女士")
    return order.model_copy(
        update={
            "kind": DocumentKind.HANDOVER_FORM,
            "tasks": (task,),
            "case": case.model_copy(update={"promises": (promise,)}),
        }
    )


@pytest.mark.clause("M6")
def test_items_stand_with_serial_number_and_condition(handover: DocumentOrder) -> None:
    assert paper(handover)["title"] == "交接单"
    assert block(handover, "Items taken back")["rows"] == [["控制板，1 块", "CB-77", "板边有烧痕"]]


@pytest.mark.clause("M5", "M6")
def test_who_signed_and_the_promised_date_stand_below(handover: DocumentOrder) -> None:
    rows = {english: value for _, english, value, _ in block(handover, "Handover")["rows"]}
    assert rows["Signed by"] == "周女士"
    assert rows["Recorded by"] == "沈涛, 工程师"
    assert {english: value for _, english, value, _ in block(handover, "Return")["rows"]}["Promised date"]


@pytest.mark.clause("M6")
def test_a_case_file_tells_the_items_in_a_line_each(handover: DocumentOrder) -> None:
    text = said(paper(handover.model_copy(update={"kind": DocumentKind.ARCHIVE_INDEX})))
    assert "控制板，1 块 · CB-77 · 板边有烧痕" in text
