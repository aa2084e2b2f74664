"""Instants and the base of every model of the clocks."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict

_EARLIEST_YEAR = 1900
_LATEST_YEAR = 9900  # leaves room for the longest budget and hold before datetime overflows


def to_utc(value: datetime) -> datetime:
    """The same instant in UTC. Raises ValueError for a naive datetime or a year nobody can mean."""
    if value.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    if not _EARLIEST_YEAR <= value.year <= _LATEST_YEAR:
        raise ValueError(f"the year must be between {_EARLIEST_YEAR} and {_LATEST_YEAR}")
    return value.astimezone(UTC)


def zone_named(name: str) -> ZoneInfo:
    """The time zone of an IANA name. Raises ValueError for a name that is not known."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise ValueError(f"unknown time zone {name!r}") from error


Instant = Annotated[AwareDatetime, AfterValidator(to_utc)]
"""A moment in UTC; any aware datetime is accepted and converted, RFC 3339 in JSON."""


class Frozen(BaseModel):
    """Base of the clock models: immutable, and an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")
