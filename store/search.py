"""What a search compares: folded text, and patterns in which nothing that was typed has a special meaning."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

ESCAPE = "\\"
_MOST_WORDS = 8


def searchable(*texts: str | None) -> str:
    """Returns the texts as one, folded so that case and width do not matter (full-width letters occur in Chinese)."""
    return " ".join(folded(text) for text in texts if text)


def patterns(query: str) -> Iterable[str]:
    """Returns a LIKE pattern (escape character `ESCAPE`) for each word typed; all of them must match."""
    for word in folded(query).split()[:_MOST_WORDS]:
        safe = word.replace(ESCAPE, ESCAPE * 2).replace("%", f"{ESCAPE}%").replace("_", f"{ESCAPE}_")
        yield f"%{safe}%"


def folded(text: str) -> str:
    """Returns a text without its differences of case and width, and without what no database takes."""
    # a NUL or half a character can be typed into an address but in no text: PostgreSQL would refuse the comparison
    clean = "".join(" " if character == "\0" or "\ud800" <= character <= "\udfff" else character for character in text)
    return unicodedata.normalize("NFKC", clean).casefold()
