"""R8, R10: the papers of a case, read back from the PDF's content."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import BaseModel

from activities.document_content import content
from activities.document_content.entered import choices
from domain.case import Content, Correction, Direction, FaultCategory, Shipment, ShipmentState, TaskStatus, Wish
from domain.case.shipments import TITLES as TITLES_OF_SHIPMENTS
from domain.documents.kinds import DocumentKind
from domain.documents.order import DocumentOrder
from domain.tasks import TASKS
from domain.tasks.parts import CostKind, Payer
from domain.texts import LANGUAGES, nearest, translations
from tests.documents.conftest import LIN


def said(data: Any) -> str:
    """Every text of a document's content, one a line."""
    if isinstance(data, dict):
        return "\n".join(said(value) for value in data.values())
    return "\n".join(said(value) for value in data) if isinstance(data, (list, tuple)) else str(data)


def paper(order: DocumentOrder) -> dict[str, Any]:
    """A document as the template gets it, in the first language of its order."""
    return content(order, order.languages[0], "D-1").data


def block(order: DocumentOrder, english: str) -> dict[str, Any]:
    blocks: dict[str, dict[str, Any]] = {title: b for b in paper(order)["blocks"] for title in b["title"] if title}
    return blocks[english]


def test_a_confirmation_names_customer_product_work_and_costs_in_chinese_with_english_beside(
    order: DocumentOrder,
) -> None:
    text = said(paper(order))
    for expected in ("服务确认单", "Service confirmation", "RR-2026-000418", "临江样例包装有限公司", "AX2-250311-0042"):
        assert expected in text
    assert "更换轴承，校准主轴，试车 30 分钟。" in text
    assert "¥1,360.50" in text


def test_costs_are_totalled_for_each_who_pays(order: DocumentOrder) -> None:
    assert [row[1] for row in block(order, "Costs")["totals"]] == ["¥168.00", "¥1,360.50"]


def test_an_unsigned_confirmation_leaves_room_to_sign(order: DocumentOrder) -> None:
    assert block(order, "Acceptance")["kind"] == "signature"


def test_a_signed_confirmation_says_who_signed_how_and_who_recorded_it(case_file: DocumentOrder) -> None:
    signed = case_file.model_copy(update={"kind": DocumentKind.SERVICE_CONFIRMATION, "languages": ("en",)})
    rows = {label: value for label, _, value, _ in block(signed, "Acceptance")["rows"]}
    assert rows["Signed by"] == "周女士"
    assert rows["Signature"] == "On paper, scanned in"
    assert rows["Recorded by"] == "沈涛, Engineer"


def test_next_steps_told_on_the_telephone_are_not_sold_as_work(order: DocumentOrder) -> None:
    assert "工程师将在 30 分钟内致电约时间。" not in said(paper(order))


def test_a_case_file_shows_each_task_with_its_promise_and_its_lateness(case_file: DocumentOrder) -> None:
    entries = block(case_file, "Tasks")["entries"]
    call = next(entry for entry in entries if "Call the customer and agree the service" in entry["title"])
    assert call["late"]
    assert call["state"] == "逾期完成"
    rows = {english: value for _, english, value, _ in call["rows"]}
    assert rows["Appointment"] == "2026-11-19 14:00", "times are shown in the zone of the case"
    assert rows["Promised for"] == "2026-11-18 13:00"


def test_a_case_file_names_on_whose_behalf_something_was_entered(case_file: DocumentOrder) -> None:
    assert "客户: 周女士\n纸质表单 17" in said(paper(case_file))


def test_a_case_file_lists_what_travelled_both_ways(case_file: DocumentOrder) -> None:
    content_ = (Content(item="AX-200", serial_number="AX2-7"),)
    back = Shipment(
        no=1, direction=Direction.OUT, state=ShipmentState.LOST, content=content_, carrier="GLS", tracking_number="G-5"
    )
    sent = case_file.model_copy(update={"case": case_file.case.model_copy(update={"shipments": (back,)})})
    [row] = block(sent, "Shipments")["rows"]
    assert row[1:3] == ["寄给客户的货物丢失\nAX-200 AX2-7", "GLS\nG-5"]


@pytest.mark.clause("R10", "X11")
def test_a_case_file_says_what_is_right_beside_what_was_entered(case_file: DocumentOrder) -> None:
    wrong = case_file.tasks[0]
    right = Correction(at=case_file.ordered_at, by=LIN, event=7, task=wrong.key, text="周四交货，不是周五")
    corrected = case_file.model_copy(update={"case": case_file.case.model_copy(update={"corrections": (right,)})})
    [row] = block(corrected, "Corrections")["rows"]
    assert row[1:] == ["林悦", "7\n联系客户", "周四交货，不是周五"]
    assert "周五" in said(paper(corrected)), "the entry itself stands as it was made"


def test_an_open_task_stands_in_the_file_as_open(case_file: DocumentOrder) -> None:
    waiting = case_file.tasks[0].model_copy(update={"status": TaskStatus.READY, "done": None, "outcome": None})
    entries = block(case_file.model_copy(update={"tasks": (waiting,)}), "Tasks")["entries"]
    assert entries[0]["state"] == "待处理"


@pytest.mark.parametrize(("asked", "given"), [("it-IT", "it"), ("zh-CN", "zh-CN"), ("en-GB", "en"), ("fi", "en")])
def test_a_reader_gets_the_nearest_language_we_write(asked: str, given: str) -> None:
    assert nearest(asked) == given


def test_every_declared_text_is_translated() -> None:
    def texts_of(model: type[BaseModel]) -> set[str]:
        titles = {field.title or name for name, field in model.model_fields.items()}
        return titles | {c.title_text for f in model.model_fields.values() for e in choices(f.annotation) for c in e}

    needed = {kind.title_text for kind in DocumentKind} | {task.title for task in TASKS.values()}
    needed |= {text for task in TASKS.values() for text in texts_of(task.form)}
    needed |= set(TITLES_OF_SHIPMENTS.values())
    needed |= {member.title_text for choice in (Wish, FaultCategory, CostKind, Payer) for member in choice}
    for language in LANGUAGES:
        if language != "en":
            assert sorted(needed - set(translations(language))) == [], language
