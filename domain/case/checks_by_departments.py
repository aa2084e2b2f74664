"""What outcomes of the procedure by departments must fit: the plan's modes, the subject, the order of dates."""

from __future__ import annotations

from datetime import datetime

from domain.case.state import CaseState
from domain.plan import Plan, Resolution
from domain.tasks import FieldError, Form
from domain.tasks.feedback import ChooseModeForm, Mode, RecordFeedbackForm, SignContractForm, Subject
from domain.tasks.service import ArrangeVisitForm


def departments_problems(form: Form, case: CaseState, plan: Plan, happened_at: datetime) -> list[FieldError]:
    """Returns what is wrong with an outcome in its case; paths are `outcome.<field>`."""
    match form:
        case RecordFeedbackForm(subject=subject) if subject not in plan.subjects:
            return [FieldError(path="outcome.subject", message="is not a subject of this plan")]
        case ChooseModeForm(mode=mode):
            return _mode(mode, case, plan)
        case SignContractForm(valid_from=begins, valid_to=ends) if begins and ends and ends < begins:
            return [FieldError(path="outcome.valid_to", message="the contract ends before it begins")]
        case ArrangeVisitForm(appointment=appointment) if appointment is not None and appointment < happened_at:
            message = "an appointment lies after the call that agreed it"
            return [FieldError(path="outcome.appointment", message=message)]
    return []


def _mode(mode: Mode, case: CaseState, plan: Plan) -> list[FieldError]:
    if Resolution(mode) not in plan.resolutions:
        return [FieldError(path="outcome.mode", message="is not a way this plan offers")]
    if mode is not Mode.VISIT and case.feedback and case.feedback.subject is Subject.TRAINING:
        return [FieldError(path="outcome.mode", message="on-site training is a visit to the customer (Q2)")]
    return []
