"""What the outcomes of support by a factory must fit besides their own form: the plan, and the order of time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from domain.case.state import CaseState, TaskState
from domain.case.who_pays import repair_failed, waivable, who_pays
from domain.coverage import AmountTooFine
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
    """A cost finer than a cent is not rounded, and nothing is free of charge that the rules do not let be (T10b)."""
    failed = repair_failed(others)
    try:
        as_the_rules_say = form.model_copy(update={"free_of_charge": FreeOfCharge.NO})
        coverage = who_pays(as_the_rules_say, case, plan, repair_failed=failed)
    except AmountTooFine as too_fine:
        return [FieldError(path="outcome.costs", message=str(too_fine))]
    if form.free_of_charge is FreeOfCharge.YES and not waivable(coverage):
        message = "nothing of it can be given free of charge: no such cost is the customer's by the rules (T10)"
        return [FieldError(path="outcome.free_of_charge", message=message)]
    return []
