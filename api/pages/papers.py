"""The documents of all cases: found by case, customer, kind and period, looked at in place and saved."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from fastapi import APIRouter
from fastapi.responses import Response

from api.pages import words
from api.pages.languages import _
from api.pages.searching import search_text
from api.pages.visit import Visit, VisitDep
from api.rights import Right, require
from core.errors import Invalid
from domain.documents.kinds import DocumentKind
from store.queries.paging import BadCursor
from store.queries.papers import Paper, list_papers

router = APIRouter()


@dataclass(frozen=True)
class Copy:
    """A version of a document in one language."""

    language: str
    href: str
    lacking: bool


@dataclass(frozen=True)
class PaperLine:
    """A version of a document in the list, in all the languages it was issued in at once."""

    title: str
    case: str
    number: str
    customer: str
    about: str
    issued_at: datetime
    copies: tuple[Copy, ...]

    @property
    def lacking(self) -> bool:
        """True where any of the languages lacks something."""
        return any(one.lacking for one in self.copies)


@router.get("/documents")
async def show_documents(
    visit: VisitDep,
    q: str = "",
    kind: str = "",
    since: str = "",
    until: str = "",
    cursor: str | None = None,
) -> Response:
    """The documents whose cases fit, the newest first. Raises Invalid for a kind, day or cursor there is none of."""
    require(visit.person, Right.SEE_CASES)
    asked = {"q": search_text(q), "kind": kind, "since": since, "until": until}
    first, last = _day(since, "since", _("From")), _day(until, "until", _("To"))
    async with visit.parts.database.reading() as session:
        try:
            found = await list_papers(
                session,
                q=asked["q"] or None,
                kind=_kind(kind),
                since=_begins(first, visit) if first else None,
                until=_begins(last + timedelta(days=1), visit) if last else None,
                cursor=cursor,
            )
        except BadCursor as bad:
            raise Invalid(str(bad), field="cursor") from None
    given = {name: value for name, value in asked.items() if value}
    return visit.page(
        "papers.html",
        papers=_lines(found.items),
        asked=asked,
        kinds=[(one.value, words.DOCUMENTS[one.value]) for one in DocumentKind],
        filtered=bool(given),
        zone=visit.zone,
        zone_note=visit.zone_note,
        next=f"/documents?{urlencode({**given, 'cursor': found.next})}" if found.next else "",
    )


def _lines(papers: Iterable[Paper]) -> list[PaperLine]:
    """One line for each version, where its newest copy stands."""
    versions: dict[tuple[str, str, int], list[Paper]] = {}
    for one in papers:
        versions.setdefault((one.case_id, one.kind, one.version), []).append(one)
    return [_line(copies) for copies in versions.values()]


def _line(copies: Sequence[Paper]) -> PaperLine:
    one = copies[0]
    return PaperLine(
        title=str(words.DOCUMENTS[one.kind]),
        case=f"/cases/{one.case_id}",
        number=one.number,
        customer=one.customer,
        about=_("version %(number)s", number=one.version),
        issued_at=one.issued_at,
        copies=tuple(
            Copy(words.language(copy.language), f"/api/v1/documents/{copy.document_id}", bool(copy.lacking))
            for copy in sorted(copies, key=lambda copy: copy.language)
        ),
    )


def _kind(text: str) -> DocumentKind | None:
    try:
        return DocumentKind(text) if text else None
    except ValueError:
        raise Invalid(_("there is no such kind of document"), field="kind") from None


def _day(text: str, field: str, label: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Invalid(_("%(field)s: is not a day such as 2026-03-31", field=label), field=field) from None


def _begins(day: date, visit: Visit) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(visit.zone))
