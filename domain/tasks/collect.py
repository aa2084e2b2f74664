"""Collecting what the factory needs: material from the customer, sorted, and a written report to procurement (T1)."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from domain.tasks.form import Choice, Form
from domain.tasks.parts import Attachments, Line, Notes, Prose
from domain.tasks.user_task import UserTask, WaitsFor


class AskForMaterialForm(Form):
    """What the customer was asked for."""

    asked: Prose = Field(
        title="What you asked for",
        description="Pictures, videos, type plate, error messages and what else the factory needs, "
        "up to 4,000 characters.",
    )
    asked_by: Line = Field(
        title="How it was asked", description="Mail, message or call, and whom, up to 200 characters."
    )


ASK_FOR_MATERIAL = UserTask(
    name="ask_for_material",
    title="Ask the customer for pictures, videos and other material",
    clause="T1",
    form=AskForMaterialForm,
    guidance="Say exactly what to photograph or film, so that the factory need not ask again.",
)


class Material(Choice):
    """Whether the customer sent what was asked for."""

    RECEIVED = "received", "The customer sent material"
    NO_ANSWER = "no_answer", "Nothing has come yet"


class CollectMaterialForm(Form):
    """What came from the customer, sorted."""

    needs: ClassVar = {("result", "received"): ("sorted",)}

    result: Material = Field(title="The material", description="Asking in vain is recorded as an attempt.")
    sorted: Prose | None = Field(
        None,
        title="What it shows",
        description="The material in order: which picture or video shows what, up to 4,000 characters.",
    )
    attachments: Attachments = ()
    notes: Notes = None


COLLECT_MATERIAL = UserTask(
    name="collect_material",
    title="Collect and sort the customer's material",
    clause="T1",
    form=CollectMaterialForm,
    guidance="Look through all of it. What is blurred or missing is asked for again.",
    waits_for=WaitsFor.CUSTOMER,
)


class ReportProblemForm(Form):
    """The written report to procurement."""

    problem: Prose = Field(
        title="The problem",
        description="Clear and complete, for someone who has not seen the equipment, up to 4,000 characters.",
    )
    since_when: Prose | None = Field(
        None,
        title="Since when and under which conditions",
        description="First seen, how often, load and surroundings, up to 4,000 characters.",
    )
    reported_to: Line = Field(
        title="Reported to", description="Who in procurement has the written report, up to 200 characters."
    )
    attachments: Attachments = ()
    notes: Notes = None


REPORT_PROBLEM = UserTask(
    name="report_problem",
    title="Report the problem to procurement in writing",
    clause="T1",
    form=ReportProblemForm,
    guidance="Put the problem clearly into words. Procurement's time to inform the factory starts with your report.",
)
