"""A visit: who looks at a page, when, and what every page shows around its content."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.datastructures import FormData

from api.actions.attachments import storage_told
from api.guard import MOST_FIELDS, MOST_FILES
from api.ids import case_id_or_none
from api.pages import words
from api.pages.languages import _, lazy, say, speak
from api.pages.menu import Link, menu
from api.pages.rendering import render
from api.pages.sentences import sentence
from api.pages.times import zone_words
from api.parts import Parts, PartsDep
from api.rights import Person
from api.signin import PersonDep
from core.errors import AftercareError
from domain.plan import Duty, Plan
from store.queries.navigation import Counts, counts

_SEE_OTHER = 303

THEME_COOKIE = "aftercare_theme"
THEMES = ("light", "dark")

SAID = {
    "chosen": lazy("Your choice is kept."),
    "completed": lazy("Recorded. Thank you."),
    "claimed": lazy("The task is yours now."),
    "kept": lazy("The draft is saved. Nobody else sees it; it goes once the task is completed."),
    "discarded": lazy("The draft is thrown away."),
    "released": lazy("The task is offered to the whole role again."),
    "delegated": lazy("The task was given over."),
    "assigned": lazy("Assigned. Their time to call the customer has begun."),
    "decided": lazy("Decided. The case takes it up in a moment."),
    "told": lazy("Recorded. The case takes it up in a moment."),
    "opened": lazy("The case is open."),
    "absent": lazy("The absence is entered."),
    "back": lazy("The absence is taken back."),
    "profile": lazy("The profile is changed."),
    "deputy": lazy("The deputy is named."),
    "deputy_ended": lazy("They are no deputy any more."),
    "registered": lazy("Registered."),
    "draft": lazy("Saved as a draft. It is shown to everybody once it is published."),
    "published": lazy("Published. Tasks with such a case show it from now on."),
    "archived": lazy("Archived. It can be published again."),
    "learned": lazy("A draft was made of the case."),
    "action": lazy("The action is open."),
    "drawn": lazy("The sample is drawn and kept."),
    "reviewed": lazy("Your review is kept."),
    "view_saved": lazy("The view is saved."),
    "view_renamed": lazy("The view is renamed."),
    "view_gone": lazy("The view is deleted."),
    "called_off": lazy("The action is called off."),
    "link_anew": lazy("The customer has a new tracking link; the old one leads nowhere."),
    "link_back": lazy("The tracking link is taken back."),
    "person_changed": lazy("Changed, and on record."),
    "ended": lazy("Ended."),
    "password": lazy("The password is changed. Everywhere else you are signed out."),
    "rejected": lazy("Rejected. What it said is not kept."),
}
"""What a page says after something was done; the address carries the key alone, never a text."""


@dataclass(frozen=True)
class Frame:
    """What stands around the content of a page."""

    now: datetime
    speed: float
    person: Person | None = None
    csrf: str = ""
    roles: str = ""
    links: tuple[Link, ...] = ()
    said: str = ""
    said_of: str = ""
    """The case that what was said is about; empty where the page itself shows it."""
    offline: bool = False
    """Whether copies of this person's work are kept on their device."""
    theme: str = ""
    """`light` or `dark` where the reader chose one; else the system's."""


class Visit:
    """A signed-in person's look at a page. Makes pages, reads forms, sends people on."""

    def __init__(self, request: Request, parts: Parts, person: Person, waiting: Counts) -> None:
        self.request, self.parts, self.person, self.waiting = request, parts, person, waiting
        self.now = parts.now()

    @property
    def roles(self) -> frozenset[str]:
        """The roles whose tasks this person may do: an administrator's are all."""
        if self.person.is_admin:
            return frozenset(role for plan in self.parts.plans.values() for role in plan.roles)
        return self.person.task_roles

    @property
    def offline(self) -> bool:
        """True for who goes to customers, where there may be no network: their open tasks are kept on their device."""
        return bool(self.person.task_roles & self.person.duties.get(Duty.VISITS, frozenset()))

    @property
    def zone(self) -> str:
        """The zone of lists that mix cases: the reader's, the plans' own for one who chose none."""
        return self.person.time_zone or self.plans_zone

    @property
    def plans_zone(self) -> str:
        """The zone of the plans in use."""
        return next((plan.calendar.time_zone for plan in self.parts.plans.values()), "UTC")

    @property
    def zone_note(self) -> str:
        """Which zone the times of a list are in."""
        return _("Times in %(zone)s.", zone=zone_words(self.zone, self.now))

    def plan(self, name: str) -> Plan | None:
        """The plan of a case; None when it is not in use here any more."""
        return self.parts.plans.get(name)

    def frame(self) -> Frame:
        """What stands around this visit's page."""
        plan = next(iter(self.parts.plans.values()), None)
        return Frame(
            now=self.now,
            speed=self.parts.pace.speed,
            person=self.person,
            csrf=self.person.csrf or "",
            roles=", ".join(words.role_title(role, plan) for role in sorted(self.person.roles)),
            links=menu(self.request.url.path, self.person, self.waiting),
            said=str(SAID.get(self.request.query_params.get("said", ""), "")),
            said_of=case_id_or_none(self.request.query_params.get("case", "")) or "",
            theme=theme_of(self.request),
            offline=self.offline,
        )

    def page(self, template: str, status: int = 200, **context: Any) -> HTMLResponse:
        """Returns a page with the frame around it."""
        made = render(template, status, page=self.frame(), here=self.address, **context)
        made.headers["Signed-In-As"] = self.person.user_id  # a service worker shows nobody the copies of another
        return made

    @property
    def address(self) -> str:
        """Where the visit is, with its filters but without what was said."""
        parts = self.request.url.query.split("&")
        if any(part.startswith("said=") for part in parts):
            parts = [part for part in parts if not part.startswith(("said=", "case="))]
        query = "&".join(part for part in parts if part)
        return f"{self.request.url.path}?{query}" if query else self.request.url.path

    async def form(self) -> FormData:
        """What was posted, with at most so many files and fields; that a page of ours sent it, the guard has checked.

        Raises NoRoom.
        """
        with storage_told():  # files of a form wait on disk until all of it is here
            return await self.request.form(max_files=MOST_FILES, max_fields=MOST_FIELDS)


async def visit_of(request: Request, parts: PartsDep, person: PersonDep) -> Visit:
    """Begins a visit."""
    roles = (
        frozenset(role for plan in parts.plans.values() for role in plan.roles)
        if person.is_admin
        else person.task_roles
    )
    async with parts.database.reading() as session:
        waiting = await counts(
            session,
            user=person.user_id,
            roles=roles,
            now=parts.now(),
            stands_in_for=person.stands_in_for,
        )
    speak(person.language, person.time_zone)
    visit = Visit(request, parts, person, waiting)
    request.state.visit = visit
    return visit


VisitDep = Annotated[Visit, Depends(visit_of)]


def go_to(path: str, said: str = "", of: str = "") -> RedirectResponse:
    """Sends the browser on after a post, so that a reload does not post again; `of` is the case that was said of."""
    if said:
        path = f"{path}{'&' if '?' in path else '?'}said={said}{f'&case={of}' if of else ''}"
    return RedirectResponse(path, _SEE_OTHER)


def theme_of(request: Request) -> str:
    """Light or dark where this browser's reader chose one, else nothing."""
    chosen = request.cookies.get(THEME_COOKIE, "")
    return chosen if chosen in THEMES else ""


def own_path(path: object, otherwise: str = "/") -> str:
    """A path of this house that a form named, or `otherwise`: nobody is sent to another site by a link."""
    text = str(path or "")
    if not text.startswith("/") or text.startswith("//") or any(ord(one) < 33 or one == "\\" for one in text):
        return otherwise
    return text


def plain_frame(parts: Parts, request: Request | None = None) -> Frame:
    """The frame of a page for somebody who is not signed in."""
    theme = theme_of(request) if request is not None else ""
    return Frame(now=parts.now(), speed=parts.pace.speed, theme=theme)


def problem_text(error: AftercareError) -> str:
    """An error as a sentence beside a form."""
    return sentence(say(error.detail))
