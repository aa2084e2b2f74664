"""Which step of a procedure makes which document: one table, asked when a task begins and when it is done."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from enum import StrEnum
from typing import Any

from domain.case import CaseState, TaskState
from domain.documents.kinds import DocumentKind
from domain.model import Frozen


class Moment(StrEnum):
    """When in a task a document is made."""

    BEGUN = "begun"
    """When the task is there to be done: the paper is needed for it."""
    DONE = "done"
    """With its completion: the paper says what was entered."""


class Due(StrEnum):
    """What a document about money waits for."""

    COSTS = "costs"
    """Some cost is on record."""
    OWED = "owed"
    """The customer bears something that is not paid yet."""


class Made(Frozen):
    """One line of the table: a task, the moment in it, and the document made then."""

    kind: DocumentKind
    task: str
    moment: Moment
    source: str
    """The clause that asks for the paper, or `house`."""
    field: str | None = None
    answers: tuple[str, ...] = ()
    """Where `field` is named, only when it has one of these answers."""
    plan_has: str | None = None
    """Only in a plan with this task."""
    plan_lacks: str | None = None
    """Only in a plan without this task."""
    due: Due | None = None


_K, _BEGUN, _DONE = DocumentKind, Moment.BEGUN, Moment.DONE
_FORM = "register_request"
"""A plan with the requirement form has it signed for the service; the others have a confirmation signed (M8, R8)."""


def _signed(task: str, field: str, answer: str, kind: DocumentKind, source: str, **where: Any) -> tuple[Made, Made]:
    """A paper to be signed is there when the task begins, and made again as it was signed."""
    return (
        Made(kind=kind, task=task, moment=_BEGUN, source=source, **where),
        Made(kind=kind, task=task, moment=_DONE, source=source, field=field, answers=(answer,), **where),
    )


MADE: tuple[Made, ...] = (
    Made(kind=_K.REQUIREMENT_FORM, task="register_request", moment=_DONE, source="M1"),
    Made(kind=_K.REQUIREMENT_FORM, task="record_order", moment=_DONE, source="M10"),
    *_signed("acceptance", "decision", "accepted", _K.REQUIREMENT_FORM, "M8", plan_has=_FORM),
    *_signed("acceptance", "decision", "accepted", _K.SERVICE_CONFIRMATION, "R8", plan_lacks=_FORM),
    Made(
        kind=_K.HANDOVER_FORM, task="hand_over", moment=_DONE, source="M6", field="result", answers=("taken_back",)
    ),
    Made(kind=_K.QUOTATION, task="confirm_plan", moment=_BEGUN, source="X9", due=Due.OWED),
    *_signed("sign_contract", "decision", "signed", _K.SERVICE_CONTRACT, "Q6"),
    Made(kind=_K.RETURN_INSTRUCTIONS, task="return_instructions", moment=_DONE, source="R7"),
    Made(kind=_K.INSPECTION_REPORT, task="factory_inspection", moment=_DONE, source="R7"),
    Made(kind=_K.INSPECTION_REPORT, task="workshop_inspection", moment=_DONE, source="R10"),
    Made(kind=_K.INSPECTION_REPORT, task="centre_inspection", moment=_DONE, source="M6"),
    Made(kind=_K.INSPECTION_REPORT, task="inspect_returned", moment=_DONE, source="W3"),
    Made(kind=_K.INSPECTION_REPORT, task="reinspect", moment=_DONE, source="W4"),
    Made(kind=_K.WARRANTY_CARD, task="warranty_card_entry", moment=_DONE, source="M7"),
    Made(kind=_K.COST_LIST, task="settlement", moment=_BEGUN, source="R8", due=Due.COSTS),
    Made(kind=_K.PROFORMA_INVOICE, task="settlement", moment=_BEGUN, source="house", due=Due.OWED),
    Made(kind=_K.PROFORMA_INVOICE, task="prepare_invoice", moment=_BEGUN, source="M9", due=Due.OWED),
    Made(
        kind=_K.PROFORMA_INVOICE, task="issue_invoice", moment=_DONE, source="M9",
        field="result", answers=("paid", "paid_in_part"),
    ),
)  # fmt: skip
"""Every document but the archive index, which the end of the case makes."""

MAKERS = frozenset((one.task, one.moment) for one in MADE)
"""The tasks that make a document, each with the moment."""
INSPECTIONS = tuple(one.task for one in MADE if one.kind is _K.INSPECTION_REPORT)
"""The tasks that enter an inspection report."""


def made_by(task: TaskState, moment: Moment, case: CaseState, plan_tasks: Collection[str]) -> tuple[DocumentKind, ...]:
    """Returns the documents that a task makes at a moment, in the order of the table."""
    return tuple(
        one.kind
        for one in MADE
        if one.task == task.kind and one.moment is moment and _holds(one, task, case, plan_tasks)
    )


def _holds(one: Made, task: TaskState, case: CaseState, plan_tasks: Collection[str]) -> bool:
    if one.plan_has is not None and one.plan_has not in plan_tasks:
        return False
    if one.plan_lacks is not None and one.plan_lacks in plan_tasks:
        return False
    if one.due is not None and not (case.costs if one.due is Due.COSTS else case.customer_still_owes()):
        return False
    return one.field is None or (task.outcome or {}).get(one.field) in one.answers


def why_not(kind: DocumentKind, case: CaseState, tasks: Sequence[TaskState]) -> str | None:
    """Says what the record lacks for a document to be made at all; None when it can be."""
    there, why = {
        DocumentKind.HANDOVER_FORM: (_was_taken_back(tasks), "nothing was taken back from the customer"),
        DocumentKind.RETURN_INSTRUCTIONS: (_has(tasks, "return_instructions"), "no return instructions were given"),
        DocumentKind.INSPECTION_REPORT: (_has(tasks, *INSPECTIONS), "nothing was inspected"),
        DocumentKind.SERVICE_CONTRACT: (
            any(task.kind == "sign_contract" for task in tasks),
            "no service contract was called for",
        ),
        DocumentKind.QUOTATION: (bool(case.costs), "no cost is on record"),
        DocumentKind.COST_LIST: (bool(case.costs), "no cost is on record"),
        DocumentKind.PROFORMA_INVOICE: (bool(case.customer_owes()), "the customer bears no cost"),
        DocumentKind.WARRANTY_CARD: (
            case.serial_number is not None,
            "the product has no serial number",
        ),
    }.get(kind, (True, ""))
    return None if there else why


def _has(tasks: Sequence[TaskState], *kinds: str) -> bool:
    return any(task.kind in kinds and task.done is not None for task in tasks)


def _was_taken_back(tasks: Sequence[TaskState]) -> bool:
    return any(task.kind == "hand_over" and (task.outcome or {}).get("result") == "taken_back" for task in tasks)
