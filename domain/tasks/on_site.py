"""Visit and work: cause, proposal, the customer's consent, repair, missing parts (R6, X9)."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from domain.tasks.form import Choice, Form
from domain.tasks.parts import (
    Attachments,
    Conditions,
    ConditionsAnswer,
    Costs,
    Cover,
    Line,
    Notes,
    Prose,
    Responsibility,
    ResponsibilityAnswer,
    WarrantyAnswer,
)
from domain.tasks.user_task import Asked, ByCustomer, Known, UserTask, WaitsFor


class Proposal(Choice):
    """What the engineer proposes."""

    REPAIR = "repair", "Repair"
    REPLACE_PART = "replace_part", "Replace a part"
    ADVICE = "advice", "Advice on the customer's process"
    FACTORY_RETURN = "factory_return", "Take or send it back to the factory"


class Visit(Choice):
    """Whether the visit could take place."""

    INSPECTED = "inspected", "Inspected"
    NOBODY_THERE = "nobody_there", "Nobody there, or no access"


class SiteVisitForm(Form):
    """What the visit found, and the proposal."""

    needs: ClassVar = {("result", "inspected"): ("cause", "proposal", "explanation")}

    result: Visit = Field(
        title="The visit", description="A visit that met nobody is recorded; a new appointment is agreed."
    )
    cause: Prose | None = Field(
        None, title="What caused it?", description="In words the customer understands, up to 4,000 characters."
    )
    proposal: Proposal | None = Field(
        None, title="What do you propose?", description="The customer confirms before any work."
    )
    explanation: Prose | None = Field(
        None,
        title="How you explained it",
        description="The proposed solution as told to the customer, up to 4,000 characters.",
    )
    warranty: WarrantyAnswer = Cover.UNKNOWN
    conditions_of_use: ConditionsAnswer = Conditions.UNKNOWN
    responsibility: ResponsibilityAnswer = Responsibility.UNCLEAR
    costs: Costs = ()
    attachments: Attachments = ()
    notes: Notes = None


SITE_VISIT = UserTask(
    name="site_visit",
    title="Visit the customer",
    clause="R6",
    form=SiteVisitForm,
    guidance="Take test tools and suitable spare parts. Verify the cause and explain the proposed solution. "
    "Do not start work: the customer confirms the plan first.",
    waits_for=WaitsFor.CUSTOMER,
)


class Consent(Choice):
    """The customer's answer to the plan and its costs."""

    CONFIRMED = "confirmed", "The customer confirms the plan and its costs"
    DECLINED = "declined", "The customer declines"
    NO_ANSWER = "no_answer", "No answer"


class ConfirmPlanForm(Form):
    """The customer's word on the proposed plan, with its evidence."""

    needs: ClassVar = {
        ("decision", "confirmed"): ("given_by", "evidence"),
        ("decision", "declined"): ("given_by", "evidence"),
    }

    decision: Consent = Field(title="The customer's answer", description="Work starts only after a confirmation.")
    given_by: Line | None = Field(
        None,
        title="Who answered for the customer",
        description="Name of the person on the customer's side, up to 200 characters.",
    )
    evidence: Prose | None = Field(
        None,
        title="Evidence",
        description="How the answer was given: signed paper, mail, call at which number, up to 4,000 characters.",
    )
    attachments: Attachments = ()
    notes: Notes = None


CONFIRM_PLAN = UserTask(
    name="confirm_plan",
    title="Record the customer's answer to the plan",
    clause="R6",
    form=ConfirmPlanForm,
    guidance="Show the plan and every cost the customer would bear. "
    "Record who answered and the evidence; nobody signs as the customer.",
    waits_for=WaitsFor.CUSTOMER,
    speaks_for="customer",
    by_customer=ByCustomer(
        question="Do you agree to the proposed work and its costs?",
        asks={
            "decision": Asked(
                "Your answer",
                {
                    "confirmed": "Yes, I agree; the work may start",
                    "declined": "No, I do not want this",
                },
                hint="Nothing is done, and nothing costs you anything, before you agree.",
            ),
            "notes": Asked("Anything you want to tell us"),
        },
        known={"given_by": Known.NAME, "evidence": Known.EVIDENCE},
    ),
)


class Work(Choice):
    """How the work ended."""

    SOLVED = "solved", "Solved"
    PART_MISSING = "part_missing", "A part is missing"
    UNSOLVED = "unsolved", "Cannot be solved here"


class RepairForm(Form):
    """What was done after the customer confirmed the plan."""

    needs: ClassVar = {
        ("result", "solved"): ("work_done", "instructions"),
        ("result", "part_missing"): ("missing_parts",),
        ("result", "unsolved"): ("work_done",),
    }

    result: Work = Field(
        title="Result", description="A missing part is awaited; what cannot be solved here is taken further."
    )
    work_done: Prose | None = Field(
        None, title="Work done", description="What was repaired, replaced or tried, up to 4,000 characters."
    )
    instructions: Prose | None = Field(
        None,
        title="Shown and explained",
        description="The result demonstrated to the customer and the maintenance instructions given, "
        "up to 4,000 characters.",
    )
    missing_parts: Prose | None = Field(
        None, title="Missing parts", description="Part numbers and quantities to order, up to 4,000 characters."
    )
    attachments: Attachments = ()
    notes: Notes = None


SITE_REPAIR = UserTask(
    name="site_repair",
    title="Do the work at the customer's",
    clause="R6",
    form=RepairForm,
    guidance="Afterwards demonstrate the result and give maintenance instructions.",
)


class Parts(Choice):
    """What became of the parts."""

    ARRIVED = "arrived", "The parts arrived"
    UNOBTAINABLE = "unobtainable", "The parts cannot be had"


class AwaitPartsForm(Form):
    """What became of the parts that were missing."""

    result: Parts = Field(title="The parts", description="When they cannot be had the case goes another way.")
    order_reference: Line | None = Field(None, title="Order", description="Number of the order, up to 200 characters.")
    notes: Notes = None


AWAIT_PARTS = UserTask(
    name="await_parts",
    title="Get the missing parts",
    clause="R6",
    form=AwaitPartsForm,
    guidance="Order the parts and chase them; a second visit is agreed when they are here.",
)
