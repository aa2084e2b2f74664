"""What an outcome of field service must fit: promised date, what is owed, who may approve (M5, M9, M10, X11)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from domain.case.state import CaseState, TaskState
from domain.events import Actor
from domain.tasks import FieldError, Form
from domain.tasks.field_service.centre import CentreFinding, CentreInspectionForm, WarrantyCardForm
from domain.tasks.field_service.finish import ApprovalForm, Invoicing, IssueInvoiceForm, PrepareInvoiceForm
from domain.tasks.field_service.request import AgreeTimeForm
from domain.tasks.field_service.visit import FieldVisit, FieldVisitForm, PromiseDateForm
from domain.tasks.parts import Cover, Payer
from domain.tasks.register import DECIDE_ON_ABSENCE, DECIDE_ON_SILENCE
from domain.tasks.special import ACKNOWLEDGE_BREACH, CHASE, PANEL_WORD, SPECIAL_CASE

_CHARGED = (Cover.OUT, Cover.CONTRACT)
"""What makes a service a paid or a contracted one (M9)."""
_NOT_THE_WORK = {
    task.name for task in (ACKNOWLEDGE_BREACH, CHASE, PANEL_WORD, SPECIAL_CASE, DECIDE_ON_ABSENCE, DECIDE_ON_SILENCE)
} | {"approval"}
"""Looking after a case, as against working on it."""


def field_service_problems(
    form: Form, case: CaseState, *, by: Actor, happened_at: datetime, others: Iterable[TaskState]
) -> list[FieldError]:
    """Returns what is wrong with an outcome of a task of field service; nothing for any other."""
    match form:
        case AgreeTimeForm(appointment=appointment) if appointment is not None and appointment < happened_at:
            return [_wrong("appointment", "an appointment lies after the call that agreed it")]
        case PromiseDateForm(promised_for=promised) if promised <= happened_at:
            return [_wrong("promised_for", "a promised date lies after the promise")]
        case PrepareInvoiceForm(amount=amount):
            return _is_owed(amount, case)
        case IssueInvoiceForm(result=result, amount=received) if received is not None:
            return _received(result, received, case)
        case ApprovalForm() if by.acting_for is None and _did_some_of_it(by, others):
            return [FieldError(path="", message="somebody else approves this: you did some of the work (X11)")]
    return _missing(form, case)


def _missing(form: Form, case: CaseState) -> list[FieldError]:
    """What the form leaves open and this case needs."""
    match form:
        case WarrantyCardForm(serial_number=None) if not case.serial_number:
            message = "is needed: the request named none, and the next repair finds the card by it"
            return [_wrong("serial_number", message)]
        case (
            FieldVisitForm(result=FieldVisit.ON_THE_SPOT, warranty=cover, costs=())
            | CentreInspectionForm(result=CentreFinding.REPAIRABLE, warranty=cover, costs=())
        ) if cover in _CHARGED and not any(line.payer is Payer.CUSTOMER for line in case.costs):
            message = "contracted or paid service has a fee: name it, also one of 0 (M9)"
            return [_wrong("costs", message)]
    return []


def _wrong(field: str, message: str) -> FieldError:
    return FieldError(path=f"outcome.{field}", message=message)


def _is_owed(amount: Decimal, case: CaseState) -> list[FieldError]:
    owed = case.customer_still_owes()
    if amount == owed:
        return []
    return [_wrong("amount", f"what the customer owes and has not paid yet is {owed:.2f} {case.currency}")]


def _received(result: Invoicing, amount: Decimal, case: CaseState) -> list[FieldError]:
    if result is Invoicing.PAID_IN_PART:
        return part_problems(amount, case)
    return _is_owed(amount, case) if result is Invoicing.PAID else []


def part_problems(amount: Decimal, case: CaseState) -> list[FieldError]:
    """Returns what is wrong with a part payment: it is more than nothing and less than what is owed."""
    owed = case.customer_still_owes()
    if 0 < amount < owed:
        return []
    return [_wrong("amount", f"a part payment is less than the {owed:.2f} {case.currency} still owed, and not nothing")]


def _did_some_of_it(by: Actor, others: Iterable[TaskState]) -> bool:
    return any(one.done is not None and one.done.by.user == by.user for one in others if one.kind not in _NOT_THE_WORK)
