"""Findings about an entry, put beside the input they are about and in words for people."""

from __future__ import annotations

import re
from collections.abc import Iterable

from api.pages.languages import _, lazy, say
from api.pages.sentences import sentence
from api.problems import errors_of
from core.errors import AftercareError

_WORDS = (
    (re.compile(r"^is needed when [a-z_]+ is “.*”$"), lazy("is needed with the answer you gave")),
    (re.compile(r"^String should have at most (?P<most>\d+) characters?$"), lazy("is longer than %(most)s characters")),
    (re.compile(r"^String should have at least 1 character$"), lazy("is needed")),
    (re.compile(r"^String should match pattern .*$"), lazy("is not written as it should be")),
    (re.compile(r"^Input should be a valid decimal.*$"), lazy("is not an amount, for example 86.00")),
    (re.compile(r"^Decimal input should have no more than 2 decimal places$"), lazy("has more than two decimals")),
    (re.compile(r"^Decimal input should .*$"), lazy("is too large an amount")),
    (re.compile(r"^Input should be a valid integer.*$"), lazy("is not a whole number")),
    (re.compile(r"^Input should be greater than or equal to (?P<least>\S+)$"), lazy("is less than %(least)s")),
    (re.compile(r"^Input should be less than or equal to (?P<most>\S+)$"), lazy("is more than %(most)s")),
    (re.compile(r"^Input should be a valid date.*$"), lazy("is not a date, for example 2026-11-23")),
    (re.compile(r"^Input should be a valid datetime.*$"), lazy("is not a date and time")),
    (re.compile(r"^Input should be (a valid list|a valid tuple|'.*)$"), lazy("is not one of the answers")),
)


def in_words(message: str) -> str:
    """A finding in the reader's language, as the rest of a sentence that begins with the field: "is needed"."""
    for pattern, text in _WORDS:
        if found := pattern.match(message):
            return _(text, **found.groupdict())
    return say(message)


def findings(error: AftercareError, names: Iterable[str] = (), *, prefix: str = "") -> dict[str, str]:
    """What an error says, by input name.

    A finding about something inside a field (one file of a list) is shown at the field; one that no input of `names`
    has belongs to the whole form and stands under the empty name.
    """
    known = set(names)
    found: dict[str, str] = {}
    loose: list[str] = []
    for one in errors_of(error):
        path = f"{prefix}{one.path}" if one.path else ""
        place = path
        while place and place not in known:
            place = place.rpartition(".")[0]
        if place and (place == path or known):
            found.setdefault(place, sentence(in_words(one.message)))
        elif not known and path:
            found.setdefault(path, sentence(in_words(one.message)))
        else:
            loose.append(f"{path.rpartition('.')[2].replace('_', ' ')} {in_words(one.message)}".strip())
    if loose:
        found[""] = sentence("; ".join(loose))
    elif not found:
        found[""] = sentence(say(error.detail))
    return found
