"""What follows from an action on a case, told before it is done: what stops, what ends, what goes on, who is told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from api.pages import words
from api.pages.languages import _, say
from api.pages.times import day_and_time, length
from api.pages.views import Looker, promised_due
from domain.case import CaseState, TaskStatus
from domain.notices import NoticeKind
from domain.plan import Plan
from domain.plan.describe import budget_words
from domain.tasks import WaitsFor
from store.queries.tasks import TaskView

BESIDE = frozenset({"acknowledge_breach", "chase", "special_case", "panel_word", "tell_customer"})
"""Tasks beside the steps of the procedure: a pause does not stop their clocks."""

Effect = tuple[str, tuple[str, ...]]
"""A heading, and what stands under it."""


@dataclass(frozen=True)
class Around:
    """What the consequences of an action depend on; `mails`: whether notices go by mail here."""

    case: CaseState
    tasks: Sequence[TaskView]
    plan: Plan | None
    looker: Looker
    mails: bool
    now: datetime

    @property
    def waiting(self) -> list[TaskView]:
        """The open tasks."""
        return [view for view in self.tasks if view.task.is_open]


def effects_of(name: str, around: Around) -> tuple[Effect, ...]:
    """Returns what follows from the action of that name as the case stands now, without headings that have no line."""
    told = _TOLD.get(name)
    return tuple((heading, lines) for heading, lines in told(around) if lines) if told else ()


def _withdraw(around: Around) -> list[Effect]:
    case, plan = around.case, around.plan
    ends = [view for view in around.waiting if view.task.kind != "acknowledge_breach"]
    stays = [view for view in around.waiting if view.task.kind == "acknowledge_breach"]
    follows = []
    if case.item_with_us:
        follows.append(_("The customer's item goes back."))
    if any(order.is_open for order in case.orders):
        follows.append(_("Orders already placed are settled."))
    if case.costs:
        total = sum((line.amount for line in case.costs), start=case.costs[0].amount * 0)
        follows.append(_("Costs on record, %(amount)s, are settled.", amount=words.money(total, case.currency)))
    if case.promised_for:
        follows.append(_("The date promised to the customer no longer applies."))
    follows.append(_("The case is closed as withdrawn."))
    if plan is not None:
        within = say(budget_words(plan.reopening.within))
        follows.append(_("It can be reopened within %(time)s after that.", time=within))
    return [
        (_("What ends"), tuple(_of(view, around) for view in ends)),
        (_("What stays"), tuple(_of(view, around) for view in stays)),
        (_("What follows"), tuple(follows)),
        (_("Who is told"), (*_holders(ends, around), *_customer(NoticeKind.CLOSED, around))),
    ]


def _pause(around: Around) -> list[Effect]:
    stops = [view for view in around.waiting if _pausable(view)]
    goes_on = [view for view in around.waiting if not _pausable(view)]
    nothing = () if stops else (_("No clock: nothing that is open waits for the customer."),)
    ends = _("By itself at the time you name, with the time that was left; or when the pause is ended.")
    return [
        (_("What stops"), (*(_with_time(view, around) for view in stops), *nothing)),
        (_("What goes on"), tuple(_with_time(view, around) for view in goes_on)),
        (_("When it goes on"), (ends,)),
        (_("Who is told"), (_("Everybody who opens the case or its tasks; the customer on the tracking page."),)),
    ]


def _resume(around: Around) -> list[Effect]:
    rests = [view for view in around.waiting if view.task.status is TaskStatus.SUSPENDED]
    by_when = _("Each with the time it had left when the pause began; the new deadline is a promise on record.")
    return [
        (_("What goes on"), tuple(_of(view, around) for view in rests)),
        (_("By when"), (by_when,)),
    ]


def _escalate(around: Around) -> list[Effect]:
    plan = around.plan
    panel = [words.role_title(role, plan) for role in plan.panel] if plan else []
    *others, last = panel or [words.panel(plan)]
    decides = [_("%(role)s gives a word first.", role=role) for role in others]
    decides.append(_("%(role)s decides.", role=last))
    may = _("The decision can change the way, share or waive costs, replace the product or end the case.")
    return [
        (_("Who decides"), (*decides, may)),
        (_("What goes on"), tuple(_with_time(view, around) for view in around.waiting)),
        (_("Who is told"), tuple(_mailed(panel, NoticeKind.SPECIAL_CASE, around))),
    ]


def _add_information(around: Around) -> list[Effect]:
    seen = (*_holders(around.waiting, around), _("Everybody who opens the case; it stands at the top of the timeline."))
    return [(_("Who sees it"), seen), (_("What goes on"), (_("All clocks go on."),))]


def _reassign(around: Around) -> list[Effect]:
    return [
        (_("What can be given over"), tuple(_of(view, around) for view in around.waiting)),
        (_("What goes on"), (_("The task's clock goes on; a claim made before gives way."),)),
        (_("Who is told"), (_("Whoever gets it finds it in My work; whoever held it no longer does."),)),
    ]


def _reschedule(around: Around) -> list[Effect]:
    case, zone = around.case, around.case.time_zone
    moves = []
    if case.appointment:
        moves.append(_("The appointment: %(when)s", when=day_and_time(case.appointment, zone, around.now)))
    if case.promised_for:
        moves.append(_("The date promised: %(when)s", when=day_and_time(case.promised_for, zone, around.now)))
    told = (_("Tell the customer first: how you did goes on record."), *_customer(NoticeKind.APPOINTMENT, around))
    return [
        (_("What moves"), tuple(moves)),
        (_("What stays"), (_("The old time stays on record; the new one is a new promise."),)),
        (_("Who is told"), told),
    ]


def _recalculate(around: Around) -> list[Effect]:
    provisional = [view for view in around.waiting if view.task.provisional]
    return [
        (_("What is computed anew"), tuple(_with_time(view, around) for view in provisional)),
        (_("What stays"), (_("The earlier promises stay on record beside the new ones."),)),
    ]


def _correct(_around: Around) -> list[Effect]:
    kept = _("Nothing is overwritten: the wrong entry stays, and the correction names it.")
    return [(_("What stays"), (kept, _("No clock and no task changes.")))]


def _record_invoice(around: Around) -> list[Effect]:
    owed = words.money(around.case.customer_still_owes(), around.case.currency)
    return [
        (_("What changes"), (_("The official paper is on record. The customer still owes %(amount)s.", amount=owed),)),
        (_("What stays"), (_("An invoice that does not hold any more is taken back by a credit note that names it."),)),
    ]


def _issue_document(_around: Around) -> list[Effect]:
    made = _("A new version is made from the record as it is now, in every language of the case.")
    return [(_("What changes"), (made,)), (_("What stays"), (_("The earlier versions are kept."),))]


def _reopen(around: Around) -> list[Effect]:
    first = words.STAGES[around.plan.first_stage] if around.plan else ""
    begins = _("A new case begins at %(stage)s, with promises of its own.", stage=first)
    return [
        (_("What begins"), (begins,)),
        (_("What stays"), (_("This record stays as it is; the two cases are linked."),)),
        (_("Who is told"), _customer(NoticeKind.RECEIVED, around)),
    ]


_TOLD = {
    "withdraw": _withdraw, "pause": _pause, "resume": _resume, "escalate": _escalate, "reassign": _reassign,
    "add_information": _add_information, "reschedule": _reschedule, "recalculate": _recalculate, "correct": _correct,
    "record_invoice": _record_invoice, "issue_document": _issue_document, "reopen": _reopen,
}  # fmt: skip


def _pausable(view: TaskView) -> bool:
    return view.task.waits_for is WaitsFor.CUSTOMER and view.task.kind not in BESIDE


def _of(view: TaskView, around: Around) -> str:
    """A task with who holds it, else with its role."""
    title = words.task_of_key(view.task.key)
    if view.assignee is None:
        return f"{title} ({words.role_title(view.task.role, around.plan)})"
    return f"{title} ({around.looker.name(view.assignee)})"


def _with_time(view: TaskView, around: Around) -> str:
    due = promised_due(view.task)
    if due is None or view.task.status is TaskStatus.SUSPENDED:
        return _of(view, around)
    if due < around.now:
        return _("%(task)s: late %(time)s", task=_of(view, around), time=length(around.now - due))
    return _("%(task)s: %(time)s left", task=_of(view, around), time=length(due - around.now))


def _holders(views: Iterable[TaskView], around: Around) -> tuple[str, ...]:
    """Who holds one of the tasks, each once; a role where nobody does."""
    names = (
        around.looker.name(view.assignee) if view.assignee else words.role_title(view.task.role, around.plan)
        for view in views
    )
    return tuple(_("%(who)s, in My work", who=name) for name in dict.fromkeys(names))


def _customer(kind: NoticeKind, around: Around) -> tuple[str, ...]:
    """Whether the customer is told by mail, or has to be told by a person."""
    by_mail = around.mails and around.plan is not None and kind in around.plan.notices
    if by_mail and around.case.application.customer.email:
        return (_("The customer, by mail"),)
    return (_("The customer gets no mail about it; the tracking page shows it."),)


def _mailed(panel: Iterable[str], kind: NoticeKind, around: Around) -> Iterable[str]:
    by_mail = around.mails and around.plan is not None and kind in around.plan.notices
    text = _("%(role)s, in My work and by mail") if by_mail else _("%(role)s, in My work")
    return [text % {"role": role} for role in panel]
