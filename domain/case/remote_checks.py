"""What the outcomes of support by a factory must fit besides their own form: the plan, and the order of time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from domain.case.state import CaseState, TaskState
from domain.case.who_pays import facts_said
from domain.coverage import decide
from domain.plan import Plan, Resolution
from domain.tasks import FieldError, Form
from domain.tasks.hand_over import ProposeSolutionForm
from domain.tasks.orders import PurchaseEquipmentForm
from domain.tasks.sessions import AgreeSessionForm
from domain.tasks.terms import FreeOfCharge, QuoteCostsForm


def remote_problems(
    form: Form, case: CaseState, plan: Plan, happened_at: datetime, others: Iterable[TaskState]
) -> list[FieldError]:
    """Returns what is wrong with an outcome; paths are `outcome.<field>`."""
    match form:
        case ProposeSolutionForm(way=way) if Resolution(way) not in plan.resolutions:
            return [FieldError(path="outcome.way", message="is not a way this plan offers")]
        case AgreeSessionForm(appointment=agreed) if agreed is not None and agreed < happened_at:
            message = "an appointment lies after the talk that agreed it"
            return [FieldError(path="outcome.appointment", message=message)]
        case PurchaseEquipmentForm(ready_by=ready) if ready is not None and ready < happened_at:
            return [FieldError(path="outcome.ready_by", message="the delivery lies after the purchase")]
        case QuoteCostsForm():
            return _quote(form, case, plan, others)
    return []


def _quote(form: QuoteCostsForm, case: CaseState, plan: Plan, others: Iterable[TaskState]) -> list[FieldError]:
    """Nothing is given free of charge that the rules do not let be (T10b)."""
    facts = facts_said(case, others, newest=form.model_dump(mode="json"))
    coverage = decide(plan.coverage, facts, form.costs, currency=plan.currency)
    if form.free_of_charge is FreeOfCharge.YES and not coverage.waivable:
        message = "nothing of it can be given free of charge: no such cost is the customer's by the rules (T10)"
        return [FieldError(path="outcome.free_of_charge", message=message)]
    return []
