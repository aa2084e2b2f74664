"""The record of who looked at whose data, for auditors: all of it, and that of one case."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from urllib.parse import quote, urlencode
from zoneinfo import ZoneInfo

from fastapi import APIRouter
from fastapi.responses import Response

from api.ids import known_case_id
from api.pages import words
from api.pages.languages import _, lazy
from api.pages.times import day_and_time
from api.pages.visit import Visit, VisitDep
from api.problems import InvalidFields
from api.rights import Right, require
from api.route_rights import Kind
from core.errors import NotFound
from domain.case import Document
from store.queries.access import Looked, list_looks, looks_at_case
from store.queries.cases import find_case
from store.queries.documents import documents_of
from store.queries.paging import BadCursor
from store.users import user_names

router = APIRouter()
_KINDS: Mapping[str, str] = {
    Kind.CASE: lazy("case"),
    Kind.CUSTOMER: lazy("customer"),
    Kind.PRODUCT: lazy("product"),
    Kind.FILE: lazy("file"),
    Kind.DOCUMENT: lazy("document"),
    Kind.EXPORT: lazy("export"),
    Kind.LIST: lazy("list"),
}
NAMES: Mapping[str, str] = {
    "audit": lazy("audit"),
    "cases": lazy("cases"),
    "contracts": lazy("service contracts"),
    "counted cases": lazy("counted cases"),
    "customers": lazy("customers"),
    "dispatch board": lazy("dispatch board"),
    "documents": lazy("documents"),
    "escalations": lazy("escalations"),
    "figures as a table": lazy("figures as a table"),
    "figures on paper": lazy("figures on paper"),
    "issued report": lazy("issued report"),
    "my work": lazy("my work"),
    "products": lazy("products"),
    "requests": lazy("requests"),
    "sample of cases": lazy("sample of cases"),
    "shipments": lazy("shipments"),
    "tasks": lazy("tasks"),
}
"""Lists and exports as people call them, by the name that the record keeps."""
_NAMED = frozenset({Kind.LIST, Kind.EXPORT})
_WAYS: Mapping[str, str] = {"page": lazy("on a page"), "api": lazy("by a program")}
_WHERE = {Kind.CASE: "/cases/", Kind.CUSTOMER: "/customers/", Kind.PRODUCT: "/products/"}
_LONGEST = 100


@dataclass(frozen=True)
class Line:
    """One entry as it is shown."""

    name: str
    kind: str
    sort: str
    subject: str
    href: str
    looks: int
    at: str
    way: str


@router.get("/access")
async def show_access(
    *,
    visit: VisitDep,
    user: str = "",
    kind: str = "",
    of: str = "",
    since: str = "",
    until: str = "",
    cursor: str | None = None,
) -> Response:
    """The record, the newest first, filtered by what the address says. Raises InvalidFields for a wrong day."""
    require(visit.person, Right.SEE_ACCESS)
    asked = {"user": _plain(user), "kind": kind if kind in _KINDS else "", "of": _plain(of)}
    first, last = _day(visit, since, "since"), _day(visit, until, "until")
    async with visit.parts.database.reading() as session:
        try:
            found = await list_looks(
                session,
                user_id=asked["user"] or None,
                kind=asked["kind"] or None,
                subject=asked["of"] or None,
                since=first,
                until=last + timedelta(days=1) if last else None,
                cursor=cursor,
            )
        except BadCursor as bad:
            raise InvalidFields.at("cursor", str(bad)) from None
        names = await user_names(session)
    shown = asked | {"since": since if first else "", "until": until if last else ""}
    more = urlencode({name: text for name, text in shown.items() if text} | {"cursor": found.next or ""})
    return visit.page(
        "access.html",
        case=None,
        asked=shown,
        people=sorted(names.items(), key=lambda one: one[1]),
        kinds=[(name, str(title)) for name, title in _KINDS.items()],
        lines=_lines(visit, found.items, names),
        next=f"/access?{more}" if found.next else "",
        foot=visit.zone_note,
    )


@router.get("/cases/{case_id}/access")
async def show_access_of_case(visit: VisitDep, case_id: str) -> Response:
    """Who looked at a case, its documents and its files. Raises NotFound."""
    require(visit.person, Right.SEE_ACCESS)
    async with visit.parts.database.reading() as session:
        view = await find_case(session, known_case_id(case_id))
        if view is None:
            raise NotFound("there is no such case")
        papers = {one.document_id: _paper(one) for one in await documents_of(session, case_id)}
        state = view.state
        files = {*state.application.attachments, *(one for told in state.information for one in told.attachments)}
        looked = await looks_at_case(session, case_id, documents=papers, files=files)
        names = await user_names(session)
    return visit.page(
        "access.html",
        case={"href": f"/cases/{case_id}", "number": state.work_order or case_id},
        people=(),
        lines=[_of_its_case(line, papers) for line in _lines(visit, looked, names)],
        next="",
        foot=visit.zone_note,
    )


def _lines(visit: Visit, looked: Iterable[Looked], names: Mapping[str, str]) -> list[Line]:
    return [
        Line(
            name=names.get(one.user_id, one.user_id),
            kind=str(_KINDS.get(one.kind, one.kind)),
            sort=one.kind,
            subject=str(NAMES.get(one.subject, one.subject)) if one.kind in _NAMED else one.subject,
            href=f"{_WHERE[Kind(one.kind)]}{quote(one.subject, safe='')}" if one.kind in _WHERE else "",
            looks=one.looks,
            at=day_and_time(one.at, visit.zone, visit.now),
            way=str(_WAYS.get(one.way, one.way)),
        )
        for one in looked
    ]


def _of_its_case(line: Line, papers: Mapping[str, str]) -> Line:
    """A line on the page of one case, where that case needs no number; a paper is told by its title."""
    if line.sort == Kind.DOCUMENT:
        return replace(line, subject=papers.get(line.subject, line.subject))
    of_it = {Kind.CASE.value: _("the case"), Kind.FILE.value: _("a file of the case")}
    return replace(line, kind=of_it[line.sort], subject="", href="") if line.sort in of_it else line


def _paper(one: Document) -> str:
    title = str(words.DOCUMENTS.get(one.kind, words.spoken(one.kind).capitalize()))
    return _(
        "%(title)s, %(language)s, version %(number)s",
        title=title,
        language=words.language(one.language),
        number=one.version,
    )


def _plain(text: str) -> str:
    return "".join(sign for sign in text if sign.isprintable())[:_LONGEST].strip()


def _day(visit: Visit, text: str, field: str) -> datetime | None:
    """The beginning of a day in the reader's zone."""
    if not text:
        return None
    try:
        day = datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no zone
        return datetime.combine(day, time(), ZoneInfo(visit.zone))
    except (ValueError, OverflowError):
        raise InvalidFields.at(field, "is not a day such as 2026-11-22") from None
