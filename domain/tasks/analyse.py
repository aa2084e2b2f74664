"""An abnormal problem while the item is still with the customer: analysed, determined and solved with them (W5)."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from domain.tasks.form import Choice, Form
from domain.tasks.parts import Attachments, Line, Notes, Prose, Reached, Responsibility
from domain.tasks.user_task import UserTask, WaitsFor


class AnalyseProblemForm(Form):
    """What technical support found out with the customer."""

    needs: ClassVar = {("reached", "yes"): ("findings", "proposal")}

    reached: Reached = Field(
        title="Did you reach the customer?", description="An attempt without an answer is recorded too."
    )
    checks: Prose | None = Field(
        None, title="Checked with the customer", description="What was tried and measured, up to 4,000 characters."
    )
    findings: Prose | None = Field(
        None, title="What was found", description="Cause as far as known, up to 4,000 characters."
    )
    proposal: Prose | None = Field(
        None, title="Proposed solution", description="For the project manager to settle, up to 4,000 characters."
    )
    attachments: Attachments = ()
    notes: Notes = None


ANALYSE_PROBLEM = UserTask(
    name="analyse_problem",
    title="Analyse the problem with the customer",
    clause="W5",
    form=AnalyseProblemForm,
    guidance="The item is still with the customer. Go through the abnormal problem with them and propose a solution.",
    waits_for=WaitsFor.CUSTOMER,
)


class Solving(Choice):
    """What project manager and customer came to."""

    SOLVED = "solved", "Solved with the customer"
    SEND_IN = "send_in", "The item has to come in"
    NO_ANSWER = "no_answer", "No answer"


class SolveProblemForm(Form):
    """What was determined with the customer, and whether that solved it."""

    needs: ClassVar = {
        ("result", "solved"): ("determination", "solution", "spoken_with"),
        ("result", "send_in"): ("determination", "responsibility", "spoken_with"),
    }

    result: Solving = Field(title="Result", description="What is solved here goes on to acceptance.")
    spoken_with: Line | None = Field(
        None, title="Spoken with", description="Name on the customer's side, up to 200 characters."
    )
    determination: Prose | None = Field(
        None, title="What was determined", description="The problem and its cause, up to 4,000 characters."
    )
    solution: Prose | None = Field(
        None, title="How it was solved", description="What the customer or we did, up to 4,000 characters."
    )
    responsibility: Responsibility | None = Field(
        None, title="Caused by", description="As it stands after the analysis."
    )
    attachments: Attachments = ()
    notes: Notes = None


SOLVE_PROBLEM = UserTask(
    name="solve_problem",
    title="Determine and solve the problem with the customer",
    clause="W5",
    form=SolveProblemForm,
    guidance="Contact the customer together with technical support, on the grounds of its analysis.",
    waits_for=WaitsFor.CUSTOMER,
)
