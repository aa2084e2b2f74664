"""What pages show of cases and tasks, made from what the read side holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from api.pages import words
from api.pages.languages import _, say
from api.pages.times import Clock, clock, date_words, day, day_and_time, resumption
from domain.case import CaseState, CaseStatus, TaskState, TaskStatus
from domain.case.application import Customer
from domain.plan import Plan, Stage
from domain.tasks import TASKS
from store.attachments import Attachment
from store.pictures import MADE_OF
from store.queries.cases import CaseSummary
from store.queries.tasks import TaskView


@dataclass(frozen=True)
class FileView:
    """An uploaded file."""

    name: str
    href: str
    small: str
    """Where it is to be had as a small picture, empty for what is no picture."""


class TaskLine(NamedTuple):
    """A task in a list and at the top of its page."""

    task_id: str
    href: str
    title: str
    clock: Clock
    due: str
    runs: str
    """Whether its clock runs, and if not, when it goes on; empty where that is told otherwise or matters no more."""
    number: str
    case_href: str
    customer: str
    product: str
    issue: str
    role: str
    holder: str
    mine: bool
    can_claim: bool
    can_release: bool
    can_delegate: bool
    level: int
    reminded: bool
    provisional: bool
    reason: str
    guidance: str
    clause: str
    sort: tuple[int, float]
    rank: int
    """Its place in a list by urgency."""


@dataclass(frozen=True)
class Looker:
    """Who looks at a list of tasks: what they may take, and the names of the others."""

    user: str
    roles: frozenset[str]
    names: Mapping[str, str]
    may_delegate: bool = False
    stands_in_for: frozenset[str] = frozenset()
    """The absent people whose tasks are this person's to do today."""

    def name(self, user: str | None) -> str:
        """Who holds a task."""
        if user is None:
            return _("nobody yet")
        if user == self.user:
            return _("yours")
        name = self.names.get(user, user)
        return _("yours for %(name)s", name=name) if user in self.stands_in_for else name


def files_view(ids: Iterable[str], known: Mapping[str, Attachment]) -> tuple[FileView, ...]:
    """Uploaded files by their identifiers, in order; one that is not on record any more keeps its identifier."""
    found = []
    for one in ids:
        file = known.get(one)
        name = file.file_name if file else one
        href = f"/api/v1/attachments/{one}"
        small = f"{href}/small" if file is not None and file.content_type in MADE_OF else ""
        found.append(FileView(name, href, small))
    return tuple(found)


def promised_due(task: TaskState) -> datetime | None:
    """The deadline that counts for people: once one was missed the first one, since every later one is ours alone."""
    return task.first_due_at if task.escalation_level and task.first_due_at else task.due_at


def task_clock(task: TaskState, now: datetime, paused_since: datetime | None = None) -> Clock:
    """The clock of a task."""
    if not task.is_open:
        return Clock("none", _("done") if task.status is TaskStatus.COMPLETED else _("not needed"))
    return clock(
        now,
        promised_due(task),
        since=task.offered_at,
        paused=task.status is TaskStatus.SUSPENDED,
        paused_since=paused_since,
    )


def task_line(
    view: TaskView,
    plan: Plan | None,
    looker: Looker,
    now: datetime,
    *,
    paused_since: datetime | None = None,
    appointment: datetime | None = None,
) -> TaskLine:
    """A task as this person sees it; `appointment` is where the window begins that ends with its deadline."""
    task, case = view.task, view.case
    mine = view.assignee == looker.user or view.assignee in looker.stands_in_for
    can_do = task.role in looker.roles
    due = promised_due(task)
    declared = TASKS.get(task.kind)
    offered = task.is_open and task.status is not TaskStatus.SUSPENDED
    return TaskLine(
        task_id=view.task_id,
        href=f"/tasks/{view.task_id}",
        title=words.task_title(task.kind),
        clock=Clock("none", _("sent in"))
        if view.submitted_at and task.is_open
        else task_clock(task, now, paused_since),
        due=_due(due, appointment, case.time_zone, now),
        runs=_runs(view, due, now),
        number=case.work_order or case.case_id,
        case_href=f"/cases/{case.case_id}",
        customer=case.customer_name,
        product=case.model,
        issue=say(case.category.title_text).lower(),
        role=words.role_title(task.role, plan),
        holder=looker.name(view.assignee),
        mine=mine,
        can_claim=offered and can_do and view.assignee is None,
        can_release=offered and mine,
        can_delegate=offered and (mine or looker.may_delegate),
        level=task.escalation_level,
        reminded=task.reminded_at is not None and not task.escalation_level,
        provisional=task.provisional,
        reason=say(task.reason) if task.reason else "",
        guidance=say(declared.guidance) if declared and declared.guidance else "",
        clause=declared.clause if declared else "",
        sort=_sort(task, due, now),
        rank=view.rank,
    )


def _due(due: datetime | None, appointment: datetime | None, zone: str, now: datetime) -> str:
    if due is None:
        return _("no deadline yet")
    until = day_and_time(due, zone, now)
    if appointment is None or appointment >= due:
        return _("due %(when)s", when=until)
    same_day = day(appointment, zone, now) == day(due, zone, now)
    begins, ends = day_and_time(appointment, zone, now), until[-5:] if same_day else until
    return _("appointment %(begins)s, until %(ends)s", begins=begins, ends=ends)


def _runs(view: TaskView, due: datetime | None, now: datetime) -> str:
    waits = view.is_open and view.task.status is not TaskStatus.SUSPENDED and view.submitted_at is None
    if not waits or due is None or due <= now:
        return ""
    until = view.counting.resting_until(now)
    if until is None:
        return _("clock runs")
    return _("clock rests until %(when)s", when=resumption(until, view.case.time_zone, now))


def _sort(task: TaskState, due: datetime | None, now: datetime) -> tuple[int, float]:
    if task.status is TaskStatus.SUSPENDED:
        return (2, due.timestamp() if due else 0.0)
    if due is None:
        return (3, 0.0)
    return (0 if due < now else 1, due.timestamp())


@dataclass(frozen=True)
class Added:
    """Something added to a case on the way."""

    at: datetime
    who: str
    text: str
    files: tuple[FileView, ...]


@dataclass(frozen=True)
class Brief:
    """What somebody must know of a case to work on it."""

    case_id: str
    href: str
    number: str
    title: str
    plan: str
    zone: str
    customer: str
    contact: tuple[tuple[str, str, str], ...]
    product: str
    about_product: tuple[tuple[str, str], ...]
    about_service: tuple[tuple[str, str], ...]
    issue: str
    wish: str
    channel: str
    problem: str
    applied_at: datetime
    files: tuple[FileView, ...]
    information: tuple[Added, ...]

    @property
    def reach(self) -> tuple[tuple[str, str], ...]:
        """Whom to ask for, the number to call and where to go: what is needed first."""
        return tuple(
            (text, href) for name, text, href in self.contact if name in (_("Contact"), _("Phone"), _("Address"))
        )


def contact_of(customer: Customer) -> tuple[tuple[str, str, str], ...]:
    """How a customer is reached, what is known of it: each by its name, with where it leads to on a phone."""
    told = (
        (_("Contact"), customer.contact_name, ""),
        (_("Phone"), customer.phone, f"tel:{(customer.phone or '').replace(' ', '')}"),
        (_("E-mail"), customer.email, f"mailto:{customer.email}"),
        (_("Region"), customer.region, ""),
        (_("Address"), customer.address, ""),
        (_("Language"), words.language(customer.language or ""), ""),
    )
    return tuple((name, text, href) for name, text, href in told if text)


def brief_of(case: CaseState, plan: Plan | None, known: Mapping[str, Attachment]) -> Brief:
    """The brief of a case."""
    asked = case.application
    customer, product = asked.customer, asked.product
    about = (
        (_("Model"), product.model),
        (_("Serial number"), product.serial_number),
        (_("Specification"), product.specification),
        (_("Bought"), _day(product.purchase_date)),
        (_("Delivered"), _day(product.delivery_date)),
    )
    return Brief(
        case_id=case.case_id,
        href=f"/cases/{case.case_id}",
        number=words.case_number(case),
        title=words.case_title(case),
        plan=say(case.plan_title),
        zone=case.time_zone,
        customer=customer.name,
        contact=contact_of(customer),
        product=product.model,
        about_product=tuple((name, text) for name, text in about if text),
        about_service=_service(case),
        issue=say(asked.problem.category.title_text),
        wish=say(asked.request.title_text),
        channel=str(words.CHANNELS.get(asked.channel, words.spoken(asked.channel))),
        problem=asked.problem.description,
        applied_at=case.applied_at,
        files=files_view(asked.attachments, known),
        information=tuple(
            Added(one.at, words.who(one.by, plan), one.text or "", files_view(one.attachments, known))
            for one in reversed(case.information)
        ),
    )


def _service(case: CaseState) -> tuple[tuple[str, str], ...]:
    """Subject, contract and receipt of a case, as far as they are known (Q2, Q6, Q7)."""
    sorted_as = case.feedback
    subject = sorted_as.subject if sorted_as else case.application.subject
    found = [(_("Subject"), say(subject.title_text))] if subject else []
    if sorted_as:
        found.append((_("Warranty period"), say(sorted_as.period.title_text)))
    if sorted_as and (contract := sorted_as.contract):
        told = _("%(number)s, to %(day)s", number=contract.number, day=contract.valid_to)
        found.append((_("Service contract"), told if contract.valid_to else contract.number))
    if sorted_as and (receipt := sorted_as.receipt):
        told = _("%(number)s, stored in %(place)s", number=receipt.number, place=receipt.place)
        found.append((_("Receipt"), told))
    return tuple(found)


def _day(value: date | None) -> str:
    return date_words(value) if value else ""


@dataclass(frozen=True)
class StageView:
    """One piece of the stage strip: done, here or later."""

    title: str
    state: str


def stage_strip(stages: Iterable[Stage], here: Stage, *, closed: bool) -> tuple[StageView, ...]:
    """The stages of a case with where it stands; one outside the plan's order stands before the archive."""
    order = list(dict.fromkeys(stages))
    if here not in order:
        order.insert(len(order) - 1 if order else 0, here)
    place = order.index(here)
    return tuple(
        StageView(
            str(words.STAGES[stage]), "done" if closed or number < place else "here" if number == place else "later"
        )
        for number, stage in enumerate(order)
    )


@dataclass(frozen=True)
class CaseLine:
    """A case in a list."""

    href: str
    number: str
    title: str
    customer: str
    serial: str
    stage: str
    opened: str
    clock: Clock
    special: bool


def case_line(case: CaseSummary, now: datetime) -> CaseLine:
    """A case as a list shows it."""
    if case.status is CaseStatus.CLOSED:
        shown = Clock("none", str(words.RESULTS[case.result]) if case.result else _("closed"))
    elif case.status is CaseStatus.SUSPENDED and not case.overdue(now):
        shown = Clock("hold", _("paused"))
    else:
        shown = clock(now, case.late_from if case.overdue(now) else case.due_at, since=case.opened_at)
        if case.due_at is None and not case.overdue(now):
            shown = Clock("none", _("being prepared"))
    stage = str(words.STAGES[case.stage])
    if case.resolution and case.stage is Stage.RESOLVE:
        stage = _("%(stage)s: %(how)s", stage=stage, how=words.RESOLUTIONS[case.resolution])
    return CaseLine(
        href=f"/cases/{case.case_id}",
        number=case.work_order or case.case_id,
        title=_("%(model)s: %(issue)s", model=case.model, issue=say(case.category.title_text).lower()),
        customer=case.customer_name,
        serial=case.serial_number or "",
        stage=stage,
        opened=_("opened %(when)s", when=day_and_time(case.opened_at, case.time_zone, now)),
        clock=shown,
        special=case.special_case_open,
    )
