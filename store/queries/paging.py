"""Paging by cursor: a list goes on where it stopped, whatever was added meanwhile."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")
LARGEST_PAGE = 200
_LONGEST = 400
_LARGEST_NUMBER = 1 << 62


class BadCursor(ValueError):
    """A cursor that no list gave out."""

    def __init__(self) -> None:
        super().__init__("this is not a cursor of this list; begin again without one")


@dataclass(frozen=True)
class Page(Generic[T]):
    """A part of a list; `next` is the cursor of what follows, None at the end."""

    items: tuple[T, ...]
    next: str | None = None


def size(limit: int) -> int:
    """Returns a page size between 1 and `LARGEST_PAGE`."""
    return max(1, min(limit, LARGEST_PAGE))


def to_cursor(of: str, number: int, name: str) -> str:
    """Returns the cursor behind an entry of list `of`: its place in the order, and its name among equals."""
    return base64.urlsafe_b64encode(json.dumps([of, number, name]).encode()).decode().rstrip("=")


def from_cursor(of: str, cursor: str) -> tuple[int, str]:
    """Returns the number and name that a cursor of list `of` holds. Raises BadCursor."""
    if len(cursor) > _LONGEST:
        raise BadCursor
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        value = json.loads(base64.b64decode(padded.encode("ascii"), altchars=b"-_", validate=True))
    except (ValueError, binascii.Error, RecursionError):
        raise BadCursor from None
    match value:
        case [str(list_name), int(number), str(name)] if list_name == of and not isinstance(number, bool):
            if abs(number) < _LARGEST_NUMBER and name.isascii() and name.isprintable():
                return number, name
    raise BadCursor


def page_of(entries: Sequence[T], limit: int, cursor_of: str, places: Sequence[tuple[int, str]]) -> Page[T]:
    """Returns the page of entries that were read one more than `limit`, to know whether something follows."""
    if len(entries) <= limit:
        return Page(tuple(entries))
    return Page(tuple(entries[:limit]), to_cursor(cursor_of, *places[limit - 1]))
