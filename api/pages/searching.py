"""What somebody typed into a field for searching."""

from __future__ import annotations

LONGEST_SEARCH = 200
"""Characters of a search that count; nobody types more, and a pasted page is no search."""


def search_text(typed: str) -> str:
    """Returns the text to search for: signs that cannot be printed count as blanks, and what is too long is cut."""
    return "".join(sign if sign.isprintable() else " " for sign in typed)[:LONGEST_SEARCH].strip()
