"""The dispatch board as a page shows it: engineers by day, what is agreed and due, and what nobody serves yet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from babel.dates import format_skeleton

from api.languages import language, locale
from api.pages import words
from api.pages.languages import _, ngettext, say
from api.pages.times import Clock, clock, day_and_time
from domain.case import FaultCategory
from domain.dispatch import (
    Absence,
    Proposal,
    Week,
    Window,
    away_until,
    covers,
    knows_category,
    knows_model,
    overlapping,
)
from domain.plan import Plan
from store.queries.board import Load
from store.queries.pieces import Piece
from store.users import User

_SHOWN_VISITS, _SHOWN_DUE, _UNFOLDED, _SHOWN_EARLIER = 6, 3, 6, 4
"""What a cell shows of visits and of work that is due; how much of that unfolds; visits of earlier weeks beside a name.

More than that is counted: nobody makes it in a day.
"""


@dataclass(frozen=True)
class Filter:
    """What the board shows, all of it in the address. `task` is the piece of work that somebody is chosen for.

    `to` and `day` are where it was dropped, or what a link proposes.
    """

    week: Week
    region: str = ""
    skill: str = ""
    task: str = ""
    to: str = ""
    day: date | None = None
    people: int = 1
    """Which part of the engineers, from one."""

    def href(self, **changes: Any) -> str:
        """The address of the board with some of it changed; a piece of work is let go of unless it is named."""
        left: dict[str, Any] = {"task": "", "to": "", "day": None}
        other = replace(self, **left | changes)
        given = {
            "week": other.week.monday.isoformat(),
            "region": other.region,
            "skill": other.skill,
            "task": other.task,
            "to": other.to,
            "day": other.day.isoformat() if other.day else "",
            "people": other.people if other.people > 1 else "",
        }
        return "/dispatch?" + urlencode({name: value for name, value in given.items() if value})

    def serves(self, user: User) -> bool:
        """True for an engineer whom the filter keeps."""
        return (not self.region or self.region in user.regions) and (not self.skill or self.skill in user.skills)

    def asks_for(self, piece: Piece) -> bool:
        """True for work that the filter keeps; a customer whose region is not known lies in all of them."""
        here = not self.region or not piece.region or covers(self.region, piece.region)
        skill = self.skill
        return here and (not skill or knows_category(skill, piece.category) or knows_model(skill, piece.model))


class Card(NamedTuple):
    """A piece of work on the board or in the tray."""

    task_id: str
    href: str
    case_href: str
    clock: Clock
    when: str
    title: str
    number: str
    customer: str
    region: str
    about: str
    who: str
    tone: str
    movable: bool
    chosen: bool
    warning: str = ""


@dataclass(frozen=True)
class Cell:
    """One person's day. `away` says that they are absent, and who stands in."""

    day: date
    title: str
    today: bool
    away: str
    cards: tuple[Card, ...]
    due: tuple[Card, ...]
    more: tuple[Card, ...]
    left: int
    """How many pieces are not shown."""

    @property
    def empty(self) -> bool:
        """True when nothing is to be said of the day."""
        return not (self.cards or self.due or self.away)


@dataclass(frozen=True)
class Row:
    """One person's week. `place` is theirs in the proposal for the chosen work, 0 while nothing is chosen."""

    user: str
    name: str
    regions: str
    skills: str
    load: str
    late: str
    late_href: str
    place: int
    reasons: str
    earlier: tuple[Card, ...]
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Day:
    """The head of a column."""

    day: date
    title: str
    today: bool
    weekend: bool


@dataclass(frozen=True)
class Known:
    """What is known of people: by sign-in name their names, how much they hold, when they are away."""

    names: Mapping[str, str]
    loads: Mapping[str, Load]
    absences: Mapping[str, Sequence[Absence]]
    proposal: Mapping[str, Proposal]

    def name(self, user: str | None) -> str:
        """The name of whoever has a sign-in name."""
        return self.names.get(user or "", user or "") or _("nobody yet")


class Board:
    """Puts pieces of work to people and days."""

    def __init__(self, asked: Filter, plans: Mapping[str, Plan], known: Known, now: datetime, *, movable: bool) -> None:
        self.asked, self.plans, self.known, self.now, self.movable = asked, plans, known, now, movable
        self.zone = asked.week.zone
        self.today = now.astimezone(ZoneInfo(self.zone)).date()
        self._address = asked.href()  # hundreds of cards have the same but for their task

    def days(self) -> list[Day]:
        """The columns."""
        return [
            Day(day, day_title(day), day == self.today, day.weekday() >= 5) for day in self.asked.week.days
        ]  # fmt: skip

    def rows(self, users: Iterable[User], visits: Iterable[Piece], due: Iterable[Piece]) -> list[Row]:
        """One row for each person: in the order of the proposal where there is one, else by name."""
        by_person: dict[str, list[Piece]] = defaultdict(list)
        for piece in visits:
            by_person[piece.holder or ""].append(piece)
        falling: dict[str, list[Piece]] = defaultdict(list)
        for piece in due:
            falling[piece.holder or ""].append(piece)
        rows = [self._row(user, by_person[user.user_id], falling[user.user_id]) for user in users]
        return sorted(rows, key=lambda row: (row.place or len(rows) + 1, row.name, row.user))

    def _row(self, user: User, visits: Sequence[Piece], due: Sequence[Piece]) -> Row:
        load, proposed = self.known.loads.get(user.user_id, Load()), self.known.proposal.get(user.user_id)
        clashing = overlapping(
            Window(one.task_id, one.begins, one.due_at)
            for one in visits
            if one.task_id and one.begins is not None and one.due_at is not None
        )
        days = self.asked.week.days
        agreed = _by_day((self._day(one, one.begins), one) for one in visits if one.begins is not None)
        falling = _by_day((self._day(one, one.due_at), one) for one in due if one.due_at is not None)
        before = [one for day, some in agreed.items() if day < days[0] for one in some]
        earlier = [one for one in before if one.task_id and self._still(one)][:_SHOWN_EARLIER]
        cells = tuple(self._cell(user, day, agreed.get(day, ()), falling.get(day, ()), clashing) for day in days)
        number = ngettext("%(num)s open task", "%(num)s open tasks", load.open)
        return Row(
            user=user.user_id,
            name=user.name,
            regions=", ".join(user.regions),
            skills=", ".join(words.skill(skill) for skill in user.skills),
            load=number if load.open else _("no open task"),
            late=_("%(num)s late", num=load.late) if load.late else "",
            late_href="/escalations?" + urlencode({"holder": user.user_id}),
            place=proposed.place if proposed else 0,
            reasons=" · ".join(say(reason) for reason in proposed.reasons) if proposed else "",
            earlier=tuple(self.card(one, dated=True) for one in earlier),
            cells=cells,
        )

    def _still(self, piece: Piece) -> bool:
        """True for a visit of an earlier week that is late, or is still to be made on its days off."""
        return piece.overdue(self.now) or (piece.begins is not None and piece.begins >= self.now)

    def _cell(
        self, user: User, day: date, visits: Sequence[Piece], due: Sequence[Piece], clashing: frozenset[str]
    ) -> Cell:
        absences = self.known.absences.get(user.user_id, ())
        away = next((one for one in absences if one.covers(day)), None)
        cards = []
        for one in visits[:_SHOWN_VISITS]:
            warning = _("at the same time as another") if one.task_id in clashing else ""
            open_ahead = one.task_id is not None and not one.overdue(self.now)
            cards.append(self.card(one, warning=_("absent that day") if away and open_ahead else warning))
        lines = [self.card(one) for one in due[: _SHOWN_DUE + _UNFOLDED]]
        return Cell(
            day=day,
            title=day_title(day),
            today=day == self.today,
            away=self._away(away),
            cards=tuple(cards),
            due=tuple(lines[:_SHOWN_DUE]),
            more=tuple(lines[_SHOWN_DUE:]),
            left=len(visits) + len(due) - len(cards) - len(lines),
        )

    def _away(self, absence: Absence | None) -> str:
        if absence is None:
            return ""
        if absence.substitute is None:
            return _("absent")
        return _("absent, %(name)s stands in", name=self.known.name(absence.substitute))

    def tray(self, pieces: Iterable[Piece]) -> list[Card]:
        """What nobody serves yet, as the filter keeps it."""
        return [self.card(one, dated=True) for one in pieces if self.asked.asks_for(one)]

    def held_by_absent(self, due: Iterable[Piece], users: Mapping[str, User]) -> list[Card]:
        """Work of people who are away today and for whom nobody stands in: it lies where nobody sees it."""
        found = []
        for one in due:
            absences = self.known.absences.get(one.holder or "", ())
            today = next((absence for absence in absences if absence.covers(self.today)), None)
            if today is not None and today.substitute is None and one.holder in users and self.asked.asks_for(one):
                until = away_until(absences, self.today) or today.last
                told = _("%(name)s is absent until %(day)s", name=self.known.name(one.holder), day=day_title(until))
                found.append(self.card(one, dated=True, warning=told))
        return found

    def card(self, piece: Piece, *, dated: bool = False, warning: str = "") -> Card:
        """A piece of work as a card; `dated` says the day too, where no column says it."""
        title = words.task_title(piece.kind) if piece.kind else _("Appointment")
        when, made = self._when(piece, dated=dated), piece.task_id is None and self._over(piece)
        shown = self._clock(piece, made=made)
        who = self.known.name(piece.holder)
        role = words.role_title(piece.role, self.plans.get(piece.plan)) if piece.role else ""
        about = f"{piece.model} · {_issue(piece.category)}"
        task = piece.task_id or ""
        choosing = self.movable and bool(task)
        return Card(
            task_id=task,
            href=f"{self._address}&{urlencode({'task': task})}#chosen" if choosing else self._page_of(piece),
            case_href=f"/cases/{piece.case_id}",
            clock=shown,
            when=when,
            title=title,
            number=piece.number,
            customer=piece.customer,
            region=piece.region or "",
            about=about,
            who=who if piece.holder else _("%(role)s, nobody yet", role=role) if role else who,
            tone="made" if made else shown.tone,
            movable=choosing,
            chosen=bool(task) and task == self.asked.task,
            warning=warning,
        )

    @staticmethod
    def _page_of(piece: Piece) -> str:
        return f"/tasks/{piece.task_id}" if piece.task_id else f"/cases/{piece.case_id}"

    def _over(self, piece: Piece) -> bool:
        return piece.closed or (piece.appointment is not None and piece.appointment < self.now)

    def _clock(self, piece: Piece, *, made: bool) -> Clock:
        if piece.task_id is None:
            return Clock("none", _("made") if made else _("agreed"))
        return clock(self.now, piece.due_at, paused=piece.paused)

    def _when(self, piece: Piece, *, dated: bool) -> str:
        """The time of a piece in its case's own zone, which is named where it is not the board's."""
        begins, ends = piece.begins if self._is_visit(piece) else piece.due_at, piece.due_at
        if begins is None:
            return _("no deadline yet")
        zone = piece.time_zone
        local = begins.astimezone(ZoneInfo(zone))
        text = day_and_time(begins, zone, self.now) if dated else f"{local:%H:%M}"
        if not self._is_visit(piece):
            text = _("due %(time)s", time=text)
        elif ends is not None and ends > begins:
            until = ends.astimezone(ZoneInfo(zone))
            last = f"{until:%H:%M}" if until.date() == local.date() else day_and_time(ends, zone, self.now)
            text = f"{text}–{last}"
        return text if zone == self.zone else f"{text} {_city(zone)}"

    def _is_visit(self, piece: Piece) -> bool:
        if piece.task_id is None:
            return True
        plan = self.plans.get(piece.plan)
        return plan is not None and piece.kind in plan.tasks and plan.rule(piece.kind).within == "agreed"

    def _day(self, piece: Piece, at: datetime) -> date:
        return at.astimezone(ZoneInfo(piece.time_zone)).date()


def _by_day(pieces: Iterable[tuple[date, Piece]]) -> dict[date, list[Piece]]:
    found: dict[date, list[Piece]] = {}
    for day, piece in pieces:
        found.setdefault(day, []).append(piece)
    return found


def day_title(day: date) -> str:
    """A day by its weekday, number and month, as the reader writes it."""
    return _day_title(day, language())


@lru_cache(maxsize=1024)
def _day_title(day: date, _code: str) -> str:
    """Every row of a board says the same few days."""
    return str(format_skeleton("MMMEd", day, locale=locale()))


def _issue(category: str) -> str:
    return _issue_in(category, language())


@lru_cache(maxsize=256)
def _issue_in(category: str, _code: str) -> str:
    return next((say(one.title_text).lower() for one in FaultCategory if one.value == category), category)


def _city(zone: str) -> str:
    """The place that a zone is named after."""
    return zone.rpartition("/")[2].replace("_", " ")
