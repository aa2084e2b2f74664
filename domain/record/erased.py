"""What stays of a case when it is erased: how it went and when, and nothing of the people it was for.

Names of colleagues go as well; their sign-in names and roles stay, since the record says who did what.
"""

from __future__ import annotations

from typing import Any

from domain.case import Application, CaseState, Customer, ProblemReport, Product, TaskState
from domain.events import CUSTOMER, Actor

ERASED = "—"
"""Stands where a name or a description stood that a case cannot be without."""
ERASED_DATA: dict[str, Any] = {"erased": True}
"""The content of an entry of the record once it was erased. The entry's place in the chain stays."""


def is_erased(data: dict[str, Any]) -> bool:
    """True for the content of an entry that was erased."""
    return data == ERASED_DATA


def erased_actor(actor: Actor) -> Actor:
    """Returns who acted, without a name: the sign-in name of a colleague or of the product, the role."""
    staff = actor.role != "customer" and actor.user != CUSTOMER
    return Actor(user=actor.user if staff else CUSTOMER, name="", role=actor.role, acting_for=actor.acting_for)


def erased_task(task: TaskState) -> TaskState:
    """Returns a task without what was entered: when it was offered, due and ended, by which colleague, kept or not."""
    done = task.done
    if done is not None:
        changes = {"by": erased_actor(done.by), "on_behalf_of": None, "submission_id": ""}
        done = done.model_copy(update=changes)
    return task.model_copy(update={"outcome": None, "reason": None, "done": done})


def erased_case(case: CaseState, *, model: str | None, region: str | None) -> CaseState:
    """Returns a case without the people it was for.

    `model` and `region` are what statistics may go on to count it by, None where they would tell who it was.
    """
    told = case.application
    application = Application(
        plan=told.plan,
        channel=told.channel,
        customer=Customer(name=ERASED, region=region),
        product=Product(model=model or ERASED),
        problem=ProblemReport(category=told.problem.category, description=ERASED),
        request=told.request,
        subject=told.subject,
        received_at=told.received_at,
    )
    return CaseState(
        case_id=case.case_id,
        plan=case.plan,
        plan_title=case.plan_title,
        company=case.company,
        locale=case.locale,
        time_zone=case.time_zone,
        currency=case.currency,
        application=application,
        applied_at=case.applied_at,
        opened_at=case.opened_at,
        opened_by=erased_actor(case.opened_by),
        reopened_from=case.reopened_from,
        status=case.status,
        stage=case.stage,
        stages=case.stages,
        resolution=case.resolution,
        result=case.result,
        work_order=case.work_order,
        engineer=case.engineer,
        appointment=case.appointment,
        instants=case.instants,
        closed_at=case.closed_at,
        retention=case.retention,
    )
