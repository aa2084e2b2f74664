"""Handing a problem over to the factory: sent, received, the customer's wishes, the factory's solution (T2, T3, T4)."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from domain.tasks.form import Choice, Form
from domain.tasks.parts import Attachments, Instant, Line, Notes, Prose, Reached
from domain.tasks.user_task import Asked, ByCustomer, UserTask, WaitsFor


class EnteredBy(Choice):
    """Who enters the factory's answers."""

    FACTORY = "factory", "The factory, with its own sign-in"
    PROCUREMENT = "procurement", "Procurement, for the factory"


class SendToFactoryForm(Form):
    """That the information went to the factory, and to which."""

    factory: Line = Field(
        title="Factory",
        description="Name of the factory that makes the product, up to 200 characters.",
        json_schema_extra={"x-choices": "factories"},
    )
    sent_by: Line = Field(title="How it was sent", description="Mail or message, and to whom, up to 200 characters.")
    answers: EnteredBy = Field(
        title="Who enters the factory's answers?",
        description="For a factory without a sign-in procurement enters them, and says on what evidence.",
    )
    attachments: Attachments = ()
    notes: Notes = None


SEND_TO_FACTORY = UserTask(
    name="send_to_factory",
    title="Send the information to the factory",
    clause="T2",
    form=SendToFactoryForm,
    guidance="Send the report with all material, then ring the factory: its confirmation is a step of its own.",
)


class Confirmation(Choice):
    """Whether the factory has the information."""

    RECEIVED = "received", "The factory has it"
    NO_ANSWER = "no_answer", "Nobody answered, or it has not arrived"


class FactoryConfirmationForm(Form):
    """The factory's word that it has the information."""

    needs: ClassVar = {("result", "received"): ("confirmed_by", "evidence")}

    result: Confirmation = Field(title="The factory", description="A call in vain is recorded as an attempt.")
    confirmed_by: Line | None = Field(
        None, title="Who confirmed it", description="Name of the person at the factory, up to 200 characters."
    )
    evidence: Line | None = Field(
        None, title="Evidence", description="Call at which number, mail or message, up to 200 characters."
    )
    notes: Notes = None


FACTORY_CONFIRMATION = UserTask(
    name="factory_confirmation",
    title="Have the factory confirm that it has the information",
    clause="T2",
    form=FactoryConfirmationForm,
    guidance="Ask by telephone. Enter when the factory really had it: its time for a solution counts from then.",
    waits_for=WaitsFor.FACTORY,
)


class Use(Choice):
    """What the customer does with the equipment."""

    OWN = "own_use", "Uses it itself"
    SUPPLIES = "supplies", "Supplies it to its own customers"


class AskWishesForm(Form):
    """What the customer wants of the repair."""

    needs: ClassVar = {("reached", "yes"): ("time_wanted", "use")}

    reached: Reached = Field(
        title="Did you reach the customer?", description="An attempt without an answer is recorded too."
    )
    time_wanted: Prose | None = Field(
        None, title="Repair time wanted", description="In the customer's words, up to 4,000 characters."
    )
    wanted_by: Instant | None = Field(
        None, title="Wanted by", description="When it has to run again, if the customer named a day."
    )
    use: Use | None = Field(
        None, title="Use of the equipment", description="Whether the customer uses it itself or supplies it on."
    )
    notes: Notes = None


ASK_WISHES = UserTask(
    name="ask_wishes",
    title="Ask about the repair time wanted and the use of the equipment",
    clause="T3",
    form=AskWishesForm,
    guidance="Whether the equipment is for the customer's own use or supplied on decides how urgent it is.",
    waits_for=WaitsFor.CUSTOMER,
    by_customer=ByCustomer(
        question="By when do you need the repair?",
        asks={
            "time_wanted": Asked("The repair time you want", hint="In your own words."),
            "use": Asked(
                "How the equipment is used",
                {"own_use": "We use it ourselves", "supplies": "We supply it to our own customers"},
            ),
        },
        known={"reached": Reached.YES.value},
    ),
)


class SolutionWay(Choice):
    """How the factory would solve it."""

    VIDEO = "video", "Video support"
    TELEPHONE = "telephone", "Telephone support"
    EMAIL = "email", "Support by e-mail"
    PARTS = "parts", "Replace parts"
    REPLACEMENT_ORDER = "replacement_order", "Replace the equipment"
    FACTORY_RETURN = "factory_return", "Return to the factory"


class WhyReplaced(Choice):
    """Why the equipment is replaced and not repaired."""

    UNREPAIRABLE = "unrepairable", "It cannot be repaired"
    URGENT = "urgent", "The customer's time is urgent"


class ProposeSolutionForm(Form):
    """The factory's solution; for parts or equipment it is in writing."""

    needs: ClassVar = {
        ("way", "parts"): ("written", "items"),
        ("way", "replacement_order"): ("written", "items", "why_replaced"),
    }

    cause: Prose = Field(title="What caused it?", description="As far as the factory can tell, up to 4,000 characters.")
    way: SolutionWay = Field(title="Way of solving it", description="The case goes on this way.")
    solution: Prose = Field(
        title="The solution", description="What is to be done, step by step, up to 4,000 characters."
    )
    items: Prose | None = Field(
        None, title="Parts or equipment", description="Part numbers and quantities, up to 4,000 characters."
    )
    written: Line | None = Field(
        None,
        title="Written solution",
        description="Where the factory's writing is found: mail, letter or file, up to 200 characters.",
    )
    why_replaced: WhyReplaced | None = Field(
        None, title="Why it is replaced", description="Who pays depends on it; it goes on record."
    )
    attachments: Attachments = ()
    notes: Notes = None


PROPOSE_SOLUTION = UserTask(
    name="propose_solution",
    title="Give a solution",
    clause="T4",
    form=ProposeSolutionForm,
    guidance="A replacement of parts or equipment is given in writing. "
    "Whoever enters it for the factory says on whose behalf and on what evidence.",
    waits_for=WaitsFor.FACTORY,
    speaks_for="factory",
)
