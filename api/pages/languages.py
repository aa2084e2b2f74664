"""The texts of pages in the reader's language: what page code imports. How it works is told in `api.languages`."""

from __future__ import annotations

import re
from datetime import date
from functools import cache, lru_cache
from typing import Any

from babel.dates import format_skeleton
from markupsafe import Markup

from api import languages
from api.languages import LANGUAGES, _, language, lazy, locale, ngettext, speak, zone
from domain.texts import translations

__all__ = ["LANGUAGES", "_", "language", "lazy", "ngettext", "say", "speak", "zone"]
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_WRITTEN = re.compile(r"(?<![\w.:/-])(\d{4})-(\d\d)-(\d\d)(?![\w/-]|:\d)")
_SPOKEN = re.compile(rf"(?<![\w.:/-])(\d{{1,2}}) ({'|'.join(_MONTHS)})( \d{{4}})?(?!\w)")
_EXAMPLE = "such as"
_CLAUSES = re.compile(r"\s*[(（][A-Z]\d+(?:[,、] ?[A-Z]\d+)*[)）]")
"""The clauses that a text of ours follows, such as "(X8)": for who keeps the procedures, not for who reads a page."""


def say(english: str) -> str:
    """Returns what the domain declares or tells as this reader reads it: their language, their way to write days.

    The domain tells a day as "2026-11-22" or as "22 Nov"; a day that is an example of how to type one stays. Clauses
    that a text of ours names are left out; a value that looks like one, the screw "(M10)", stays.
    """
    said = languages.say(english)
    if _CLAUSES.search(english) and any(one in english for one in _with_clauses()):
        said = _CLAUSES.sub("", said)
    if _EXAMPLE in english:
        return said
    said = _WRITTEN.sub(lambda found: _day(int(found[3]), int(found[2]), int(found[1])) or found[0], said)
    if language() == "en":
        return said
    return _SPOKEN.sub(
        lambda found: _day(int(found[1]), _MONTHS.index(found[2]) + 1, int(found[3]) if found[3] else None) or found[0],
        said,
    )


def shown(text: str, /, **values: Any) -> Markup:
    """Returns a text of ours for a template in the reader's language; what stands for a place in it is escaped."""
    text = str.__str__(text)
    return _markup(languages.looked_up(text)) % values if values else _without_values(text, language())


def shown_for(one: str, many: str, number: int, /, **values: Any) -> Markup:
    """Returns the form of a text of ours that goes with a number, for a template; `%(num)s` stands for the number."""
    return _markup(languages.looked_up_for(one, many, number)) % {"num": number, **values}


@lru_cache(maxsize=4096)
def _markup(text: str) -> Markup:
    return Markup(text)  # noqa: S704 - a text of ours


@lru_cache(maxsize=8192)
def _without_values(text: str, _code: str) -> Markup:
    return _markup(languages.looked_up(text)) % {}


@cache
def _with_clauses() -> tuple[str, ...]:
    """What the domain declares or tells with a clause in it."""
    return tuple(english for english in translations("it") if _CLAUSES.search(english))


def _day(day: int, month: int, year: int | None) -> str:
    """A day in the reader's language, with its year if one is told; nothing for a day that no calendar has."""
    try:
        told = date(year if year is not None else 2024, month, day)
    except ValueError:
        return ""
    return str(format_skeleton("yMMMd" if year is not None else "MMMd", told, locale=locale()))
