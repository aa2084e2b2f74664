from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.clocks import STEP_KEYS, Anchor, DeadlineRequest, ExplainedStep, Hold, explain, plain_promise, promise
from tests.domain.clocks.oracles import (
    CHINA,
    ITALY,
    calendar_of,
    deadline,
    hold,
    holds_after,
    minutes_between,
    request,
)


def told(budget: str, at: str, *holds: Hold) -> list[tuple[str, str]]:
    return [(step.key, step.text) for step in explain(deadline(budget, at, CHINA, *holds), "Asia/Shanghai")]


def test_business_days_over_the_october_week_are_told_step_by_step() -> None:
    pause = hold("2026-09-30T10:00+08:00", "2026-09-30T12:30+08:00")
    assert told("5 bd", "2026-09-29T11:00:00+08:00", pause) == [
        ("clock.starts", "The clock starts with the receipt on Tue 29 Sep 2026 11:00; the budget is 5 business days."),
        ("clock.start_day", "Tue 29 Sep 2026 11:00 to Wed 30 Sep 2026 00:00: the day of the start does not count."),
        ("clock.business_days", "Wed 30 Sep 2026 09:00 to Wed 30 Sep 2026 17:30: business days counted: 1."),
        (
            "clock.hold_made_up",
            (
                "Wed 30 Sep 2026 10:00 to Wed 30 Sep 2026 12:30: paused (customer away); "
                "2 h 30 min of working time is made up afterwards."
            ),
        ),
        (
            "clock.holiday",
            (
                "Thu 01 Oct 2026 00:00 to Thu 08 Oct 2026 00:00: days off, not counted "
                "(国庆节 (National Day); 调休放假 (day off in exchange))."
            ),
        ),
        ("clock.business_days", "Thu 08 Oct 2026 09:00 to Fri 09 Oct 2026 17:30: business days counted: 2."),
        (
            "clock.make_up_business_day",
            (
                "Sat 10 Oct 2026 09:00 to Sat 10 Oct 2026 17:30: worked weekend days "
                "(调休上班 (make-up working day)), business days counted: 1."
            ),
        ),
        ("clock.weekend", "Sun 11 Oct 2026 00:00 to Mon 12 Oct 2026 00:00: weekend, not counted."),
        ("clock.business_days", "Mon 12 Oct 2026 09:00 to Mon 12 Oct 2026 17:30: business days counted: 1."),
        (
            "clock.made_up",
            "Tue 13 Oct 2026 09:00 to Tue 13 Oct 2026 11:30: 2 h 30 min of working time made up for the pause.",
        ),
        ("clock.due", "Due on Tue 13 Oct 2026 11:30."),
        ("clock.calendar", f"Working days by the calendar: {calendar_of(CHINA).version}."),
    ]


def test_a_wall_clock_budget_is_told_in_three_steps_in_the_readers_zone() -> None:
    steps = explain(deadline("1 h", "2026-11-20T11:00:00+08:00"), "Europe/Rome")
    assert [step.text for step in steps] == [
        "The clock starts with the receipt on Fri 20 Nov 2026 04:00; the budget is 1 hour.",
        "Fri 20 Nov 2026 04:00 to Fri 20 Nov 2026 05:00: 1 h counted, day and night.",
        "Due on Fri 20 Nov 2026 05:00.",
    ]


def test_an_agreed_time_says_when_it_was_agreed() -> None:
    anchor = Anchor(name="appointment", at=datetime(2026, 11, 20, 2, tzinfo=UTC))
    asked = DeadlineRequest(anchor=anchor, at=datetime(2026, 11, 24, 6, tzinfo=UTC), calendar=CHINA)
    first = explain(promise(asked, calendar_of(CHINA)), "Asia/Shanghai")[0]
    assert first.text == "Agreed with the appointment on Fri 20 Nov 2026 10:00: Tue 24 Nov 2026 14:00."


def test_a_provisional_deadline_ends_with_the_reason() -> None:
    assert told("5 bd", "2026-12-30T11:00:00+08:00")[-1] == (
        "clock.provisional",
        "This deadline is provisional: the working calendar of 2027 is not published yet.",
    )
    exact = plain_promise(request("12 h", "2026-11-20T11:00:00+08:00"), "the calendar did not answer")
    assert explain(exact, UTC)[-1].text == "Note: the calendar did not answer."


def test_a_reason_with_braces_is_only_text() -> None:
    odd = hold("2026-11-20T12:00+08:00", "2026-11-20T13:00+08:00", "{begins} {0} {")
    assert "paused, not counted ({begins} {0} {)" in told("12 h", "2026-11-20T11:00:00+08:00", odd)[2][1]


@pytest.mark.parametrize("budget", ["250 bd", "2500 bd", "2000 working h", "20000 working h"])
@pytest.mark.parametrize("spec", [CHINA, ITALY])
def test_a_year_or_ten_are_told_in_at_most_forty_stretches(budget: str, spec: object) -> None:
    calendar = calendar_of(CHINA if spec is CHINA else ITALY)
    asked = request(budget, "2023-02-03T11:00:00Z", calendar.spec)
    found = promise(asked, calendar)
    assert len(found.intervals) <= 40
    amount = int(budget.split(maxsplit=1)[0])
    assert sum(interval.days for interval in found.intervals) == (amount if budget.endswith("bd") else 0)
    assert sum(interval.seconds for interval in found.intervals) == (0 if budget.endswith("bd") else amount * 3_600)
    assert len(explain(found, "Asia/Shanghai")) <= 44


def test_a_hundred_pauses_are_told_in_at_most_forty_stretches() -> None:
    pauses = [
        hold(f"2026-11-{day:02d}T{hour:02d}:00Z", f"2026-11-{day:02d}T{hour:02d}:30Z")
        for day in range(1, 11)
        for hour in range(10)
    ]
    found = deadline("20 d", "2026-11-01T00:00:00Z", CHINA, *pauses)
    assert len(found.intervals) == 39
    assert sum(interval.seconds for interval in found.intervals) == 20 * 86_400


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_stretches_are_in_order_end_at_the_deadline_and_all_have_words(data: st.DataObject) -> None:
    start = data.draw(minutes_between(datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 12, 31, tzinfo=UTC)))
    budget = data.draw(
        st.sampled_from(["1 s", "12 h", "4 d", "30 working min", "40 working h", "1 bd", "5 bd", "60 bd"])
    )
    holds = data.draw(holds_after(start))
    found = deadline(budget, start, CHINA, *holds)
    stretches = found.intervals
    assert [stretch.begins for stretch in stretches] == sorted(stretch.begins for stretch in stretches)
    assert stretches[0].begins >= start.astimezone(UTC)
    assert max(stretch.ends for stretch in stretches) == found.due_at
    if "bd" not in budget:  # a pause may lie inside a business day that counts
        assert all(before.ends <= after.begins for before, after in pairwise(stretches))
    steps = explain(found, "Asia/Shanghai")
    assert {step.key for step in steps} <= STEP_KEYS
    assert all(ExplainedStep.model_validate_json(step.model_dump_json()).text for step in steps)
    assert not any("{" in step.text for step in steps)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_one_more_pause_never_makes_a_deadline_earlier(data: st.DataObject) -> None:
    start = data.draw(minutes_between(datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 11, 30, tzinfo=UTC)))
    budget = data.draw(st.sampled_from(["12 h", "4 d", "30 working min", "40 working h", "1 bd", "5 bd"]))
    holds = data.draw(holds_after(start))
    found = [deadline(budget, start, CHINA, *holds[:count]).due_at for count in range(len(holds) + 1)]
    assert found == sorted(found)
