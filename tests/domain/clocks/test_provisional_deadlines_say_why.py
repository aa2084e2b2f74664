from __future__ import annotations

from datetime import date, datetime

import pytest

from activities.calendars import national_calendar
from domain.clocks import (
    Anchor,
    CalendarSpec,
    CalendarYear,
    Deadline,
    DeadlineRequest,
    WorkCalendar,
    plain_promise,
    promise,
    years_needed,
)
from tests.domain.clocks.oracles import CHINA, ITALY, deadline, request


@pytest.mark.parametrize("budget", ["5 bd", "20 working h"])
def test_a_deadline_in_an_unpublished_year_is_provisional(budget: str) -> None:
    found = deadline(budget, "2027-03-01T10:00:00+08:00")
    assert found.provisional
    assert found.reason == "the working calendar of 2027 is not published yet"


def test_the_turn_of_the_year_2026_is_provisional_from_the_last_week_on() -> None:
    assert not deadline("5 bd", "2026-12-18T10:00:00+08:00").provisional  # due on 25 December
    for at in ("2026-12-21T10:00:00+08:00", "2026-12-28T10:00:00+08:00", "2026-12-31T10:00:00+08:00"):
        found = deadline("5 bd", at)
        assert found.provisional
        assert found.reason == "the working calendar of 2027 is not published yet"


def test_the_turn_of_a_published_year_is_not_provisional() -> None:
    assert not deadline("5 bd", "2025-12-29T10:00:00+08:00").provisional


def test_a_provisional_deadline_moves_when_the_calendar_is_published() -> None:
    asked = request("2 bd", "2026-12-31T10:00:00+08:00")
    before = deadline("2 bd", "2026-12-31T10:00:00+08:00")
    known = national_calendar(CHINA, [2026]).years[0].model_copy(update={"settled_until": None})
    decreed = CalendarYear(
        year=2027,
        days_off={date(2027, 1, 1): "元旦", date(2027, 1, 4): "元旦"},
        make_up_days={date(2027, 1, 9): "补班"},
    )
    after = promise(asked, WorkCalendar(spec=CHINA, version="holidays 0.999 CN", years=(known, decreed)))
    assert before.provisional
    assert not after.provisional
    assert before.request == after.request
    assert (after.due_at.date(), before.due_at.date()) == (date(2027, 1, 6), date(2027, 1, 5))


def test_a_year_that_was_not_loaded_is_provisional_and_no_error() -> None:
    found = promise(request("5 bd", "2026-06-01T10:00:00Z"), national_calendar(CHINA, []))
    assert found.provisional
    assert found.reason == "the working calendar of 2026 is not published yet"


def test_italian_deadlines_are_never_provisional() -> None:
    assert not deadline("7 bd", "2026-12-28T10:00:00+01:00", ITALY).provisional


def test_without_a_calendar_the_promise_is_on_plain_working_days_with_the_reason() -> None:
    found = plain_promise(request("5 bd", "2026-09-30T10:00:00+08:00"), "the calendar did not answer")
    assert found.due_at == datetime.fromisoformat("2026-10-07T17:30:00+08:00")
    assert found.provisional
    assert found.reason == "the calendar did not answer"
    assert found.calendar_version == "plain"


def test_a_wall_clock_promise_is_exact_without_any_calendar() -> None:
    found = plain_promise(request("12 h", "2026-09-30T10:00:00+08:00"), "the calendar did not answer")
    assert found.due_at == deadline("12 h", "2026-09-30T10:00:00+08:00").due_at
    assert not found.provisional
    assert found.reason == "the calendar did not answer"


def test_the_plain_promise_of_a_plan_without_a_country_is_the_true_one_but_says_what_failed() -> None:
    found = plain_promise(request("5 bd", "2026-09-30T10:00:00+08:00", CalendarSpec()), "no answer")
    assert found.reason == "no answer"
    assert found.due_at == datetime.fromisoformat("2026-10-07T17:30:00+08:00")


def test_a_deadline_repeats_its_request_and_survives_json() -> None:
    found = deadline("5 bd", "2026-12-28T10:00:00+08:00")
    assert found.request == request("5 bd", "2026-12-28T10:00:00+08:00")
    assert Deadline.model_validate_json(found.model_dump_json()) == found


def test_another_plans_calendar_is_refused() -> None:
    with pytest.raises(ValueError, match="not the one"):
        promise(request("5 bd", "2026-09-30T10:00:00Z"), national_calendar(ITALY, [2026]))


@pytest.mark.parametrize("budget", ["1 bd", "250 bd", "2500 bd", "8 working h", "2000 working h", "20000 working h"])
def test_the_years_that_are_loaded_reach_to_the_deadline(budget: str) -> None:
    for at in ("2025-01-01T00:00:00+08:00", "2026-06-01T10:00:00+08:00", "2026-12-31T23:00:00+08:00"):
        asked = request(budget, at)
        years = years_needed(asked)
        found = promise(asked, national_calendar(CHINA, years))
        zone = datetime.fromisoformat(at).tzinfo
        assert found.due_at.astimezone(zone).year in years
        assert asked.anchor.at.astimezone(zone).year in years


def test_no_year_is_needed_for_a_wall_clock_or_agreed_deadline() -> None:
    moment = datetime.fromisoformat("2026-11-20T10:00:00+08:00")
    agreed = DeadlineRequest(anchor=Anchor(name="appointment", at=moment), at=moment, calendar=CHINA)
    assert years_needed(request("12 h", moment)) == years_needed(agreed) == ()
