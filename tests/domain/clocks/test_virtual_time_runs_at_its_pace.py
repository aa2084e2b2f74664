from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from domain.clocks import Pace

EPOCH = datetime(2026, 11, 21, 8, tzinfo=UTC)
INSTANTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
SINCE_EPOCH = st.timedeltas(timedelta(seconds=-60), timedelta(days=90)).map(lambda length: EPOCH + length)


@given(INSTANTS)
def test_at_speed_one_virtual_time_is_real_time_exactly(instant: datetime) -> None:
    pace = Pace(epoch=EPOCH)
    assert pace.virtual(instant) == instant
    assert pace.real(instant) == instant
    assert pace.real_seconds(0.1) == 0.1


def test_at_speed_3600_an_hour_of_budget_lasts_a_second() -> None:
    pace = Pace(epoch=EPOCH, speed=3600)
    assert pace.virtual(EPOCH) == EPOCH
    assert pace.virtual(EPOCH + timedelta(seconds=12)) == EPOCH + timedelta(hours=12)
    assert pace.real(EPOCH + timedelta(hours=12)) == EPOCH + timedelta(seconds=12)
    assert pace.real_seconds(12 * 3600) == 12
    assert pace.real_length(timedelta(hours=12)) == timedelta(seconds=12)


@given(SINCE_EPOCH, st.sampled_from([0.5, 2, 60, 3600, 7200]))
def test_there_and_back_is_the_same_instant_within_a_microsecond_of_real_time(instant: datetime, speed: float) -> None:
    pace = Pace(epoch=EPOCH, speed=speed)
    assert abs(pace.real(pace.virtual(instant)) - instant) <= timedelta(microseconds=1)


@pytest.mark.parametrize("speed", [0, -1, float("inf"), float("nan"), 2_000_000])
def test_a_clock_that_stands_or_runs_backwards_is_refused(speed: float) -> None:
    with pytest.raises(ValidationError):
        Pace(epoch=EPOCH, speed=speed)


def test_a_pace_survives_json_and_is_in_utc() -> None:
    pace = Pace(epoch=datetime.fromisoformat("2026-11-21T16:00:00+08:00"), speed=60)
    assert pace.model_dump_json() == '{"epoch":"2026-11-21T08:00:00Z","speed":60.0}'
    assert Pace.model_validate_json(pace.model_dump_json()) == pace
