"""The returned item on the bench: inspected, repaired in the promised time, inspected again (W3, W4, W6)."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from domain.tasks.form import Choice, Form
from domain.tasks.negotiate import Determined, Kept
from domain.tasks.parts import Attachments, Costs, Instant, Line, Notes, Prose
from domain.tasks.user_task import UserTask


class Finding(Choice):
    """What the inspection came to."""

    REPAIRABLE = "repairable", "Can be repaired"
    CHANGED = "changed", "Not as it was verified: to be agreed with the customer first"
    NOT_REPAIRABLE = "not_repairable", "Cannot be repaired"


class InspectReturnedForm(Form):
    """The inspection report of the item as it arrived."""

    needs: ClassVar = {("result", "changed"): ("responsibility", "conditions_of_use", "proposal", "costs")}

    result: Finding = Field(
        title="Result", description="What the customer would bear is agreed before the repair, whatever you choose."
    )
    report: Prose = Field(
        title="Inspection report",
        description="Procedure followed, measurements and findings, up to 4,000 characters.",
    )
    cause: Prose = Field(
        title="What caused it?", description="In words the customer understands, up to 4,000 characters."
    )
    responsibility: Determined | None = Field(
        None, title="Caused by", description="If the inspection shows another than was verified."
    )
    conditions_of_use: Kept | None = Field(
        None, title="Conditions of use", description="If the inspection shows another state than was verified."
    )
    proposal: Prose | None = Field(None, title="Proposed repair", description="What the customer is asked to agree to.")
    costs: Costs = ()
    attachments: Attachments = ()
    notes: Notes = None


INSPECT_RETURNED = UserTask(
    name="inspect_returned",
    title="Inspect the returned item",
    clause="W3",
    form=InspectReturnedForm,
    guidance="Follow the inspection procedure step by step and write down what you measured. No repair yet.",
)


class Repaired(Choice):
    """How the repair stands."""

    REPAIRED = "repaired", "Repaired"
    MORE_TIME = "more_time", "Special circumstances: it takes longer"
    PART_MISSING = "part_missing", "A part is missing"
    COST_CAME_UP = "cost_came_up", "A cost came up that was not agreed"
    NOT_REPAIRABLE = "not_repairable", "Cannot be repaired"


class RepairReturnedForm(Form):
    """What was done, or what stands in the way and what the customer was told of it."""

    needs: ClassVar = {
        ("result", "repaired"): ("work_done", "report"),
        ("result", "more_time"): ("circumstances", "preliminary_solution", "told_by", "promised_for"),
        ("result", "part_missing"): ("missing_parts",),
        ("result", "cost_came_up"): ("circumstances", "costs"),
        ("result", "not_repairable"): ("work_done",),
    }

    result: Repaired = Field(
        title="Result", description="If it takes longer, the customer is told a preliminary solution and a new date."
    )
    work_done: Prose | None = Field(
        None, title="Work done", description="What was repaired, replaced or tried, up to 4,000 characters."
    )
    report: Prose | None = Field(
        None,
        title="Inspection report",
        description="Procedure followed, tests and their results, up to 4,000 characters.",
    )
    circumstances: Prose | None = Field(
        None, title="Special circumstances", description="Why it cannot go on as promised, up to 4,000 characters."
    )
    preliminary_solution: Prose | None = Field(
        None,
        title="Preliminary solution",
        description="What the customer was told to do or will get meanwhile, up to 4,000 characters.",
    )
    told_by: Line | None = Field(
        None, title="How it was told", description="Mail, message or call, and to whom, up to 200 characters."
    )
    promised_for: Instant | None = Field(
        None,
        title="New date",
        description="By when the repair is finished, as told to the customer: date, time and zone. A new promise, "
        "recorded beside the old one.",
    )
    missing_parts: Prose | None = Field(
        None, title="Missing parts", description="Part numbers and quantities to order, up to 4,000 characters."
    )
    costs: Costs = ()
    attachments: Attachments = ()
    notes: Notes = None


REPAIR_RETURNED = UserTask(
    name="repair_returned",
    title="Repair the returned item",
    clause="W6",
    form=RepairReturnedForm,
    guidance="Follow the repair procedure. If special circumstances stand in the way, tell the customer a preliminary "
    "solution before the promised time is over.",
)

REPAIR_AS_PROMISED = UserTask(
    name="repair_as_promised",
    title="Repair the returned item by the new date",
    clause="W6",
    form=RepairReturnedForm,
    guidance="The customer was told a preliminary solution and this date.",
)


class Standards(Choice):
    """Whether the item meets the inspection and test standards."""

    MET = "met", "The standards are met"
    NOT_MET = "not_met", "The standards are not met"


class Remedy(Choice):
    """What after-sales does about an item that does not meet the standards."""

    REPAIR_AGAIN = "repair_again", "Repair it again"
    REPLACE = "replace", "Replace the product"
    RETURN = "return", "Return it as it is"


class ReinspectForm(Form):
    """The re-inspection after the repair."""

    needs: ClassVar = {("result", "not_met"): ("remedy",)}

    result: Standards = Field(title="Result", description="Only what meets the standards goes back as repaired.")
    standards: Line = Field(
        title="Standards", description="Inspection and test standards applied, up to 200 characters."
    )
    report: Prose = Field(title="Inspection report", description="Tests and their results, up to 4,000 characters.")
    remedy: Remedy | None = Field(
        None, title="What follows", description="After-sales is responsible for return and replacement."
    )
    attachments: Attachments = ()
    notes: Notes = None


REINSPECT = UserTask(
    name="reinspect",
    title="Inspect the item again after the repair",
    clause="W4",
    form=ReinspectForm,
    guidance="Test against the inspection and test standards. Somebody else than who repaired it does this.",
)
