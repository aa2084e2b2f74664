"""The words of a text as the full-text search of both databases knows them.

SQLite and PostgreSQL cut text into words each in their own way, and neither cuts Chinese, which has no blanks between
words. So the words are cut here, once: runs of letters and digits as they stand, runs of Chinese, Japanese or Korean
signs into single signs and pairs. What the databases get are names of words made of plain letters and digits, which
both take as they are.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

from store.search import folded

_LONGEST_WORD = 40
_MOST_WORDS = 64
_LARGEST_INDEX = 600_000
"""Bytes of the words of one part: PostgreSQL holds a megabyte of them, their places included."""
_RUN = re.compile(r"[^\W_]+(?:[-_/.·][^\W_]+)*")
_PIECE = re.compile(r"[^\W_]+")
_ENDING = re.compile(r"(?:ing|ed|es|s|[aeio])$")
_LEAST_STEM = 4
_SCRIPTS = ((0x2E80, 0x2FDF), (0x3005, 0x3007), (0x3040, 0x30FF), (0x3400, 0x9FFF), (0xAC00, 0xD7AF),
            (0xF900, 0xFAFF), (0x20000, 0x3FFFF))  # fmt: skip
_FIRST_SIGN = chr(_SCRIPTS[0][0])
_COMMON_WORDS = (
    "the and for with are was has have not that this from since when after but can does did its our you your will been "
    "all any too very che non per con del della dei una uno sono dopo quando come alla nel nella piu anche"
)
_COMMON = frozenset(_COMMON_WORDS.split())
_COMMON_SIGNS = frozenset("的了是在也就都很我你他她您们这那吗呢吧把被")


def index_words(*texts: str | None) -> str:
    """Returns the words of the texts for the index, with a blank between them.

    A name in pieces, such as AX-200, is found by its pieces and written together.
    """
    found: dict[str, None] = {}
    for text in texts:
        for run in runs_of(text or ""):
            pieces = _PIECE.findall(run)
            for piece in pieces:
                for part in _by_script(piece):
                    found.update(dict.fromkeys(_signs_and_pairs(part) if _is_cjk(part[0]) else (part,)))
            joined = "".join(pieces)
            if len(pieces) > 1 and not any(map(_is_cjk, joined)):
                found[joined] = None
    return _within(map(_name, found))


def _within(names: Iterable[str]) -> str:
    kept, size = [], 0
    for name in names:
        size += len(name) + 8
        if size > _LARGEST_INDEX:
            break
        kept.append(name)
    return " ".join(kept)


def all_of(query: str) -> list[tuple[str, bool]]:
    """Returns the words of a search, all of which must be found; True for a word that may go on (leak, leaking)."""
    found = dict.fromkeys(_asked(query))
    return [(_name(word), not _is_cjk(word[0]) and len(word) > 2) for word in found][:_MOST_WORDS]


def some_of(text: str) -> list[tuple[str, bool]]:
    """Returns the telling words of a description, of which some should be found, in whatever form they stand."""
    found: dict[tuple[str, bool], None] = {}
    for word in _asked(text):
        if _is_cjk(word[0]):
            if len(word) > 1 and not _COMMON_SIGNS.intersection(word):
                found[_name(word), False] = None
        elif word not in _COMMON and (len(word) > 2 or word.isdigit()):
            stem = _ENDING.sub("", word)
            goes_on = len(stem) >= _LEAST_STEM and not any(map(str.isdigit, word))
            found[_name(stem if goes_on else word), goes_on] = None
    return list(found)[:_MOST_WORDS]


def _asked(text: str) -> Iterator[str]:
    for run in runs_of(text):
        for piece in _PIECE.findall(run):
            for part in _by_script(piece):
                yield from _pairs(part) if _is_cjk(part[0]) else (part,)


def runs_of(text: str) -> Iterator[str]:
    """Yields what stands without a blank, folded: words, and names in pieces such as AX-200."""
    # accents go, so that "perche" finds "perché"; signs that are only joined from others stay whole
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", folded(text)) if not _is_accent(sign))
    yield from _RUN.findall(unicodedata.normalize("NFC", plain))


def _is_accent(sign: str) -> bool:
    return "\u0300" <= sign <= "\u036f"


def _by_script(piece: str) -> Iterator[str]:
    if piece.isascii():
        yield piece
        return
    start = 0
    for place in range(1, len(piece) + 1):
        if place == len(piece) or _is_cjk(piece[place]) != _is_cjk(piece[start]):
            yield piece[start:place]
            start = place


def _pairs(run: str) -> Iterator[str]:
    if len(run) == 1:
        yield run
    for place in range(len(run) - 1):
        yield run[place : place + 2]


def _signs_and_pairs(run: str) -> Iterator[str]:
    yield from run
    yield from _pairs(run)


def _is_cjk(sign: str) -> bool:
    return sign >= _FIRST_SIGN and any(first <= ord(sign) <= last for first, last in _SCRIPTS)


def _name(word: str) -> str:
    """Returns the name of a word in the index: `w` and the word, or `u` and the numbers of its signs."""
    word = word[:_LONGEST_WORD]
    return f"w{word}" if word.isascii() else "u" + "".join(f"{ord(sign):05x}" for sign in word)
