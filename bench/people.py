"""What people do in a benchmark: the outcome of each user task on the way on site, and what is told in between."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from typing import Any

from bench.stack import ROOT
from domain.case import CaseStart
from domain.clocks import Pace
from domain.plan import Plan, read_plan

EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
_SOMEBODY = {"user": "li.na", "name": "Li Na", "role": "customer_service"}
_numbers = itertools.count(1)
TELLING = {"contact_customer", "assign_engineer", "site_visit", "site_repair", "acceptance"}
"""Before these tasks are completed somebody adds information: five signals a case."""

APPLICATION: dict[str, Any] = {
    "plan": "rapid-response",
    "channel": "phone",
    "customer": {
        "name": "杭州海川机械有限公司", "contact_name": "陈宇", "phone": "+86 571 5550 0101", "region": "Zhejiang",
        "email": "chen.yu@example.com", "address": "杭州市滨江区", "language": "zh-CN",
    },
    "product": {"model": "PX-200", "serial_number": "PX200-0042", "purchase_date": "2025-06-01"},
    "problem": {"category": "abnormal_wear", "description": "Blade edge worn after three days of ordinary use"},
    "request": "repair",
}  # fmt: skip

OUTCOMES: dict[str, dict[str, Any]] = {
    "contact_customer": {"reached": "yes", "requirement": "Repair the blade holder on site"},
    "remote_diagnosis": {
        "result": "complex", "findings": "Bearing worn", "explanation": "An engineer rings within 30 minutes",
    },
    "assign_engineer": {"engineer": "wang.lei", "reason": "Nearest with spindle skill"},
    "engineer_call": {"reached": "yes", "method": "on_site"},
    "site_visit": {
        "result": "inspected", "cause": "Bearing ran dry", "proposal": "repair", "explanation": "A new bearing",
        "costs": [{"kind": "parts", "text": "Bearing", "amount": "120.00"}],
        "warranty": "in", "conditions_of_use": "met", "responsibility": "product",
    },
    "confirm_plan": {"decision": "confirmed", "given_by": "Chen Yu", "evidence": "Signed on the visit sheet"},
    "site_repair": {"result": "solved", "work_done": "Bearing replaced", "instructions": "Grease weekly"},
    "acceptance": {
        "decision": "accepted", "checks": "Runs at full speed without noise", "signed_by": "Chen Yu",
        "signature": "electronic", "evidence": "Signature on the engineer's tablet",
    },
    "settlement": {"cost_list": "Handed to Chen Yu: no costs", "payment": "nothing_due"},
    "follow_up": {"reached": "yes", "satisfaction": 5, "feedback": "Quick and clean"},
}  # fmt: skip


def plan() -> Plan:
    """Returns the published plan."""
    return read_plan(ROOT / "plans" / "rapid-response.toml")


def new_id() -> str:
    """Returns a case id that was not used before in this run."""
    return f"C-{next(_numbers):010d}"


def start(the_plan: Plan, applied_at: datetime | None = None) -> CaseStart:
    """Returns the input of a new case."""
    return CaseStart.model_validate(
        {
            "case_id": new_id(),
            "plan": the_plan,
            "pace": Pace(epoch=EPOCH),
            "application": APPLICATION,
            "applied_at": applied_at or datetime.now(UTC),
            "opened_by": _SOMEBODY,
        }
    )


def completion(kind: str, submission: str) -> dict[str, Any]:
    """Returns what a person sends to complete a task."""
    now = datetime.now(UTC)
    outcome = OUTCOMES[kind]
    if kind == "engineer_call":
        outcome = {**outcome, "appointment": (now + timedelta(days=1)).isoformat()}
    said_at = now.isoformat()
    return {
        "outcome": outcome,
        "submission_id": submission,
        "by": _SOMEBODY,
        "entered_at": said_at,
        "happened_at": said_at,
    }


def information(message_id: str) -> dict[str, Any]:
    """Returns the message that adds a line to a case."""
    return {
        "id": message_id,
        "by": _SOMEBODY,
        "at": datetime.now(UTC).isoformat(),
        "text": "The customer rang: the machine stands in hall 3, ask for Chen Yu at the gate.",
    }
