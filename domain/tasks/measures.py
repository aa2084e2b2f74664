"""Corrective and preventive actions of a confirmed quality issue, followed to their end (Q8)."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from domain.tasks.form import Choice, Form
from domain.tasks.parts import Attachments, Line, Notes, Prose
from domain.tasks.user_task import UserTask


class CarryOutMeasuresForm(Form):
    """What was done against the cause of a quality issue."""

    corrective: Prose = Field(
        title="Corrective action", description="What was put right and where, up to 4,000 characters."
    )
    preventive: Prose = Field(
        title="Preventive action",
        description="What keeps it from happening again, or why nothing need be changed, up to 4,000 characters.",
    )
    attachments: Attachments = ()
    notes: Notes = None


CARRY_OUT_MEASURES = UserTask(
    name="carry_out_measures",
    title="Carry out the corrective and preventive actions",
    clause="Q8",
    form=CarryOutMeasuresForm,
    guidance="The technical department assessed the issue: carry out its measures, then say what was done. "
    "Whether they work is checked by the technical department.",
)


class Effect(Choice):
    """Whether the measures took effect."""

    EFFECTIVE = "effective", "They work"
    NOT_EFFECTIVE = "not_effective", "They do not work, or not enough"


class VerifyMeasuresForm(Form):
    """The check of the measures, and who in management has the result."""

    needs: ClassVar = {
        ("effect", "effective"): ("reported_to",),
        ("effect", "not_effective"): ("missing",),
    }

    effect: Effect = Field(title="Effect", description="What does not work goes back to be done.")
    evidence: Prose = Field(
        title="How you know", description="Tests, figures or deliveries looked at, up to 4,000 characters."
    )
    missing: Prose | None = Field(
        None, title="What is missing", description="What has to be done besides, up to 4,000 characters."
    )
    reported_to: Line | None = Field(
        None,
        title="Reported to management",
        description="Who in management has the result, and how they were told, up to 200 characters.",
    )
    attachments: Attachments = ()
    notes: Notes = None


VERIFY_MEASURES = UserTask(
    name="verify_measures",
    title="Check that the measures work",
    clause="Q8",
    form=VerifyMeasuresForm,
    guidance="Look at what was done and whether the issue stays away, then report the result to management.",
)
