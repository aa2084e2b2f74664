"""What a customer is shown of their case: what waits for their answer, what it is about, their papers and words."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from api.actions.customers import HOW
from api.pages import words
from api.pages.fields import Field, Kind, Option, Place, fields_of, places_of
from api.pages.languages import LANGUAGES, _, language, lazy, say
from api.pages.tracking_words import PAPERS
from domain.case import CaseState, CaseStatus, Direction, Document, Information, ShipmentState, TaskState, TaskStatus
from domain.events import CUSTOMER
from domain.plan import Stage
from domain.tasks import TASKS, Asked, ByCustomer, Choice, FormInvalid
from domain.tasks.accept import ACCEPTANCE, Acceptance
from domain.tasks.on_site import CONFIRM_PLAN
from domain.tasks.parts import Payer
from domain.texts import nearest
from store.queries.tasks import TaskView

_PLAN = {"cause": lazy("What we found"), "proposal": lazy("What we propose"), "solution": lazy("The solution"),
         "explanation": lazy("In detail")}  # fmt: skip
_WORK = {"work_done": lazy("What was done"), "adjusted": lazy("Installed and adjusted"),
         "solution": lazy("The solution"), "instructions": lazy("What to observe from now on")}  # fmt: skip
_FOR_US_ALONE = ("remote_diagnosis",)


@dataclass(frozen=True)
class Line:
    """One cost that the customer bears."""

    kind: str
    text: str
    amount: str


@dataclass(frozen=True)
class Question:
    """A step that waits for the customer's own answer, with all that they must know to give it.

    `shown` stands for what the answer is about: when it has changed meanwhile, the answer is not taken.
    """

    key: str
    title: str
    about: tuple[tuple[str, str], ...]
    costs: tuple[Line, ...]
    total: str
    costs_nothing: bool
    fields: tuple[Field, ...]
    signs: bool
    shown: str
    sent: bool

    @property
    def places(self) -> dict[str, Place]:
        """Where each input stands on the page, by its name."""
        return places_of(self.fields)


@dataclass(frozen=True)
class Paper:
    """A document that the customer may have."""

    title: str
    href: str
    language: str
    issued_at: datetime


@dataclass(frozen=True)
class Told:
    """Something the customer told us on their page."""

    at: datetime
    text: str
    files: int


def questions(case: CaseState, tasks: Sequence[TaskView]) -> tuple[Question, ...]:
    """The open steps that are the customer's to answer. None while the case is paused or closed."""
    if case.status is not CaseStatus.ACTIVE:
        return ()
    return tuple(question(case, tasks, one) for one in tasks if is_theirs(one))


def is_theirs(view: TaskView) -> bool:
    """True for an open step that its customer can answer now."""
    known = TASKS.get(view.task.kind)
    return known is not None and known.by_customer is not None and view.task.status is TaskStatus.READY


def question(case: CaseState, tasks: Sequence[TaskView], view: TaskView) -> Question:
    """Returns a step as it is put to the customer."""
    own = TASKS[view.task.kind].by_customer
    assert own is not None  # noqa: S101 - asked by is_theirs
    done = [one.task for one in tasks]
    about = _about(view.task.kind, done)
    agrees = view.task.kind == CONFIRM_PLAN.name
    lines = _lines(case) if agrees else ()
    total = case.customer_owes()
    return Question(
        key=view.task.key,
        title=say(own.question),
        about=tuple((str(title), text) for title, text in about),
        costs=lines,
        total=words.money(total, case.currency) if lines else "",
        costs_nothing=agrees and not total,
        fields=fields_asked(view.task, case),
        signs=own.signature is not None,
        shown=_digest(view.task.key, about, case, agrees=agrees),
        sent=view.submitted_at is not None,
    )


def fields_asked(step: TaskState, case: CaseState) -> tuple[Field, ...]:
    """The fields of a step's form that are put to its customer, in their words; each named `<key of the step>.<field>`.

    Two steps can wait on one page, and their fields must not be taken for each other.
    """
    task = TASKS[step.kind]
    own = task.by_customer
    if own is None:
        return ()
    declared = {one.name: one for one in fields_of(task.form.schema_for_people_and_programs())}
    return tuple(_asked(declared[name], own, step, case) for name in own.asks)


def _asked(declared: Field, own: ByCustomer, step: TaskState, case: CaseState) -> Field:
    asked = own.asks[declared.name]
    answers = {value: title for value, title in asked.answers.items() if _possible(step.kind, value, case)}
    when = tuple((other, answer) for other, answer in declared.when if other in own.asks)
    always = bool(declared.when) and not when  # what makes it necessary is known already
    return Field(
        name=f"{step.key}.{declared.name}",
        title=say(asked.title),
        hint=say(asked.hint) if asked.hint else "",
        kind=declared.kind,
        required=declared.required or always,
        options=tuple(Option(value, say(title)) for value, title in answers.items()),
        longest=declared.longest,
        least=declared.least,
        most=declared.most,
        when=tuple((f"{step.key}.{other}", answer) for other, answer in when),
        when_words=_when(own.asks, when) if declared.kind is not Kind.CHOICE else "",
        follows=declared.follows and bool(when),
    )


def _when(asks: Mapping[str, Asked], when: Iterable[tuple[str, str]]) -> str:
    """With which answers a field is needed, in words."""
    answers = [say(asks[other].answers[answer]) for other, answer in when if answer in asks[other].answers]
    return _("If your answer is: %(answers)s", answers=" / ".join(answers)) if answers else ""


def _possible(kind: str, answer: str, case: CaseState) -> bool:
    """What was never sent cannot have failed to arrive."""
    if kind != ACCEPTANCE.name or answer != Acceptance.NOT_ARRIVED:
        return True
    sent = [one for one in case.shipments if one.direction is Direction.OUT]
    return bool(sent) and sent[-1].state is not ShipmentState.RECEIVED


def _about(kind: str, tasks: Iterable[TaskState]) -> tuple[tuple[str, str], ...]:
    """What was found, proposed or done, from the newest step that says so; as the papers of the case say it."""
    wanted = {CONFIRM_PLAN.name: _PLAN, ACCEPTANCE.name: _WORK}.get(kind)
    if wanted is None:
        return ()
    for task in reversed(tuple(tasks)):
        told = {name: task.outcome[name] for name in wanted if task.outcome and task.outcome.get(name)}
        if task.done and told and task.kind not in _FOR_US_ALONE:
            return tuple((wanted[name], _value(task, name, raw)) for name, raw in told.items())
    return ()


def _value(task: TaskState, name: str, raw: Any) -> str:
    """A text as it was entered, a choice by its title."""
    known = TASKS.get(task.kind)
    form = known.accept(task.outcome or {}) if known else None
    chosen = getattr(form, name, None) if form is not None and not isinstance(form, FormInvalid) else None
    return say(chosen.title_text) if isinstance(chosen, Choice) else str(raw)


def _lines(case: CaseState) -> tuple[Line, ...]:
    return tuple(
        Line(say(one.kind.title_text), one.text, words.money(one.amount, case.currency))
        for one in case.costs
        if one.payer is Payer.CUSTOMER
    )


def _digest(key: str, about: Iterable[tuple[str, str]], case: CaseState, *, agrees: bool) -> str:
    """What stands for what was shown, whatever the language it was shown in."""
    lines = [(one.text, str(one.amount)) for one in case.costs if one.payer is Payer.CUSTOMER] if agrees else []
    content = json.dumps([key, [text for _title, text in about], lines], ensure_ascii=False)
    return hashlib.sha256(content.encode()).hexdigest()[:32]


def evidence(case: CaseState, name: str, kind: str, *, drawn: bool) -> str:
    """How a customer gave their word on their page, and what was shown to them; in the language of the record."""
    told = [f"{name}, {HOW}."]
    if kind == CONFIRM_PLAN.name:
        total: Decimal = case.customer_owes()
        told.append(f"Shown to them: the plan, and {total:.2f} {case.currency} that they bear.")
    if own := TASKS[kind].by_customer:
        signed = "Signed by hand on the screen." if drawn else "Signed by typing the name."
        told += [signed] if own.signature else []
    return " ".join(told)


def papers(token: str, issued: Iterable[Document]) -> tuple[Paper, ...]:
    """The newest version of each paper that is handed over to customers.

    In the reader's language where it was issued in it, else in every language it was issued in.
    """
    newest: dict[tuple[str, str], Document] = {}
    for one in issued:
        newest[one.kind, one.language] = one
    kinds = {kind.value: kind for kind in PAPERS}
    readable = {kind for kind, spoken in newest if nearest(spoken) == language()}
    return tuple(
        Paper(
            say(kinds[kind].title_text),
            f"/t/{token}/documents/{one.document_id}",
            LANGUAGES.get(nearest(spoken), spoken),
            one.issued_at,
        )
        for (kind, spoken), one in newest.items()
        if kind in kinds and (kind not in readable or nearest(spoken) == language())
    )


def told_by_customer(information: Iterable[Information]) -> tuple[Told, ...]:
    """What the customer told us on their page, the newest first. What colleagues added is ours."""
    own = [one for one in information if one.by.user == CUSTOMER]
    return tuple(Told(one.at, one.text or "", len(one.attachments)) for one in reversed(own))


def files_sent(case: CaseState) -> tuple[str, ...]:
    """The files that came with the request, and those the customer added on their page."""
    later = [file for one in case.information if one.by.user == CUSTOMER for file in one.attachments]
    return (*case.application.attachments, *later)


def can_withdraw(case: CaseState) -> bool:
    """True while there is something to withdraw from: not once the work was accepted, nor while the case is closed.

    Somebody of the house can withdraw it a little longer, as long as the case takes it (X5).
    """
    accepted = Stage.ACCEPT in case.stages and case.stage in case.stages[case.stages.index(Stage.ACCEPT) + 1 :]
    over = accepted or case.stage in (Stage.FOLLOW_UP, Stage.GIVE_BACK, Stage.ARCHIVE)
    return case.status is not CaseStatus.CLOSED and not over


def consequences(case: CaseState) -> tuple[str, ...]:
    """What a withdrawal leads to, as things stand (X5)."""
    found = [_("We stop working on it. Appointments that were agreed do not take place.")]
    if case.item_with_us == "on_the_way":
        found.append(_("Do not send your item if you have not yet; if it is on its way, you get it back."))
    elif case.item_with_us:
        found.append(_("You get your item back, as it is."))
    if any(order.is_open for order in case.orders):
        found.append(_("What was ordered for you already is settled with you first."))
    if case.consents and case.customer_still_owes():
        owed = words.money(case.customer_still_owes(), case.currency)
        found.append(
            _("What you agreed to pay and was done by now is settled with you; you agreed to %(owed)s.", owed=owed)
        )
    found.append(_("Your request is filed as withdrawn. If you need us later, send a new one."))
    return tuple(found)
