"""Read in a language that marks each text of ours, no page shows a word of English that is not data."""

from __future__ import annotations

import re
import sys
from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta
from gettext import NullTranslations
from html.parser import HTMLParser

import pytest
from fastapi import FastAPI

from api import languages
from api.pages import rendering
from domain.case import TaskStatus
from domain.plan import Stage
from tests.pages.making import MadeCase
from tests.pages.strict_client import Browser

Browse = Callable[[str], Awaitable[Browser]]
Make = Callable[..., MadeCase]
Project = Callable[[MadeCase], Awaitable[None]]
DATA = "昨天起有异响"
_MARKED = re.compile(r"⟦[^⟦⟧]*⟧")
_OF_THE_LIBRARY = re.compile(r"\(UTC[+-]\d\d:\d\d\)$")
"""Cities and languages have their names from Babel."""
_WORD = re.compile(r"[A-Za-z][A-Za-z'’]{2,}")
_DATA = frozenset(
    re.findall(
        r"[^ ]+",
        "Aftercare Example Works Lin Yue Mei Zhou Wei Shen Tom Hale Dan Qian Gao Admin Audra Ning Yorkshire admin "
        "com wen example Asia Shanghai UTC CNY English Italiano Chinese Italian Equipment Manufacturing "
        "audra dan gao lin mei tom wei Enter PDF Mon Tue Wed Thu Fri Sat Sun Jan Feb Mar "
        "Apr May Jun Jul Aug Sep Oct Nov Dec",
    )
)
"""Words that are names, codes, keys or dates, not texts."""
_SPOKEN = ("aria-label", "alt", "placeholder", "title", "data-title", "label")


class Marking(NullTranslations):
    """A language of which every text is its English between brackets."""

    def gettext(self, message: str) -> str:
        return f"⟦{message}⟧"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return f"⟦{msgid1 if n == 1 else msgid2}⟧"


class Said(HTMLParser):
    """What a page says: its text, what is read out in place of pictures and fields, and what fields suggest."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._silent = 0
        self._other = 0
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self._silent += tag in ("script", "style", "code")
        self._other += tag in ("option", "b") and given.get("lang") is not None
        self.pieces += [value for name in _SPOKEN if (value := given.get(name))]

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in ("script", "style", "code")
        self._other = 0

    def handle_data(self, data: str) -> None:
        if not self._silent and not self._other and data.strip():
            self.pieces.append(data)


def english_in(page: str) -> list[str]:
    """The pieces of a page that have words of ours which no catalog could change.

    A text may hold others and elements; whatever is inside brackets has gone through the catalog.
    """
    rest = "\x00".join(Said(page).pieces)
    while _MARKED.search(rest):
        rest = _MARKED.sub(" ", rest)
    pieces = [" ".join(piece.split()) for piece in rest.split("\x00") if not _OF_THE_LIBRARY.search(piece)]
    return [piece for piece in pieces if any(word not in _DATA for word in _WORD.findall(piece))]


def dumped(left: dict[str, list[str]]) -> str:
    """What is left, a page a paragraph."""
    return "\n".join(f"{path}:\n  " + "\n  ".join(dict.fromkeys(pieces)) for path, pieces in left.items())


@pytest.fixture
def marked(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Pages read in that language, without what was kept in another under the same name."""
    monkeypatch.setattr(languages, "catalog", lambda _language: Marking())
    forget_what_was_said()
    yield
    forget_what_was_said()


def forget_what_was_said() -> None:
    """Empties what the pages keep of texts, by the language's name; templates and addresses hold none."""
    for name, module in list(sys.modules.items()):
        if name.startswith("api.pages.") and module is not rendering:
            for kept in vars(module).values():
                if hasattr(kept, "cache_clear"):
                    kept.cache_clear()


async def rich_case(made_case: Make, project: Project) -> MadeCase:
    made = made_case(1, DATA)
    first = made.offer("contact_customer", due_in=-5)
    made.complete(first, {"reached": "yes", "requirement": DATA, "attachments": []})
    made.change(stage=Stage.RESOLVE, work_order="RR-2026-000001")
    made.offer("site_visit", due_in=3, reminded_at=made.now)
    made.offer("assign_engineer", due_in=2)
    made.offer("confirm_plan", due_in=-3, escalation_level=1, breached_at=made.now)
    made.offer("special_case", due_in=9, reason=DATA)
    made.offer("acknowledge_breach", due_in=30)
    made.offer("settlement", due_in=40)
    made.add_information(DATA)
    made.with_costs()
    made.change(special_case_open=True)
    await project(made)
    paused = made_case(2, DATA)
    paused.offer("remote_diagnosis", status=TaskStatus.SUSPENDED)
    paused.pause()
    await project(paused)
    closed = made_case(3, DATA)
    task = closed.offer("contact_customer")
    closed.complete(task, {"reached": "yes", "requirement": DATA, "attachments": []})
    closed.now += timedelta(minutes=1)
    closed.close()
    await project(closed)
    return made


_NOT_FOR_PEOPLE = re.compile(
    r"^/(api|static|docs|design|openapi|healthz|readyz)|\.(csv|pdf|svg|json)|/documents/|/pictures/"
)


def shape(path: str) -> str:
    """A page of its kind: the same address with other numbers or another filter is read once."""
    bare, _, query = path.partition("#")[0].partition("?")
    names = "&".join(sorted(part.partition("=")[0] for part in query.split("&") if part))
    return re.sub(r"C-\d+", "C", bare) + (f"?{names}" if names else "")


async def walked(browser: Browser, first: str, most: int) -> dict[str, list[str]]:
    """Reads the pages that can be reached by links, and returns the English left on each."""
    waiting, seen, found = [first], {shape(first)}, {}
    while waiting and len(seen) < most:
        path = waiting.pop(0)
        answer = await browser.client.get(path, headers={"Accept": "text/html"}, follow_redirects=True)
        assert answer.status_code == 200, path
        if left := english_in(answer.text):
            found[path] = left
        for link in Browser._page(answer, 200).links:
            if link.startswith("/") and not _NOT_FOR_PEOPLE.search(link) and shape(link) not in seen:
                seen.add(shape(link))
                waiting.append(link.partition("#")[0])
    return found


@pytest.mark.usefixtures("marked")
async def test_no_page_of_ours_keeps_a_word_of_english(browse: Browse, made_case: Make, project: Project) -> None:
    await rich_case(made_case, project)
    left = await walked(await browse("admin"), "/", 90)
    assert not left, dumped(left)


@pytest.mark.usefixtures("marked")
async def test_no_page_of_the_customer_keeps_a_word_of_english(
    app: FastAPI, anonymous: Browser, made_case: Make, project: Project
) -> None:
    made = await rich_case(made_case, project)
    left = await walked(anonymous, app.state.parts.tracking.path(made.case_id), 20)
    left |= await walked(anonymous, "/sign-in", 2)
    assert not left, dumped(left)
