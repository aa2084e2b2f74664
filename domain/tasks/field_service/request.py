"""The request: requirement form or order in the app, evaluation, the call that agrees the time (M1-M3, M10)."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from domain.tasks.form import Choice, Form
from domain.tasks.parts import Attachments, Instant, Line, Notes, Prose, Reached
from domain.tasks.user_task import UserTask, WaitsFor

CONDUCT = (
    "Stay courteous whatever the customer's tone: listen to the end, do not interrupt or argue, do not blame, "
    "say what happens next and by when."
)
"""How whoever answers a customer behaves (M1)."""


class Desk(Choice):
    """Where a request was taken."""

    HEAD_OFFICE = "head_office", "Service department at head office"
    BRANCH = "branch", "A branch"


class RegisterRequestForm(Form):
    """The Customer Service Requirement Form as it is begun."""

    needs: ClassVar = {("desk", "branch"): ("branch",)}

    desk: Desk = Field(title="Registered by", description="Who took the call or the document.")
    branch: Line | None = Field(None, title="Which branch", description="Name of the branch, up to 200 characters.")
    requirement: Prose = Field(
        title="What the customer needs",
        description="The maintenance asked for, in the customer's words, up to 4,000 characters.",
    )
    attachments: Attachments = ()
    notes: Notes = None


REGISTER_REQUEST = UserTask(
    name="register_request",
    title="Register the request",
    clause="M1",
    form=RegisterRequestForm,
    guidance=f"Fill in the Customer Service Requirement Form at once; the work order is issued from it. {CONDUCT}",
)


class RecordOrderForm(Form):
    """An order from the app, taken into the books."""

    requirement: Prose = Field(
        title="What was ordered",
        description="The service as ordered, and what is unclear about it, up to 4,000 characters.",
    )
    notes: Notes = None


RECORD_ORDER = UserTask(
    name="record_order",
    title="Record the order from the app",
    clause="M10",
    form=RecordOrderForm,
    guidance="Check the order, record it, and dispatch it next; the work order is issued from this.",
)


class Urgency(Choice):
    """How soon somebody should be there."""

    ORDINARY = "ordinary", "As usual"
    URGENT = "urgent", "Urgent: the product stands still"


class EvaluateFaultForm(Form):
    """What the specialist makes of the fault."""

    assessment: Prose = Field(
        title="What it probably is", description="The fault as it can be judged from here, up to 4,000 characters."
    )
    urgency: Urgency = Field(title="Urgency", description="Whoever assigns and whoever goes there see it.")
    bring: Prose | None = Field(
        None, title="What to bring", description="Tools and parts for the visit, up to 4,000 characters."
    )
    notes: Notes = None


EVALUATE_FAULT = UserTask(
    name="evaluate_fault",
    title="Evaluate the fault",
    clause="M2",
    form=EvaluateFaultForm,
    guidance="Judge the fault from the requirement form and from earlier repairs. "
    "The service person of the customer's region is assigned next.",
)


class AgreeTimeForm(Form):
    """What a call with the customer agreed."""

    needs: ClassVar = {("reached", "yes"): ("appointment",)}

    reached: Reached = Field(
        title="Did you reach the customer?", description="An attempt without an answer is recorded too."
    )
    appointment: Instant | None = Field(
        None,
        title="Appointment",
        description="When we are there, as agreed with the customer: date, time and zone. "
        "It becomes the deadline of the visit.",
    )
    checked: Prose | None = Field(
        None,
        title="What the call showed",
        description="The fault as further checked with the customer, up to 4,000 characters.",
    )
    place: Line | None = Field(
        None, title="Place", description="Where, if not the customer's address, up to 200 characters."
    )
    notes: Notes = None


class CallAheadForm(AgreeTimeForm):
    """What the service person's call agreed, and what it showed of the fault: both are asked for (M3)."""

    needs: ClassVar = {("reached", "yes"): ("appointment", "checked")}


CALL_AHEAD = UserTask(
    name="call_ahead",
    title="Call ahead and agree the visit",
    clause="M3",
    form=CallAheadForm,
    guidance=f"Use the contact details of the request, agree the time on site and check the fault further. {CONDUCT}",
    waits_for=WaitsFor.CUSTOMER,
)

CONFIRM_VISIT = UserTask(
    name="confirm_visit",
    title="Call the customer and confirm the visit",
    clause="M10",
    form=AgreeTimeForm,
    guidance=f"The order came through the app: ring the customer, check the fault and confirm the visit. {CONDUCT}",
    waits_for=WaitsFor.CUSTOMER,
)

AGREE_INSTALLATION = UserTask(
    name="agree_installation",
    title="Agree when it is brought back",
    clause="M6",
    form=AgreeTimeForm,
    guidance="Agree when you come to bring it back, install and adjust it. "
    "A time after the promised date is a new promise: say so to the customer.",
    waits_for=WaitsFor.CUSTOMER,
)
