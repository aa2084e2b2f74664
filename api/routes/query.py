"""Reading what lists are filtered by: an empty filter is none, an unknown choice names the known ones."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import Annotated, Any, TypeVar

from fastapi import Query

from api.problems import InvalidFields
from store.queries.paging import BadCursor

E = TypeVar("E", bound=StrEnum)
_LONGEST = 200

Filter = Annotated[str | None, Query(max_length=_LONGEST)]
Cursor = Annotated[str | None, Query(description="`next` of the page before", max_length=500)]
Limit = Annotated[int, Query(ge=1, le=200, description="entries on a page")]


def choices(kind: type[StrEnum], description: str) -> Any:
    """Declares a filter with its known values."""
    return Query(description=description, json_schema_extra={"enum": [member.value for member in kind]})


def chosen(kind: type[E], value: str | None, name: str) -> E | None:
    """Returns the member that was asked for, None when nothing was. Raises InvalidFields."""
    if not value:
        return None
    try:
        return kind(value)
    except ValueError:
        raise InvalidFields.at(name, f"is none of {', '.join(member.value for member in kind)}") from None


def text(value: str | None, name: str) -> str | None:
    """Returns what was asked for, None when nothing was. Raises InvalidFields for control characters."""
    value = (value or "").strip()
    if any(ord(sign) < 32 or ord(sign) == 127 for sign in value):
        raise InvalidFields.at(name, "contains control characters")
    return value or None


def yes_or_no(value: str | None, name: str) -> bool | None:
    """Returns true or false, None when nothing was asked for. Raises InvalidFields."""
    known = {"true": True, "1": True, "false": False, "0": False}
    if not value:
        return None
    if value.lower() not in known:
        raise InvalidFields.at(name, "is neither true nor false")
    return known[value.lower()]


@contextmanager
def cursors() -> Iterator[None]:
    """Turns a cursor that no list gave out into a refusal."""
    try:
        yield
    except BadCursor as bad:
        raise InvalidFields.at("cursor", str(bad)) from None
