"""The two kinds of data model every rule is written with."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated
from unicodedata import category
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, WithJsonSchema

_EARLIEST_YEAR = 1900
_LATEST_YEAR = 9900  # leaves room for the longest budget and hold before datetime overflows


def to_utc(instant: datetime) -> datetime:
    """Returns the same instant in UTC, the only zone that is stored.

    Raises ValueError for a naive datetime or a year nobody can mean.
    """
    if instant.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    if not _EARLIEST_YEAR <= instant.year <= _LATEST_YEAR:
        raise ValueError(f"the year must be between {_EARLIEST_YEAR} and {_LATEST_YEAR}")
    return instant.astimezone(UTC)


def zone_named(name: str) -> ZoneInfo:
    """Returns the time zone of an IANA name. Raises ValueError for a name that is not known."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise ValueError(f"unknown time zone {name!r}") from error


_TURNING = frozenset(map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A))))
"""Characters that change the direction of the text after them: what is read is then not what was typed."""


def printable(text: str) -> str:
    """Rejects control characters other than tab and line breaks: they hide or break text wherever it is shown.

    Raises ValueError.
    """
    for character in text:
        if (ord(character) < 32 and character not in "\t\n\r") or 127 <= ord(character) < 160:
            message = f"contains the control character U+{ord(character):04X}"
            raise ValueError(message)
        if 0xD800 <= ord(character) < 0xE000:
            message = "contains half a character (a lone surrogate)"
            raise ValueError(message)
        if character in _TURNING:
            message = f"contains the invisible character U+{ord(character):04X}, which turns the text around"
            raise ValueError(message)
    if not any(category(character)[0] in "LNPS" for character in text):
        raise ValueError("has nothing to be read")
    return text


Instant = Annotated[AwareDatetime, AfterValidator(to_utc)]
"""A point in time, stored in UTC."""

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), AfterValidator(printable)]
"""One line of text a person typed: 1 to 200 characters."""

Prose = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000), AfterValidator(printable)
]
"""Text a person typed, with line breaks: 1 to 4,000 characters."""

Amount = Annotated[
    Decimal,
    Field(ge=0, max_digits=12, decimal_places=2),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "number", "minimum": 0, "maximum": 9_999_999_999.99},
                {"type": "string", "pattern": r"^[0-9]{1,10}(\.[0-9]{1,2})?$"},
            ]
        },
        mode="validation",
    ),
]
"""Money in the plan's currency, never negative, two decimals."""

Source = Annotated[str, Field(pattern=r"^([RMTQWX][0-9]{1,2}|house)$")]
"""The clause a setting is taken from, or `house` when no document says it and the plan decided."""


class Frozen(BaseModel):
    """Data that is agreed once and never changes; unknown keys are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Mutable(BaseModel):
    """State of a running case, changed by the workflow alone; unknown keys are refused."""

    model_config = ConfigDict(extra="forbid")
