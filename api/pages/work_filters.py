"""What narrows the list of work: read from the address, written back into it, offered as choices."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeVar
from urllib.parse import parse_qsl, urlencode
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from api.pages import words
from api.pages.languages import _, lazy, say
from api.pages.searching import search_text
from api.pages.visit import Visit
from domain.plan import Plan, Stage
from store.queries.choices import regions
from store.queries.worklist import NOBODY, Due, Held, Moment, Scope, Wanted, Worker

_E = TypeVar("_E", bound=StrEnum)

SCOPES = {
    Scope.FOR_ME: lazy("Mine and offered"),
    Scope.MINE: lazy("Mine"),
    Scope.OFFERED: lazy("Offered to my roles"),
    Scope.ROLES: lazy("All of my roles"),
    Scope.ALL: lazy("Everybody's"),
}
DUES = {
    Due.LATE: lazy("Late"),
    Due.TODAY: lazy("Due today"),
    Due.WEEK: lazy("Due within a week"),
    Due.UNDATED: lazy("No deadline yet"),
}
STATES = {Held.OFFERED: lazy("Nobody's yet"), Held.HELD: lazy("Held by somebody"), Held.PAUSED: lazy("Paused")}


@dataclass(frozen=True)
class WorkFilters:
    """The filters as they stand in the address; the empty string stands for all."""

    show: str = ""
    q: str = ""
    due: str = ""
    state: str = ""
    role: str = ""
    assignee: str = ""
    stage: str = ""
    plan: str = ""
    region: str = ""
    kind: str = ""

    @property
    def query(self) -> str:
        """The filters as the part of an address behind the question mark; the same filters always read the same."""
        return urlencode({one.name: value for one in fields(self) if (value := getattr(self, one.name))})

    @property
    def address(self) -> str:
        """The address of the list with these filters."""
        return f"/?{self.query}" if self.query else "/"

    @property
    def narrowed(self) -> bool:
        """True when more than a choice of whose work it is narrows the list."""
        return bool(replace(self, show="").query)

    def wanted(self) -> Wanted:
        """The filters as the database takes them."""
        return Wanted(
            scope=Scope(self.show) if self.show else Scope.FOR_ME,
            role=self.role or None,
            state=Held(self.state) if self.state else None,
            plan=self.plan or None,
            stage=self.stage or None,
            region=self.region or None,
            kind=self.kind or None,
            due=Due(self.due) if self.due else None,
            holder=self.assignee or None,
            q=self.q,
        )


def filters_of(given: Mapping[str, str]) -> WorkFilters:
    """Reads the filters of an address; what is no filter or has no such choice is left out."""
    read = {one.name: search_text(given.get(one.name, "")) for one in fields(WorkFilters)}
    if read["show"] in (Due.LATE, Due.TODAY):  # how the tabs of late and due work were once written
        read["due"], read["show"] = read["show"], ""
    read["show"] = _one_of(Scope, read["show"], leave_out=Scope.FOR_ME)
    read["due"], read["state"] = _one_of(Due, read["due"]), _one_of(Held, read["state"])
    read["stage"] = _one_of(Stage, read["stage"])
    return WorkFilters(**read)


def filters_of_query(query: str) -> WorkFilters:
    """Reads the filters of what stands behind the question mark of an address."""
    return filters_of(dict(parse_qsl(query, max_num_fields=50)))


def _one_of(choices: type[_E], text: str, leave_out: _E | None = None) -> str:
    return text if text in set(choices) and text != leave_out else ""


def worker_of(visit: Visit) -> Worker:
    """Whose list it is: the person's, with the work of those they stand in for."""
    return Worker(frozenset({visit.person.user_id, *visit.person.stands_in_for}), visit.roles)


def moment_of(visit: Visit) -> Moment:
    """The present, with the end of the reader's day."""
    return Moment(visit.now, end_of_day(visit.now, visit.zone))


def end_of_day(now: datetime, zone: str) -> datetime:
    """When the day ends in a time zone."""
    local = now.astimezone(ZoneInfo(zone))
    return (local + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)


@dataclass(frozen=True)
class Choice:
    """One filter above the list, with what can be chosen."""

    name: str
    title: str
    value: str
    options: tuple[tuple[str, str], ...]


async def choices_of(
    visit: Visit, session: AsyncSession, filters: WorkFilters, names: Mapping[str, str]
) -> tuple[Choice, ...]:
    """The filters with their choices in the reader's words; a value that is no choice any more stays one."""
    plans = visit.parts.plans
    known_stages = dict.fromkeys(stage for plan in plans.values() for stage in plan.stages)
    people = ((NOBODY, _("Nobody yet")), *sorted(names.items(), key=lambda one: one[1]))
    everywhere = ((region, region) for region in await regions(session))
    found = (
        _choice("show", _("Whose"), filters.show, _scopes(), optional=False),
        _choice("due", _("Due"), filters.due, ((due.value, str(title)) for due, title in DUES.items())),
        _choice("state", _("State"), filters.state, ((held.value, str(title)) for held, title in STATES.items())),
        _choice("role", _("Role"), filters.role, _roles(plans.values())),
        _choice("assignee", _("Held by"), filters.assignee, people),
        _choice("stage", _("Stage"), filters.stage, ((one.value, str(words.STAGES[one])) for one in known_stages)),
        _choice("plan", _("Procedure"), filters.plan, ((name, say(plan.title)) for name, plan in plans.items())),
        _choice("region", _("Region"), filters.region, everywhere),
    )
    return tuple(one for one in found if one.value or len(one.options) > 2)


def _choice(name: str, title: str, value: str, options: Iterable[tuple[str, str]], *, optional: bool = True) -> Choice:
    listed = (("", _("Any")), *options) if optional else tuple(options)
    if value not in dict(listed):
        listed = (*listed, (value, words.spoken(value)))
    return Choice(name, title, value, listed)


def _scopes() -> list[tuple[str, str]]:
    return [("" if scope is Scope.FOR_ME else scope.value, str(title)) for scope, title in SCOPES.items()]


def _roles(plans: Iterable[Plan]) -> list[tuple[str, str]]:
    titles = {role: words.role_title(role, plan) for plan in plans for role in plan.roles}
    return sorted(titles.items(), key=lambda one: one[1])
