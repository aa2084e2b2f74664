"""The menu: where one can go, with how much waits there."""

from __future__ import annotations

from dataclasses import dataclass

from api.pages.languages import _
from api.rights import Person, Right, may
from domain.plan import Duty
from store.queries.navigation import Counts

_REGISTER = ("/products", "/customers", "/contracts", "/warranty-terms", "/factories")


@dataclass(frozen=True)
class Link:
    """One entry of the menu.

    `sign` is its icon (api/static/icons.svg); entries of one `group` stand together; `thumb` ones, four at most, are in
    the bar at the bottom of a phone, the others behind its last button.
    """

    title: str
    href: str
    here: bool
    count: int = 0
    pressing: bool = False
    sign: str = "arrow"
    group: str = "work"
    thumb: bool = False


def menu(path: str, person: Person, waiting: Counts) -> tuple[Link, ...]:
    """The entries for a person on the page at `path`, those of a group one after the other."""
    late = waiting.escalated + waiting.special_cases
    cases = path.startswith("/cases") and path != "/cases/new"
    away = bool(person.task_roles & person.duties.get(Duty.VISITS, frozenset()))
    work = path == "/" or path.startswith("/tasks/")
    alarm = path.startswith("/escalations")
    found = [
        Link(_("My work"), "/", work, waiting.mine + waiting.offered, sign="work", thumb=True),
        Link(_("Cases"), "/cases", cases, waiting.open_cases, sign="cases", thumb=True),
        Link(_("Escalations"), "/escalations", alarm, late, pressing=True, sign="alarm", thumb=not away),
        Link(_("Engineers"), "/engineers", path.startswith("/engineers"), sign="people", group="people"),
        Link(_("Products"), "/products", path.startswith(_REGISTER), sign="product", group="known"),
        Link(_("Knowledge"), "/knowledge", path.startswith("/knowledge"), sign="book", group="known"),
        Link(_("Documents"), "/documents", path.startswith("/documents"), sign="paper", group="known"),
        Link(_("Plans"), "/plans", path.startswith("/plans"), sign="plan", group="known"),
        Link(_("Reports"), "/reports", path.startswith("/reports"), sign="chart", group="better"),
        Link(_("Actions"), "/actions", path.startswith("/actions"), sign="improve", group="better"),
    ]
    if may(person, Right.ADMINISTER):
        found.append(Link(_("People"), "/users", path.startswith("/users"), sign="person", group="keep"))
    if may(person, Right.AUDIT):
        found.append(Link(_("Audit"), "/audit", path.startswith("/audit"), sign="audit", group="keep"))
    if may(person, Right.SEE_ACCESS):
        found.append(Link(_("Who looked"), "/access", path == "/access", sign="shield", group="keep"))
    if may(person, Right.SEE_BOARD):
        here = path.startswith("/dispatch")
        found.insert(3, Link(_("Dispatch"), "/dispatch", here, sign="board", group="people"))
    if away:
        found.insert(3, Link(_("Outbox"), "/outbox", path == "/outbox", sign="outbox", thumb=True))
    if may(person, Right.JUDGE_REQUEST):
        here = path.startswith("/requests")
        found.insert(2, Link(_("Requests"), "/requests", here, waiting.held_requests, pressing=True, sign="mail"))
    if may(person, Right.OPEN_CASE):
        found.insert(2, Link(_("Open a case"), "/cases/new", path == "/cases/new", sign="add", thumb=True))
    return tuple(found)
