"""The table of rights: which role may do what. Every refusal says which role it takes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from core.errors import Forbidden
from domain.dispatch import Ground
from domain.events import CUSTOMER, Actor, customer
from domain.plan import Duty, Plan

ADMIN = "admin"
"""Whoever administers may act for any role; the record says so."""
AUDITOR = "auditor"
"""Reads everything, changes nothing of a case."""


class Right(StrEnum):
    """What someone can be allowed to do, tasks apart: those belong to the role that each names."""

    SEE_CASES = "see cases"
    SEE_HISTORY = "see the engine's history of a case"
    SEE_BOARD = "see the dispatch board"
    OPEN_CASE = "open a case"
    REOPEN = "reopen a case"
    STORE_FILE = "store files"
    ADD_INFORMATION = "add information"
    ESCALATE = "put up a special case"
    PAUSE = "pause a case"
    RESUME = "resume a case"
    WITHDRAW = "withdraw a case for the customer"
    REASSIGN = "reassign a task"
    CHANGE_LINK = "make a customer's tracking link anew or take it back"
    JUDGE_REQUEST = "look at requests that were held back"
    DELEGATE = "delegate a task that someone else holds"
    CORRECT = "correct an entry"
    RESCHEDULE = "move an appointment"
    RECALCULATE = "have provisional deadlines computed anew"
    REGISTER = "change registrations and service contracts"
    SET_WARRANTY = "set warranty terms"
    ENTER_REPAIR = "enter an earlier repair on a warranty card"
    ENTER_ABSENCE = "enter one's own absence"
    OPEN_ACTION = "open a corrective or preventive action, or call one off"
    KEEP_FACTORIES = "keep the factories and what they make"
    WRITE_ARTICLE = "write articles of the knowledge base"
    PUBLISH_ARTICLE = "publish and archive articles of the knowledge base"
    RECORD_INVOICE = "record official invoices and credit notes"
    ISSUE_DOCUMENT = "have a document issued again"
    KEEP_ENGINEERS = "keep the engineers' profiles and absences"
    ADMINISTER = "administer people and see what they sign in with"
    SEE_ACCESS = "see who looked at whose data"
    AUDIT = "read whole records, have cases checked and review samples"
    READ_SEALED = "have opened what the engine keeps sealed"
    ERASE = "erase closed cases"
    HOLD = "place and lift legal holds"
    SEE_RETENTION = "see what retention erased and removed"


_CUSTOMER = CUSTOMER
"""The customer on their own page: of their own case alone, which the tracking link sees to."""
_STAFF = "*"
"""Any role of a service plan: everyone who works on cases."""
_DESK, _DISPATCH, _VISITS, _LEADS = Duty.DESK, Duty.DISPATCH, Duty.VISITS, Duty.LEADS

RIGHTS: Mapping[Right, tuple[Duty | str, ...]] = {
    Right.SEE_CASES: (_STAFF, AUDITOR),
    Right.SEE_HISTORY: (_LEADS, AUDITOR),
    Right.SEE_BOARD: (_DESK, _DISPATCH, _VISITS, _LEADS, AUDITOR),
    Right.OPEN_CASE: (_DESK, _DISPATCH, _VISITS, _LEADS, _CUSTOMER),
    Right.REOPEN: (_DESK, _LEADS),
    Right.STORE_FILE: (_STAFF, _CUSTOMER),
    Right.ADD_INFORMATION: (_STAFF, _CUSTOMER),
    Right.ESCALATE: (_STAFF,),
    Right.PAUSE: (_DESK, _DISPATCH, _VISITS, _LEADS),
    Right.RESUME: (_DESK, _DISPATCH, _VISITS, _LEADS),
    Right.WITHDRAW: (_DESK, _VISITS, _LEADS, _CUSTOMER),
    Right.REASSIGN: (_DISPATCH, _LEADS),
    Right.CHANGE_LINK: (_DESK, _VISITS, _LEADS),
    Right.JUDGE_REQUEST: (_DESK, _LEADS),
    Right.DELEGATE: (_DISPATCH, _LEADS),
    Right.CORRECT: (_STAFF,),
    Right.RESCHEDULE: (_DESK, _DISPATCH, _VISITS, _LEADS),
    Right.RECALCULATE: (_DISPATCH, _LEADS),
    Right.RECORD_INVOICE: (_STAFF,),
    Right.ISSUE_DOCUMENT: (_STAFF,),
    Right.REGISTER: (_DESK, _DISPATCH, _LEADS),
    Right.SET_WARRANTY: (_LEADS,),
    Right.ENTER_REPAIR: (_DESK, _DISPATCH, _VISITS, _LEADS),
    Right.ENTER_ABSENCE: (_STAFF,),
    Right.WRITE_ARTICLE: (_STAFF,),
    Right.PUBLISH_ARTICLE: (_DESK, _LEADS),
    Right.KEEP_ENGINEERS: (_DISPATCH, _LEADS),
    Right.OPEN_ACTION: (_DESK, _DISPATCH, _LEADS),
    Right.KEEP_FACTORIES: (_DISPATCH, _LEADS),
    Right.ADMINISTER: (),
    Right.SEE_ACCESS: (AUDITOR,),
    Right.AUDIT: (AUDITOR,),
    Right.READ_SEALED: (AUDITOR,),
    Right.ERASE: (),
    Right.HOLD: (_LEADS,),
    Right.SEE_RETENTION: (AUDITOR,),
}
"""Who may do what, besides the administrator, who may do all of it: the roles that have a duty in some plan."""
_IN_WORDS = {
    Duty.DESK: "of a desk",
    Duty.DISPATCH: "in dispatch",
    Duty.VISITS: "that meets customers",
    Duty.LEADS: "that leads others",
    _STAFF: "of a service plan",
}


def roles_by_duty(plans: Iterable[Plan]) -> Mapping[Duty, frozenset[str]]:
    """Returns the roles that have each duty in some plan."""
    return _LAST.of(tuple(plans))


class _Last:
    """The duties in the plans that were asked for last: every request asks for those of the plans that are served."""

    def __init__(self) -> None:
        self._answer: tuple[tuple[Plan, ...], Mapping[Duty, frozenset[str]]] | None = None

    def of(self, plans: tuple[Plan, ...]) -> Mapping[Duty, frozenset[str]]:
        """Returns the roles by their duties; plans never change, so the same ones need no second look."""
        answer = self._answer
        if answer is None or [*map(id, answer[0])] != [*map(id, plans)]:
            pairs = [(duty, role) for plan in plans for role in plan.roles for duty in plan.duties_of(role)]
            found = {duty: frozenset(role for one, role in pairs if one is duty) for duty in Duty}
            answer = self._answer = plans, MappingProxyType(found)
        return answer[1]


_LAST = _Last()


@dataclass(frozen=True)
class Person:
    """Who is signed in. `csrf` is the session's secret for forms, None when a token was shown instead of a cookie.

    `grounds` are those on which they may do tasks of others today. They lend tasks alone: every other right takes
    a role of one's own.
    """

    user_id: str
    name: str
    roles: frozenset[str]
    language: str | None = None
    time_zone: str | None = None
    csrf: str | None = None
    grounds: tuple[Ground, ...] = ()
    duties: Mapping[Duty, frozenset[str]] = field(default_factory=dict)
    """The roles that have each duty, whoever has them."""

    @property
    def is_admin(self) -> bool:
        """True for whoever administers."""
        return ADMIN in self.roles

    @property
    def is_customer(self) -> bool:
        """True for a customer on their own page."""
        return self.user_id == CUSTOMER

    def has(self, role: str) -> bool:
        """True when the role is the person's own."""
        return role in self.roles

    @property
    def task_roles(self) -> frozenset[str]:
        """The roles whose tasks this person may do today, those of others they stand in for included."""
        return self.roles.union(*(ground.roles for ground in self.grounds))

    @property
    def stands_in_for(self) -> frozenset[str]:
        """The absent people whose tasks this person may do today, by sign-in name."""
        return frozenset(ground.of for ground in self.grounds if ground.of is not None)

    def ground(self, role: str, holder: str | None = None) -> Ground | None:
        """Returns the ground on which a task of others may be done: its holder's absence first, then its role."""
        if holder is not None and holder != self.user_id:
            for one in self.grounds:
                if one.of == holder:
                    return one
        if self.has(role):
            return None
        return next((one for one in self.grounds if role in one.roles), None)

    def actor(self, role: str, holder: str | None = None) -> Actor:
        """Returns who acts, in that role, on a task that `holder` holds.

        Whoever stands in does so on a ground that the record says; an administrator without one acts for the role. A
        customer acts as the customer, whosever the task is.
        """
        if self.is_customer:
            return customer(self.name)
        if ground := self.ground(role, holder):
            return Actor(user=self.user_id, name=self.name, role=role, ground=ground.words)
        if self.has(role) or not self.is_admin:
            return Actor(user=self.user_id, name=self.name, role=role)
        return Actor(user=self.user_id, name=self.name, role=ADMIN, acting_for=role)


def as_customer(name: str) -> Person:
    """Returns the customer of a case, under the name they give, who came by their tracking link or public form."""
    return Person(user_id=CUSTOMER, name=name, roles=frozenset())


def role_for(person: Person, right: Right) -> str | None:
    """Returns the role by which the person has the right, None when there is none."""
    if person.is_customer:
        return "customer" if _CUSTOMER in RIGHTS[right] else None
    staff = sorted(person.roles - {ADMIN, AUDITOR})
    for holder in RIGHTS[right]:
        if isinstance(holder, Duty):
            own = sorted(person.roles & person.duties.get(holder, frozenset()))
        else:
            own = staff if holder == _STAFF else sorted(person.roles & {holder})
        if own:
            return own[0]
    return ADMIN if person.is_admin else None


def may(person: Person, right: Right) -> bool:
    """True when the person has the right."""
    return role_for(person, right) is not None


def require(person: Person, right: Right) -> Actor:
    """Returns the person as the actor in the role that gives the right. Raises Forbidden naming the roles it takes."""
    role = role_for(person, right)
    if role is None:
        holders = [
            f"a role {_IN_WORDS[name]}" if name in _IN_WORDS else spoken_role(name)
            for name in RIGHTS[right]
            if name != _CUSTOMER
        ]
        raise Forbidden(f"to {right.value} takes {' or '.join([*holders, ADMIN])}; you have {_own(person)}")
    return person.actor(role)


def may_do_task(person: Person, role: str, holder: str | None = None) -> bool:
    """True when a task of this role, held by `holder` if by anybody, may be done by somebody like the person."""
    return person.has(role) or person.is_admin or person.ground(role, holder) is not None


def holds(person: Person, holder: str | None) -> bool:
    """True when a task that `holder` holds is the person's to do: their own, or one of whom they stand in for."""
    return holder is not None and (holder == person.user_id or holder in person.stands_in_for)


def require_task_role(person: Person, role: str, holder: str | None = None) -> Actor:
    """Returns the person as the actor in the task's role. Raises Forbidden naming the role it takes."""
    if not may_do_task(person, role, holder):
        raise Forbidden(f"this task belongs to the role {spoken_role(role)}; you have {_own(person)}")
    return person.actor(role, holder)


def spoken_role(role: str) -> str:
    """A role in words, as its title begins in the plans: `customer_service` is "customer service"."""
    return role.replace("_", " ")


def _own(person: Person) -> str:
    return ", ".join(spoken_role(role) for role in sorted(person.roles)) or "none"
