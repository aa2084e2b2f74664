from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from pydantic import ValidationError

from domain.clocks import Anchor, Budget, DeadlineRequest, Hold, Why, promise
from tests.domain.clocks.oracles import CHINA, calendar_of, hold

AGREED_ON = datetime.fromisoformat("2026-11-20T10:00:00+08:00")
APPOINTMENT = datetime.fromisoformat("2026-11-24T14:00:00+08:00")


def agreed(*holds: Hold, at: datetime = APPOINTMENT) -> DeadlineRequest:
    return DeadlineRequest(anchor=Anchor(name="appointment", at=AGREED_ON), at=at, calendar=CHINA, holds=holds)


def test_an_agreed_time_is_the_deadline() -> None:
    found = promise(agreed(), calendar_of(CHINA))
    assert found.due_at == APPOINTMENT
    assert [interval.why for interval in found.intervals] == [Why.AGREED]


def test_a_pause_moves_it_by_its_wall_clock_time() -> None:
    found = promise(agreed(hold("2026-11-21T10:00+08:00", "2026-11-22T16:00+08:00")), calendar_of(CHINA))
    assert found.due_at == APPOINTMENT + timedelta(hours=30)


def test_a_pause_before_it_was_agreed_moves_nothing() -> None:
    found = promise(agreed(hold("2026-11-18T10:00+08:00", "2026-11-19T16:00+08:00")), calendar_of(CHINA))
    assert found.due_at == APPOINTMENT


def test_a_time_that_had_passed_when_it_was_agreed_is_simply_due() -> None:
    past = AGREED_ON - timedelta(days=1)
    found = promise(agreed(hold("2026-11-18T10:00+08:00", "2026-11-19T16:00+08:00"), at=past), calendar_of(CHINA))
    assert found.due_at == past
    assert found.intervals == ()


def test_it_is_either_agreed_or_budgeted() -> None:
    anchor = Anchor(name="appointment", at=AGREED_ON)
    with pytest.raises(ValidationError, match="either"):
        DeadlineRequest(anchor=anchor, calendar=CHINA)
    with pytest.raises(ValidationError, match="either"):
        DeadlineRequest(anchor=anchor, at=APPOINTMENT, budget=Budget.parse("1 h"), calendar=CHINA)


def test_naive_times_absurd_years_and_holds_turned_round_are_refused() -> None:
    for at in (datetime(2026, 1, 1), datetime.fromisoformat("9999-01-01T00:00:00Z")):  # noqa: DTZ001
        with pytest.raises(ValidationError):
            Anchor(name="application", at=at)
    with pytest.raises(ValidationError, match="cannot end before"):
        Hold(begins=APPOINTMENT, ends=AGREED_ON)
    with pytest.raises(ValidationError):
        Anchor(name="Application of the customer", at=AGREED_ON)
