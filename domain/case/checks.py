"""What an outcome must fit besides its own form: the case, its plan, and who else had a part in it.

API and workflow ask the same question here: the API so that the person learns it beside the field, the workflow because
the case may have moved on in between.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from domain.case.checks_by_departments import departments_problems
from domain.case.field_checks import field_service_problems, part_problems
from domain.case.judging import judging_problems
from domain.case.messages import OnBehalfOf
from domain.case.remote_checks import remote_problems
from domain.case.shipments import Direction, ShipmentState
from domain.case.state import CaseState, TaskState
from domain.case.who_pays import facts_said
from domain.coverage import AmountTooFine, decide, exact
from domain.events import CUSTOMER, Actor
from domain.model import zone_named
from domain.plan import Plan, Resolution, Stage
from domain.tasks import TASKS, FieldError, Form
from domain.tasks.accept import SETTLEMENT, Acceptance, AcceptanceForm, Payment, SettlementForm
from domain.tasks.bench import (
    REPAIR_AS_PROMISED,
    REPAIR_RETURNED,
    ReinspectForm,
    Remedy,
    RepairReturnedForm,
)
from domain.tasks.delivery import WORKSHOP_REPAIR
from domain.tasks.dispatch import EngineerCallForm
from domain.tasks.factory import FACTORY_REPAIR, FactoryInspectionForm, FactoryResult
from domain.tasks.on_site import AWAIT_PARTS, SITE_REPAIR
from domain.tasks.parts import CostEntry
from domain.tasks.shipping import AskForItemForm
from domain.tasks.special import Decision, SpecialCaseForm
from domain.tasks.verify import VerifyProductForm

_WORK = {
    SITE_REPAIR.name,
    WORKSHOP_REPAIR.name,
    FACTORY_REPAIR.name,
    REPAIR_RETURNED.name,
    REPAIR_AS_PROMISED.name,
}


def outcome_problems(
    form: Form,
    task: TaskState,
    case: CaseState,
    plan: Plan,
    *,
    by: Actor,
    happened_at: datetime,
    on_behalf_of: OnBehalfOf | None,
    others: Iterable[TaskState],
) -> tuple[FieldError, ...]:
    """Returns what is wrong with an outcome in its case; paths are `outcome.<field>`, `happened_at`, `on_behalf_of`.

    `others` are all tasks of the case.
    """
    found: list[FieldError] = _too_fine(getattr(form, "costs", ()), plan.currency)
    if found:
        return tuple(found)
    found += remote_problems(form, case, plan, happened_at, others)
    found += field_service_problems(form, case, by=by, happened_at=happened_at, others=others)
    match form:
        case EngineerCallForm(method=method) if method is not None:
            found += _offered(plan, method.value, "outcome.method")
            if form.appointment is not None and form.appointment < happened_at:
                message = "an appointment lies after the call that agreed it"
                found.append(FieldError(path="outcome.appointment", message=message))
        case SpecialCaseForm(route=route) if route is not None:
            found += _offered(plan, route.value, "outcome.route")
        case SpecialCaseForm(decision=Decision.REPLACE):
            found += _offered(plan, plan.way_to_replace.value, "outcome.decision")
        case FactoryInspectionForm(result=FactoryResult.REPAIRED, costs=costs):
            facts = facts_said(case, others, newest=form.model_dump(mode="json"))
            coverage = decide(plan.coverage, facts, costs, currency=plan.currency)
            if coverage.needs_consent or coverage.undecided_lines:
                message = "the customer agrees first to what the company does not bear: choose “needs consent” (X9)"
                found.append(FieldError(path="outcome.costs", message=message))
        case SettlementForm():
            found += [*_settlement(form, case), *_orders_open(form, case, others)]
    found += departments_problems(form, case, plan, happened_at)
    found += _of_an_item(form, case, happened_at)
    if task.kind in _WORK and case.consents and happened_at < case.consents[-1].at:
        message = "the work cannot lie before the customer's consent to it (X9)"
        found.append(FieldError(path="happened_at", message=message))
    if TASKS[task.kind].speaks_for == "factory" and task.role != "factory" and on_behalf_of is None:
        message = "say on whose behalf and on what evidence: this is the factory's word (X8)"
        found.append(FieldError(path="on_behalf_of", message=message))
    found += [*judging_problems(task, by, others), *_customers_own(form, task, by)]
    return tuple(found)


def _customers_own(form: Form, task: TaskState, by: Actor) -> list[FieldError]:
    """A customer who acts on their own page does what is declared as theirs, and answers what is theirs to answer."""
    if by.user != CUSTOMER:
        return []
    own = TASKS[task.kind].by_customer
    if own is None:
        return [FieldError(path="", message="this is not the customer's to do")]
    if not own.may_answer(form.model_dump(mode="json")):
        return [FieldError(path="outcome", message="this answer is not the customer's to give")]
    return []


def _offered(plan: Plan, method: str, path: str) -> list[FieldError]:
    if Resolution(method) in plan.resolutions:
        return []
    return [FieldError(path=path, message="is not a way this plan offers")]


def _of_an_item(form: Form, case: CaseState, happened_at: datetime) -> list[FieldError]:
    """What is said of the item and its way must be possible."""
    match form:
        case ReinspectForm(remedy=Remedy.RETURN) if case.assessment and case.assessment.covered:
            message = "the warranty covers it: repair it again or replace it; anything else is for the panel (W2, W4)"
            return [FieldError(path="outcome.remedy", message=message)]
        case RepairReturnedForm(promised_for=promised) if promised is not None and promised <= happened_at:
            return [FieldError(path="outcome.promised_for", message="a promise lies after the talk that made it")]
        case AskForItemForm(arrives_by=arrives) if arrives is not None and arrives <= happened_at:
            return [FieldError(path="outcome.arrives_by", message="lies before the talk that told it")]
        case VerifyProductForm(delivery_date=day) if day is not None:
            if day > happened_at.astimezone(zone_named(case.time_zone)).date():
                return [FieldError(path="outcome.delivery_date", message="lies in the future")]
        case AcceptanceForm(decision=Acceptance.NOT_ARRIVED):
            sent = [one for one in case.shipments if one.direction is Direction.OUT]
            if not sent or sent[-1].state is ShipmentState.RECEIVED:
                return [FieldError(path="outcome.decision", message="nothing is on its way to the customer")]
    return []


def _too_fine(costs: Iterable[CostEntry], currency: str) -> list[FieldError]:
    found = []
    for number, line in enumerate(costs):
        try:
            exact(line.amount, currency)
        except AmountTooFine as wrong:
            found.append(FieldError(path=f"outcome.costs.{number}.amount", message=str(wrong)))
    return found


def _orders_open(form: SettlementForm, case: CaseState, others: Iterable[TaskState]) -> list[FieldError]:
    """A case that ends early says what became of parts that were ordered and not settled since (X5)."""
    kinds = [task.kind for task in others if task.kind in (AWAIT_PARTS.name, SETTLEMENT.name)]
    before = kinds[:-1] if kinds[-1:] == [SETTLEMENT.name] else kinds
    if case.stage is Stage.GIVE_BACK and before[-1:] == [AWAIT_PARTS.name] and form.orders is None:
        return [FieldError(path="outcome.orders", message="parts were ordered: say how that was settled (X5)")]
    return []


def _settlement(form: SettlementForm, case: CaseState) -> list[FieldError]:
    owed = case.customer_still_owes()
    if form.payment is Payment.NOTHING_DUE and owed:
        message = f"the customer owes {owed:.2f} {case.currency}; a waiver is the general manager's decision"
        return [FieldError(path="outcome.payment", message=message)]
    if form.payment is Payment.PAID_IN_PART and form.amount is not None:
        return part_problems(form.amount, case)
    if form.payment is Payment.PAID and form.amount != owed:
        return [FieldError(path="outcome.amount", message=f"what the customer owes is {owed:.2f} {case.currency}")]
    return []
