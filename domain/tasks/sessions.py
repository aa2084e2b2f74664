"""Support from a distance at the customer's time: video in a temporary group, telephone, e-mail (T5, T6, T7, T8)."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from domain.tasks.form import Choice, Form
from domain.tasks.parts import Attachments, Instant, Line, Notes, Prose, Reached
from domain.tasks.user_task import Asked, ByCustomer, Known, UserTask, WaitsFor


class AgreeSessionForm(Form):
    """The time that suits the customer."""

    needs: ClassVar = {("reached", "yes"): ("appointment", "technician")}

    reached: Reached = Field(
        title="Did you reach the customer?", description="An attempt without an answer is recorded too."
    )
    appointment: Instant | None = Field(
        None, title="Appointment", description="A time that suits the customer: date, time and zone."
    )
    technician: Line | None = Field(
        None, title="Factory technician", description="Who takes part for the factory, up to 200 characters."
    )
    notes: Notes = None


AGREE_SESSION = UserTask(
    name="agree_session",
    title="Agree a time for remote support",
    clause="T5",
    form=AgreeSessionForm,
    guidance="The customer's time decides; the factory's technician has to be there.",
    waits_for=WaitsFor.CUSTOMER,
)


class OpenGroupForm(Form):
    """The temporary group."""

    group: Line = Field(title="Group", description="Name of the group as members see it, up to 200 characters.")
    members: Prose = Field(
        title="Members",
        description="Sales, the factory's technician and the customer, one a line, up to 4,000 characters.",
    )
    notes: Notes = None


OPEN_GROUP = UserTask(
    name="open_group",
    title="Set up the temporary group",
    clause="T5",
    form=OpenGroupForm,
    guidance="Sales, the factory's technician and the customer; nobody else. It is dissolved after the session.",
)


class Session(Choice):
    """What a session came to."""

    SOLVED = "solved", "Solved"
    UNSOLVED = "unsolved", "Not solved this way"
    MISSED = "missed", "It did not take place"


class SessionForm(Form):
    """What was done in the session."""

    needs: ClassVar = {("result", "solved"): ("work_done",), ("result", "unsolved"): ("work_done",)}

    result: Session = Field(
        title="Result", description="What is not solved goes back to the factory for another solution."
    )
    work_done: Prose | None = Field(
        None, title="What was done", description="Steps taken and what they showed, up to 4,000 characters."
    )
    instructions: Prose | None = Field(
        None, title="Shown and explained", description="What the customer should observe, up to 4,000 characters."
    )
    attachments: Attachments = ()
    notes: Notes = None


VIDEO_SESSION = UserTask(
    name="video_session",
    title="Support the customer by video",
    clause="T5",
    form=SessionForm,
    guidance="In the temporary group, with the factory's technician. Record what was tried.",
    waits_for=WaitsFor.CUSTOMER,
)

TELEPHONE_SESSION = UserTask(
    name="telephone_session",
    title="Support the customer by telephone",
    clause="T6",
    form=SessionForm,
    guidance="Sales, the factory's technician and the customer in one call. Record what was tried.",
    waits_for=WaitsFor.CUSTOMER,
)

GUIDED_INSTALLATION = UserTask(
    name="guided_installation",
    title="Guide the customer through replacing the part by video",
    clause="T8",
    form=SessionForm,
    guidance="Begin when the customer has the parts and tools ready. Have the replaced part shown running.",
    waits_for=WaitsFor.CUSTOMER,
)


class DissolveGroupForm(Form):
    """That the temporary group is no more."""

    dissolved: Line = Field(
        title="How it was dissolved", description="Group closed, members removed, and by whom, up to 200 characters."
    )
    notes: Notes = None


DISSOLVE_GROUP = UserTask(
    name="dissolve_group",
    title="Dissolve the temporary group",
    clause="T5",
    form=DissolveGroupForm,
    guidance="At once when the problem is solved or this way is given up.",
)


class Pictures(Choice):
    """Whether the mail shows what it says."""

    ENCLOSED = "enclosed", "With pictures or video"
    TEXT_ALONE = "text_alone", "Text alone"


class EmailSolutionForm(Form):
    """The mail that gives the solution to the customer."""

    needs: ClassVar = {("pictures", "enclosed"): ("attachments",), ("pictures", "text_alone"): ("why_text_alone",)}

    sent_to: Line = Field(title="Sent to", description="Name and address, up to 200 characters.")
    text: Prose = Field(title="The mail", description="The solution in words, as sent, up to 4,000 characters.")
    pictures: Pictures = Field(
        title="Pictures and video", description="What went with the mail is attached here; text alone has a reason."
    )
    why_text_alone: Line | None = Field(
        None, title="Why text alone", description="What makes pictures needless here, up to 200 characters."
    )
    attachments: Attachments = ()
    notes: Notes = None


EMAIL_SOLUTION = UserTask(
    name="email_solution",
    title="E-mail the solution to the customer",
    clause="T7",
    form=EmailSolutionForm,
    guidance="Text with pictures and video, immediately after the solution is given. Where mail is set up, what you "
    "enter here is mailed to the customer; otherwise send it first.",
)


class Solved(Choice):
    """Whether the mailed solution helped."""

    SOLVED = "solved", "The problem is solved"
    UNSOLVED = "unsolved", "It did not help"
    NO_ANSWER = "no_answer", "No answer"


class ConfirmSolvedForm(Form):
    """The customer's word on the mailed solution."""

    needs: ClassVar = {("result", "solved"): ("told_by",), ("result", "unsolved"): ("told_by",)}

    result: Solved = Field(
        title="The customer says", description="What did not help goes back to the factory for another solution."
    )
    told_by: Line | None = Field(
        None, title="How you know", description="Call or mail, and from whom, up to 200 characters."
    )
    notes: Notes = None


CONFIRM_SOLVED = UserTask(
    name="confirm_solved",
    title="Ask whether the mailed solution helped",
    clause="T7",
    form=ConfirmSolvedForm,
    guidance="Ring the customer if the mail is not answered.",
    waits_for=WaitsFor.CUSTOMER,
    by_customer=ByCustomer(
        question="Did the solution that we sent you help?",
        asks={
            "result": Asked(
                "Your answer",
                {"solved": "Yes, the problem is solved", "unsolved": "No, it did not help"},
                hint="If it did not, we go back to the factory for another solution.",
            ),
            "notes": Asked("Anything you want to tell us"),
        },
        known={"told_by": Known.HOW},
    ),
)
