"""When a clock that rests goes on, told no longer than it must be."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from api.pages.times import resumption

NOW = datetime(2026, 11, 22, 17, 53, tzinfo=UTC)
"""01:53 of the 23rd in Shanghai."""


@pytest.mark.parametrize(
    ("goes_on", "told"),
    [
        (datetime(2026, 11, 23, 1, 0, tzinfo=UTC), "09:00"),
        (datetime(2026, 11, 24, 1, 0, tzinfo=UTC), "tomorrow 09:00"),
        (datetime(2026, 11, 23, 16, 0, tzinfo=UTC), "tomorrow"),
        (datetime(2026, 11, 27, 16, 0, tzinfo=UTC), "Sat 28 Nov"),
        (datetime(2026, 11, 27, 16, 1, tzinfo=UTC), "Sat 28 Nov, 00:01"),
    ],
)
def test_a_clock_goes_on_at_an_hour_or_with_a_day(goes_on: datetime, told: str) -> None:
    assert resumption(goes_on, "Asia/Shanghai", NOW) == told
