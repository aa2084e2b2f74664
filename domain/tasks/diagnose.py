"""Preliminary determination: guided self-checks from a distance (R4)."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from domain.tasks.form import Choice, Form
from domain.tasks.parts import Attachments, Notes, Prose
from domain.tasks.user_task import UserTask, WaitsFor


class Diagnosis(Choice):
    """What the remote diagnosis came to."""

    SOLVED = "solved", "Solved on the spot"
    COMPLEX = "complex", "Complex: needs a visit or a return"
    NO_ANSWER = "no_answer", "No answer"


class RemoteDiagnosisForm(Form):
    """What was checked with the customer and what follows."""

    needs: ClassVar = {("result", "solved"): ("findings",), ("result", "complex"): ("findings", "explanation")}

    result: Diagnosis = Field(
        title="Result", description="A simple issue is solved here; a complex one goes to dispatch."
    )
    checks: Prose | None = Field(
        None,
        title="Self-checks done",
        description="Correct operation, matching conditions of use, and what else was tried, up to 4,000 characters.",
    )
    findings: Prose | None = Field(
        None, title="What was found", description="Cause as far as known, up to 4,000 characters."
    )
    explanation: Prose | None = Field(
        None,
        title="Explained to the customer",
        description="The next steps and their timing, as told to the customer, up to 4,000 characters.",
    )
    attachments: Attachments = ()
    notes: Notes = None


REMOTE_DIAGNOSIS = UserTask(
    name="remote_diagnosis",
    title="Guide the self-check",
    clause="R4",
    form=RemoteDiagnosisForm,
    guidance="Go through correct operation and the conditions of use with the customer. "
    "If it takes a visit or a return, explain the next steps and when they happen.",
    waits_for=WaitsFor.CUSTOMER,
)
