"""What a case is found by, and what a search for cases asks: numbers in any spelling, names, serials, the problem."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from domain.case import CaseState
from domain.warranty import serial_key
from store.search import folded
from store.words import all_of, index_words, runs_of

_SHORTEST_END = 4
"""Signs of the end of a number that it is found by: people read out the last four."""
_LONGEST_END = 16
_TAIL = 9
"""Digits in which two spellings of one telephone number agree, with or without the country's and the area's prefix."""
_GOES_ON_FROM = 5
"""Digits from which a number may be the beginning of a longer one; fewer would find half of all."""
_MOST_GROUPS = 10
_NUMBER = re.compile(r"(?<![\w\-/.])\+?\(?\d[\d\s().\-/]{2,30}\d(?!\w)")

Word = tuple[str, bool]
"""The name of a word, and whether it may go on."""


@dataclass(frozen=True)
class Asked:
    """One thing that must be found: any of the alternatives, each of which is words that all occur."""

    alternatives: tuple[tuple[Word, ...], ...]


def words_of_case(case: CaseState) -> str:
    """Returns the words that a case is found by, with a blank between them."""
    customer, product = case.application.customer, case.application.product
    serials = {one for one in (product.serial_number, case.serial_number, case.serial_found) if one}
    tracking = [one.tracking_number for one in case.shipments if one.tracking_number]
    words = index_words(
        case.case_id, case.work_order, customer.name, customer.contact_name, customer.email, customer.region,
        product.model, *sorted(serials), *tracking, case.application.problem.description,
    )  # fmt: skip
    numbers = [digits_of(customer.phone or ""), *map(plain, sorted(serials)), *map(plain, tracking)]
    numbers += [plain(case.case_id), plain(case.work_order or "")]
    counted = (case.work_order or "").rpartition("-")[2].lstrip("0")
    ends = [end for number in numbers for end in all_ends(number)] + ([f"w{counted}"] if counted.isdigit() else [])
    return " ".join(dict.fromkeys([*words.split(), *ends]))


def all_ends(number: str) -> list[str]:
    """Returns the words for a number whole and for every end of it: with what may go on, any part of it is found."""
    ends = [number[-length:] for length in range(_SHORTEST_END, min(len(number), _LONGEST_END + 1))]
    return [f"w{end}" for end in ([number] if number else []) + ends]


def digits_of(text: str) -> str:
    """Returns the digits of a telephone number."""
    return "".join(sign for sign in folded(text) if sign.isascii() and sign.isdigit())


def plain(text: str) -> str:
    """Returns a serial or other number as it is compared: letters and digits alone."""
    key = folded(serial_key(text) or "")
    return "".join(sign for sign in key if sign.isascii() and sign.isalnum())


def asked_of(query: str) -> list[Asked] | None:
    """Returns what must be found, all of it; None when nothing is asked, empty when nothing can be found by it."""
    text = folded(query)
    if not text.strip():
        return None
    found = [_of_number(number) for number in _NUMBER.findall(text)]
    for run in runs_of(_NUMBER.sub(" ", text)):
        found += _of_run(run)
    return list(dict.fromkeys(found))[:_MOST_GROUPS]


def _of_run(run: str) -> list[Asked]:
    """Each word by itself; of a name in pieces, such as part of a serial number, also as it is written together."""
    words = tuple(map(_bounded, all_of(run)))
    if len(words) > 1 and run.isascii() and any(map(str.isdigit, run)):
        return [Asked((words, ((f"w{plain(run)}", True),)))]
    return [Asked(((word,),)) for word in words]


def _of_number(number: str) -> Asked:
    """A telephone number in any spelling, or numbers that only stand beside each other."""
    digits = digits_of(number)
    ways: dict[tuple[Word, ...], None] = {(_word(digits),): None}
    *before, last = all_of(number)  # whoever types goes on with the last piece alone
    ways[(*((name, False) for name, _ in before), _bounded(last))] = None
    if len(digits) > _TAIL:
        ways[(f"w{digits[-_TAIL:]}", False),] = None
    return Asked(tuple(ways))


def _word(digits: str) -> Word:
    return f"w{digits}", len(digits) >= _GOES_ON_FROM


def _bounded(word: Word) -> Word:
    name, goes_on = word
    return _word(name[1:]) if name[1:].isdigit() and name.startswith("w") else (name, goes_on)


def full_text_query(asked: Sequence[Asked], dialect: str) -> str:
    """Returns the query in the language of the database's full-text search.

    Names of words are letters and digits alone, so that nothing that was typed is a sign of that language.
    """
    sqlite = dialect == "sqlite"
    both, either = (" AND ", " OR ") if sqlite else (" & ", " | ")

    def named(words: Iterable[Word]) -> str:
        if sqlite:
            return both.join(f'"{name}"{" *" if goes_on else ""}' for name, goes_on in words)
        return both.join(f"{name}{':*' if goes_on else ''}" for name, goes_on in words)

    return both.join("(" + either.join(f"({named(way)})" for way in one.alternatives if way) + ")" for one in asked)
