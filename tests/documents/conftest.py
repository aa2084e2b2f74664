"""Cases to print: made of the domain's own models, so that what is tested is what a workflow orders."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from domain.case import Application, CaseState, ConsentGiven, Done, OnBehalfOf, Result, TaskState, TaskStatus
from domain.documents.kinds import DocumentKind
from domain.documents.order import DocumentOrder, RecordPoint
from domain.events import Actor
from domain.plan import Stage
from domain.tasks import TASKS
from domain.tasks.parts import CostLine

AT = datetime(2026, 11, 18, 1, 30, tzinfo=UTC)
LIN = Actor(user="lin.yue", name="林悦", role="customer_service")
SHEN = Actor(user="shen.tao", name="沈涛", role="engineer")


def task(kind: str, stage: Stage, hours: float, by: Actor, outcome: dict[str, Any], *, late: bool = False) -> TaskState:
    """A completed task; `outcome` is checked by its form, so that no test prints what a case could not hold."""
    TASKS[kind].read(outcome)
    at = AT + timedelta(hours=hours)
    behalf = OnBehalfOf(party="customer", name="周女士", evidence="纸质表单 17") if TASKS[kind].speaks_for else None
    return TaskState(
        key=kind,
        kind=kind,
        stage=stage,
        role=by.role,
        status=TaskStatus.COMPLETED,
        waits_for=TASKS[kind].waits_for,
        offered_at=at - timedelta(hours=1),
        first_due_at=at + timedelta(hours=-0.5 if late else 3),
        due_at=at + timedelta(hours=3),
        breached_at=at if late else None,
        escalation_level=1 if late else 0,
        ended_at=at,
        outcome=outcome,
        done=Done(
            by=by,
            happened_at=at - timedelta(minutes=20),
            entered_at=at,
            on_behalf_of=behalf,
            submission_id=f"s-{kind}",
            kept=not late,
            late_entry=False,
        ),
    )


APPLICATION = {
    "plan": "rapid-response",
    "channel": "phone",
    "customer": {
        "name": "临江样例包装有限公司",
        "contact_name": "周女士",
        "phone": "+86 000 0000 0101",
        "email": "zhou@linjiang.example.com",
        "region": "浙江",
        "address": "浙江省示例市样板路 18 号 3 号厂房",
    },
    "product": {"model": "AX-200", "serial_number": "AX2-250311-0042", "purchase_date": "2025-03-11"},
    "problem": {"category": "noise", "description": "主轴在 1200 转以上有明显异响，\n三天前开始，停机后再启动更明显。"},
    "request": "repair",
}
WORK = (
    task(
        "contact_customer",
        Stage.REGISTER,
        1,
        LIN,
        {"reached": "yes", "requirement": "希望本周内上门检修，不影响周五交货。"},
    ),
    task(
        "remote_diagnosis",
        Stage.DIAGNOSE,
        3,
        LIN,
        {
            "result": "complex",
            "checks": "润滑、皮带张力正常。",
            "findings": "疑似轴承磨损。",
            "explanation": "工程师将在 30 分钟内致电约时间。",
        },
    ),
    task(
        "engineer_call",
        Stage.DISPATCH,
        4,
        SHEN,
        {"reached": "yes", "method": "on_site", "appointment": "2026-11-19T06:00:00Z"},
        late=True,
    ),
    task(
        "site_visit",
        Stage.RESOLVE,
        28,
        SHEN,
        {
            "result": "inspected",
            "cause": "主轴轴承 6204 磨损，保持架破裂。",
            "proposal": "replace_part",
            "explanation": "更换两只轴承并重新校准，约两小时。",
            "costs": [{"kind": "parts", "text": "轴承 6204，2 只", "amount": "168.00"}],
            "attachments": ["F-0123456789ABCDEF"],
        },
    ),
    task(
        "site_repair",
        Stage.RESOLVE,
        31,
        SHEN,
        {"result": "solved", "work_done": "更换轴承，校准主轴，试车 30 分钟。", "instructions": "每月检查一次润滑。"},
    ),
)
SIGNED = task(
    "acceptance",
    Stage.ACCEPT,
    32,
    SHEN,
    {
        "decision": "accepted",
        "checks": "各档转速试车无异响。",
        "signed_by": "周女士",
        "signature": "paper",
        "evidence": "表单 17",
        "attachments": ["F-0123456789ABCDEF"],
    },
)


@pytest.fixture
def case() -> CaseState:
    return CaseState(
        case_id="C-7KQ2M9X4TB",
        plan="rapid-response",
        plan_title="Rapid response",
        company="示例精机制造",
        locale="zh-CN",
        time_zone="Asia/Shanghai",
        currency="CNY",
        application=Application.model_validate(APPLICATION),
        applied_at=AT,
        opened_at=AT,
        opened_by=LIN,
        stage=Stage.ACCEPT,
        stages=tuple(Stage),
        work_order="RR-2026-000418",
        result=Result.RESOLVED,
        costs=(
            CostLine.model_validate(
                {"kind": "parts", "text": "轴承 6204，2 只", "amount": "168.00", "payer": "company"}
            ),
            CostLine.model_validate({"kind": "labour", "text": "上门两小时", "amount": "1360.50", "payer": "customer"}),
        ),
        consents=(
            ConsentGiven(
                at=AT + timedelta(hours=29), given_by="周女士", amount=Decimal("1360.50"), task="confirm_plan"
            ),
        ),
    )


@pytest.fixture
def order(case: CaseState) -> DocumentOrder:
    return DocumentOrder(
        kind=DocumentKind.SERVICE_CONFIRMATION,
        languages=("zh-CN",),
        version=1,
        case=case,
        tasks=WORK,
        record=RecordPoint(no=41, hash="9f2d" * 16),
        ordered_at=AT + timedelta(hours=31, minutes=30),
    )


@pytest.fixture
def case_file(order: DocumentOrder) -> DocumentOrder:
    return order.model_copy(update={"kind": DocumentKind.ARCHIVE_INDEX, "tasks": (*WORK, SIGNED)})
