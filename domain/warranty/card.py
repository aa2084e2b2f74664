"""The warranty card: every earlier repair of a serial number (M7), read from what its cases recorded."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal, InvalidOperation
from zoneinfo import ZoneInfo

from domain.case import CaseState, CaseStatus, TaskState, TaskStatus
from domain.model import Frozen
from domain.tasks.parts import CostKind

WORK = ("work_done", "operations", "repair_operations")
"""The fields of outcomes that tell what was done to a product."""
REPAIR_REPORTS = {"factory_inspection": ("result", "repaired", "report")}
"""Tasks that inspect and repair in one go: which answer says that it was repaired, and which field how."""
HOURS = ("repair_hours", "hours")
"""The fields that tell how long it took, in hours."""
PARTS = ("parts_used", "replaced_parts")
"""The fields that tell which parts went in, besides cost lines for parts."""


class CardEntry(Frozen):
    """One earlier repair. A manual one was entered by hand for the time before our records, by `entered_by`."""

    entry_id: str
    repaired_on: date
    """In the zone of the case; as written on the card for a manual one."""
    case_id: str | None = None
    work_order: str | None = None
    result: str | None = None
    open: bool = False
    """True while its case still runs."""
    work: tuple[str, ...]
    parts: tuple[str, ...] = ()
    hours: Decimal | None = None
    done_by: str | None = None
    manual: bool = False
    entered_by: str | None = None
    corrects: str | None = None


def entry_of(case: CaseState, tasks: Iterable[TaskState]) -> CardEntry | None:
    """Returns what a case adds to the warranty card of its product, None when nothing was repaired in it."""
    done = [one for one in tasks if one.status is TaskStatus.COMPLETED and one.done is not None and one.outcome]
    done.sort(key=lambda one: one.done.happened_at if one.done else case.opened_at)
    repairs = [(one, text) for one in done if (text := work_told(one))]
    if not repairs:
        return None
    last = repairs[-1][0].done
    assert last is not None  # noqa: S101 - only done tasks are looked at
    parts = [line.text for line in case.costs if line.kind is CostKind.PARTS]
    for one in done:
        parts += [text for name in PARTS if (text := str((one.outcome or {}).get(name) or "").strip())]
    hours = [amount for one in done if (amount := _hours(one)) is not None]
    return CardEntry(
        entry_id=case.case_id,
        repaired_on=last.happened_at.astimezone(ZoneInfo(case.time_zone)).date(),
        case_id=case.case_id,
        work_order=case.work_order,
        result=case.result.value if case.result else None,
        open=case.status is not CaseStatus.CLOSED,
        work=tuple(text for _, text in repairs),
        parts=tuple(dict.fromkeys(parts)),
        hours=sum(hours, Decimal(0)) if hours else None,
        done_by=last.on_behalf_of.name if last.on_behalf_of else last.by.name,
    )


def work_told(task: TaskState) -> str:
    """Returns what a task tells of work on the product, empty when it tells none: what the card shows as a repair."""
    outcome = task.outcome or {}
    if task.kind in REPAIR_REPORTS:
        answer, repaired, report = REPAIR_REPORTS[task.kind]
        return str(outcome.get(report) or "").strip() if outcome.get(answer) == repaired else ""
    return "\n".join(text for name in WORK if (text := str(outcome.get(name) or "").strip()))


def _hours(task: TaskState) -> Decimal | None:
    for name in HOURS:
        value = (task.outcome or {}).get(name)
        if value is not None and not isinstance(value, bool):
            try:
                amount = Decimal(str(value))
            except InvalidOperation:
                continue
            if amount.is_finite() and amount >= 0:
                return amount
    return None
