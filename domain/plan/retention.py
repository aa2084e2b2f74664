"""How long a closed case keeps what it knows: personal data, then all of it. No document says; a plan may."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import datetime, timedelta
from typing import Annotated, Self

from pydantic import Field, model_validator

from domain.model import Frozen, Source

_SPAN = re.compile(r"([1-9][0-9]{0,2}) (day|month|year)s?")
_MONTHS = {"month": 1, "year": 12}
_LAST_YEAR = 9900
Span = Annotated[str, Field(pattern=r"^[1-9][0-9]{0,2} (days?|months?|years?)$", max_length=12)]
"""A length in the words of a calendar: `90 days`, `18 months`, `3 years`."""


def span_after(at: datetime, span: str) -> datetime:
    """Returns the instant (UTC) a span after another: the same day of a later month, or that month's last.

    Raises ValueError for anything else than a span.
    """
    found = _SPAN.fullmatch(span)
    if found is None:
        raise ValueError(f"{span!r} is no span such as “90 days”, “18 months” or “3 years”")
    number, unit = int(found[1]), found[2]
    if unit == "day":
        return at + timedelta(days=number)
    months = at.year * 12 + at.month - 1 + number * _MONTHS[unit]
    year, month = months // 12, months % 12 + 1
    return at.replace(year=min(year, _LAST_YEAR), month=month, day=min(at.day, monthrange(year, month)[1]))


class Retention(Frozen):
    """From the end of a case on: when its personal data is erased, when its archive and record are removed.

    What is left out is kept. Both count on the product's clock; a legal hold keeps them off.
    """

    personal_data: Span | None = None
    archive: Span | None = None
    source: Source = "house"

    def erase_at(self, closed_at: datetime) -> datetime | None:
        """Returns when the personal data of a case is to be erased, None for never."""
        return span_after(closed_at, self.personal_data) if self.personal_data else None

    def remove_at(self, closed_at: datetime) -> datetime | None:
        """Returns when everything else of a case is to be removed, None for never."""
        return span_after(closed_at, self.archive) if self.archive else None

    @model_validator(mode="after")
    def _archive_is_kept_longer(self) -> Self:
        if self.personal_data is None and self.archive is None:
            raise ValueError("says neither personal_data nor archive: leave the table out to keep everything")
        any_day = datetime(2000, 1, 1)  # noqa: DTZ001 - only the two lengths are compared
        if self.personal_data and self.archive:
            erased, removed = self.erase_at(any_day), self.remove_at(any_day)
            if erased and removed and removed < erased:
                raise ValueError("archive: is removed before the personal data is erased; it must be kept as long")
        return self
