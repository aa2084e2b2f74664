"""The service itself: consultation, remote guidance or a visit (Q3), and what each subject leaves on record (Q2)."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from domain.tasks.form import Choice, Form
from domain.tasks.parts import Attachments, Instant, Line, Notes, Prose, Reached
from domain.tasks.user_task import UserTask, WaitsFor


class Answered(Choice):
    """What came of a service from afar."""

    SOLVED = "solved", "The customer is served"
    UNSOLVED = "unsolved", "It takes another service mode"
    NO_ANSWER = "no_answer", "No answer"


class ConsultationForm(Form):
    """The question and the solution given."""

    needs: ClassVar = {("result", "solved"): ("solution",), ("result", "unsolved"): ("open_points",)}

    result: Answered = Field(title="Result", description="What is not solved goes back for another service mode.")
    solution: Prose | None = Field(
        None, title="Solution given", description="As told to the customer, up to 4,000 characters."
    )
    open_points: Prose | None = Field(
        None, title="What is left open", description="And why this way does not do, up to 4,000 characters."
    )
    attachments: Attachments = ()
    notes: Notes = None


CONSULTATION = UserTask(
    name="consultation",
    title="Advise the customer",
    clause="Q3",
    form=ConsultationForm,
    guidance="Answer the question and give the solution.",
    waits_for=WaitsFor.CUSTOMER,
)


class RemoteGuidanceForm(Form):
    """What the customer was guided through from afar."""

    needs: ClassVar = {("result", "solved"): ("steps",), ("result", "unsolved"): ("open_points",)}

    result: Answered = Field(title="Result", description="What is not solved goes back for another service mode.")
    means: Line | None = Field(
        None, title="By which means", description="Telephone, video, remote access, up to 200 characters."
    )
    steps: Prose | None = Field(
        None, title="Guided through", description="Step by step and what came of it, up to 4,000 characters."
    )
    open_points: Prose | None = Field(
        None, title="What is left open", description="And why this way does not do, up to 4,000 characters."
    )
    attachments: Attachments = ()
    notes: Notes = None


REMOTE_GUIDANCE = UserTask(
    name="remote_guidance",
    title="Guide the customer from afar",
    clause="Q3",
    form=RemoteGuidanceForm,
    guidance="Go through it with the customer step by step.",
    waits_for=WaitsFor.CUSTOMER,
)


class ArrangeVisitForm(Form):
    """The appointment as agreed with the customer."""

    needs: ClassVar = {("reached", "yes"): ("appointment", "spoke_with")}

    reached: Reached = Field(
        title="Did you reach the customer?", description="An attempt without an answer is recorded too."
    )
    appointment: Instant | None = Field(
        None, title="Appointment", description="Date, time and zone. It becomes the deadline of the visit."
    )
    spoke_with: Line | None = Field(
        None, title="Agreed with", description="Whom on the customer's side, up to 200 characters."
    )
    place: Line | None = Field(
        None, title="Place", description="Where, if not the customer's address, up to 200 characters."
    )
    notes: Notes = None


ARRANGE_VISIT = UserTask(
    name="arrange_visit",
    title="Agree the visit with the customer",
    clause="Q3",
    form=ArrangeVisitForm,
    guidance="Agree who comes when, and what the customer has ready.",
    waits_for=WaitsFor.CUSTOMER,
)


class Visited(Choice):
    """What came of a visit."""

    SERVED = "served", "The service was carried out"
    UNSOLVED = "unsolved", "The visit did not solve it"
    NOBODY_THERE = "nobody_there", "Nobody there, or no access"


class ServiceVisitForm(Form):
    """The report of a visit."""

    needs: ClassVar = {("result", "served"): ("report",), ("result", "unsolved"): ("report",)}

    result: Visited = Field(
        title="The visit", description="A visit that met nobody is recorded; a new appointment is agreed."
    )
    report: Prose | None = Field(
        None, title="Report", description="What was found and done, and what is left, up to 4,000 characters."
    )
    work_done: Prose | None = Field(
        None,
        title="Work done",
        description="What was repaired, replaced or adjusted, if anything, up to 4,000 characters. "
        "It goes on the warranty card and counts as a repair.",
    )
    met: Line | None = Field(
        None, title="Whom you met", description="Names on the customer's side, up to 200 characters."
    )
    attachments: Attachments = ()
    notes: Notes = None


SERVICE_VISIT = UserTask(
    name="service_visit",
    title="Carry out the visit",
    clause="Q3",
    form=ServiceVisitForm,
    guidance="Carry out the service at the customer's and write the report. It may be verified with the customer.",
    waits_for=WaitsFor.CUSTOMER,
)


class TrainingRecordForm(Form):
    """Who was trained in what."""

    topics: Prose = Field(title="Topics", description="What was taught and practised, up to 4,000 characters.")
    trainer: Line = Field(title="Trainer", description="Who taught, up to 200 characters.")
    attendees: Annotated[tuple[Line, ...], Field(min_length=1, max_length=100)] = Field(
        title="Who attended", description="Names on the customer's side, 1 to 100, up to 200 characters each."
    )
    hours: Annotated[int, Field(ge=1, le=400)] = Field(title="Hours", description="Length in hours, 1 to 400.")
    attachments: Attachments = ()
    notes: Notes = None


TRAINING_RECORD = UserTask(
    name="training_record",
    title="Put the training on record",
    clause="Q2",
    form=TrainingRecordForm,
    guidance="Attach the signed list of attendees where there is one.",
)


class DocumentWord(Choice):
    """What became of a technical document."""

    UPDATED = "updated", "Updated and sent to the customer"
    RIGHT_AS_IT_IS = "right_as_it_is", "The document is right as it is"


class UpdateDocumentForm(Form):
    """The technical document in its new version, or why there is none."""

    needs: ClassVar = {
        ("result", "updated"): ("number", "version", "changes", "sent_to", "attachments"),
        ("result", "right_as_it_is"): ("number", "explanation"),
    }

    result: DocumentWord = Field(title="The document", description="A new version is attached and sent.")
    number: Line | None = Field(None, title="Document number", description="As filed, up to 200 characters.")
    version: Line | None = Field(None, title="New version", description="As on the document, up to 200 characters.")
    changes: Prose | None = Field(
        None, title="What changed", description="Against the version before, up to 4,000 characters."
    )
    sent_to: Line | None = Field(
        None, title="Sent to", description="Whom at the customer's, and how, up to 200 characters."
    )
    explanation: Prose | None = Field(
        None, title="Explained to the customer", description="Why nothing changes, up to 4,000 characters."
    )
    attachments: Attachments = ()


UPDATE_DOCUMENT = UserTask(
    name="update_document",
    title="Update the technical document",
    clause="Q2",
    form=UpdateDocumentForm,
    guidance="Number, version and the file itself go on record; the customer gets the new version.",
)


class ForwardQualityIssueForm(Form):
    """What was found of a quality issue."""

    finding: Prose = Field(
        title="What was found", description="Facts, measurements, conditions, up to 4,000 characters."
    )
    extent: Line = Field(
        title="How much is affected", description="Pieces, lots or serial numbers, up to 200 characters."
    )
    forwarded_to: Line = Field(
        title="Forwarded to", description="Who in the technical department has it now, up to 200 characters."
    )
    attachments: Attachments = ()
    notes: Notes = None


FORWARD_QUALITY_ISSUE = UserTask(
    name="forward_quality_issue",
    title="Forward the quality issue",
    clause="Q2",
    form=ForwardQualityIssueForm,
    guidance="Collect what is known and pass it on to the technical department.",
)


class QualityVerdict(Choice):
    """What the technical department makes of a quality issue."""

    CONFIRMED = "confirmed", "A quality issue of ours"
    NOT_OURS = "not_ours", "Not a quality issue of ours"
    MORE_NEEDED = "more_needed", "More has to be found out first"


class AssessQualityIssueForm(Form):
    """The technical department's assessment."""

    needs: ClassVar = {
        ("verdict", "confirmed"): ("cause", "measures"),
        ("verdict", "not_ours"): ("cause",),
        ("verdict", "more_needed"): ("questions",),
    }

    verdict: QualityVerdict = Field(title="Assessment", description="Open questions go back to the after-sales team.")
    cause: Prose | None = Field(None, title="Cause", description="As far as established, up to 4,000 characters.")
    measures: Prose | None = Field(
        None,
        title="Measures",
        description="What is done for this customer, and what keeps it from happening again, up to 4,000 characters.",
    )
    questions: Prose | None = Field(
        None, title="What has to be found out", description="By the after-sales team, up to 4,000 characters."
    )
    attachments: Attachments = ()
    notes: Notes = None


ASSESS_QUALITY_ISSUE = UserTask(
    name="assess_quality_issue",
    title="Assess the quality issue",
    clause="Q2",
    form=AssessQualityIssueForm,
    guidance="Establish the cause and the measures. The customer is told the result before acceptance.",
)
