"""Dispatch: an engineer is assigned and agrees with the customer how the case is served (R5)."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from domain.tasks.form import Choice, Form
from domain.tasks.parts import Instant, Line, Notes, Prose, Reached
from domain.tasks.user_task import UserTask, WaitsFor


class AssignEngineerForm(Form):
    """Who serves the case."""

    engineer: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,39}$")] = Field(
        title="Engineer",
        description="Sign-in name of the engineer, chosen by type of issue and by the customer's region.",
        json_schema_extra={"x-choices": "engineers"},
    )
    reason: Prose | None = Field(
        None, title="Why this engineer", description="Skill, region or load, up to 4,000 characters."
    )


ASSIGN_ENGINEER = UserTask(
    name="assign_engineer",
    title="Assign an engineer",
    clause="R5",
    form=AssignEngineerForm,
    guidance="Choose by type of issue and by the customer's location. "
    "The engineer's time to call starts with your choice.",
)


class ServiceMethod(Choice):
    """How the case is served."""

    ON_SITE = "on_site", "Visit the customer"
    DELIVERY = "delivery", "The customer sends or brings it in"
    FACTORY_RETURN = "factory_return", "Return to the factory"


class EngineerCallForm(Form):
    """What engineer and customer agreed."""

    needs: ClassVar = {
        ("reached", "yes"): ("method",),
        ("method", "on_site"): ("appointment",),
        ("method", "delivery"): ("appointment",),
    }

    reached: Reached = Field(
        title="Did you reach the customer?", description="An attempt without an answer is recorded too."
    )
    method: ServiceMethod | None = Field(None, title="Service method", description="As agreed with the customer.")
    appointment: Instant | None = Field(
        None,
        title="Appointment",
        description="When you visit, or when the item arrives: date, time and zone. "
        "It becomes the deadline of that step.",
    )
    place: Line | None = Field(
        None, title="Place", description="Where, if not the customer's address, up to 200 characters."
    )
    notes: Notes = None


ENGINEER_CALL = UserTask(
    name="engineer_call",
    title="Call the customer and agree the service",
    clause="R5",
    form=EngineerCallForm,
    guidance="Agree the service method and the appointment.",
    waits_for=WaitsFor.CUSTOMER,
)
