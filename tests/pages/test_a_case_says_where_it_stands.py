"""The page of a case: its way through the procedure, what follows by when and by whom, and its deadlines."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from fastapi import FastAPI
from sqlalchemy import Engine
from sqlalchemy.event import listen, remove

from api.pages.case_stages import coming, track_of
from api.pages.views import Looker
from domain.case import Result
from domain.clocks import (
    Anchor,
    Budget,
    CalendarSpec,
    CalendarYear,
    DeadlineRequest,
    WorkCalendar,
    plain_calendar,
    promise,
)
from domain.events import EventKind
from domain.plan import Resolution, Stage
from tests.pages.making import MadeCase
from tests.pages.strict_client import Browser

Browse = Callable[[str], Awaitable[Browser]]
Make = Callable[..., MadeCase]
Project = Callable[[MadeCase], Awaitable[None]]
NOBODY = Looker("lin", frozenset(), {})


def entered(made: MadeCase, *stages: Stage) -> None:
    """The case goes through these stages and stays in the last one."""
    for stage in stages:
        made.note(EventKind.STAGE_ENTERED, data={"stage": stage.value})
    made.change(stage=stages[-1])


def test_a_stage_is_passed_present_to_come_or_not_needed(made_case: Make) -> None:
    made = made_case(1)
    entered(made, Stage.REGISTER, Stage.DIAGNOSE, Stage.ACCEPT)
    track = track_of(made.state, made.plan, (), made.events, NOBODY, made.now)
    states = {stop.title: stop.state for stop in track.stops}
    assert [states[str(title)] for title in ("Register", "Diagnose", "Dispatch", "Accept", "Archive")] == [
        "done", "done", "skipped", "here", "later",
    ]  # fmt: skip
    assert "Stage 5 of" in track.sentence
    assert "2 stages were not needed." in track.sentence


def test_a_closed_case_went_its_whole_way(made_case: Make) -> None:
    made = made_case(1)
    entered(made, Stage.REGISTER, Stage.DIAGNOSE, Stage.ACCEPT, Stage.SETTLE, Stage.ARCHIVE)
    made.close(Result.RESOLVED)
    track = track_of(made.state, made.plan, (), made.events, NOBODY, made.now)
    assert {stop.state for stop in track.stops} == {"done", "skipped"}
    assert track.sentence.startswith("The case went its way")


def test_a_case_that_is_given_back_stands_outside_the_usual_order(made_case: Make) -> None:
    made = made_case(1)
    entered(made, Stage.REGISTER, Stage.GIVE_BACK)
    track = track_of(made.state, made.plan, (), made.events, NOBODY, made.now)
    assert [stop.title for stop in track.stops if stop.state == "here"] == ["Give back"]


def test_what_follows_leaves_out_what_was_done_and_what_only_some_cases_meet(made_case: Make) -> None:
    made = made_case(1)
    made.change(stage=Stage.RESOLVE, resolution=Resolution.ON_SITE)
    task = made.offer("site_visit")
    titles = [one.title for one in coming(made.state, made.plan, [task])]
    assert titles[:2] == ["Record the customer's answer to the plan", "Do the work at the customer's"]
    assert not any("silence" in title or "carrier" in title for title in titles)


async def test_the_page_draws_the_way_and_says_it_in_words(browse: Browse, made_case: Make, project: Project) -> None:
    made = made_case(1)
    entered(made, Stage.REGISTER, Stage.DIAGNOSE)
    made.offer("remote_diagnosis", due_in=5)
    await project(made)
    page = await (await browse("lin")).get(f"/cases/{made.case_id}")
    assert 'class="is-here" aria-current="step"' in page.source
    for words in ("here now", "passed", "to come", "Stage 2 of", "Then, as it usually goes", "Assign an engineer"):
        assert words in page.text
    assert "Dispatcher" in page.text, "who does what comes next"


def promised(made: MadeCase, key: str, calendar: WorkCalendar, days: int = 2) -> None:
    """The case promised a task on a calendar that was valid then."""
    budget = Budget.parse(f"{days} bd")
    request = DeadlineRequest(anchor=Anchor(name="application", at=made.now), budget=budget, calendar=calendar.spec)
    deadline = promise(request, calendar)
    task = made.offer(key)
    task.due_at = task.first_due_at = deadline.due_at
    data = {"activity_id": key, "level": 0, "source": "R6", "deadline": deadline.model_dump(mode="json")}
    made.note(EventKind.PROMISED, task=key, data=data)


@pytest.fixture
def decreed(app: FastAPI) -> Callable[[timedelta], None]:
    """A calendar comes out by which the days after today, for this long, are days off."""

    def decree(length: timedelta) -> None:
        def calendars(spec: CalendarSpec, years: Iterable[int]) -> WorkCalendar:
            today = datetime.now(UTC).date()
            off = [today + timedelta(days=day) for day in range(1, length.days + 1)]
            known = tuple(CalendarYear(year=one, days_off={d: "Feast" for d in off if d.year == one}) for one in years)
            return WorkCalendar(spec=spec, version="decreed since", years=known)

        app.state.parts = replace(app.state.parts, calendars=calendars)

    return decree


@pytest.mark.clause("X2")
async def test_a_promise_stands_beside_what_todays_calendar_says_and_is_not_changed(
    browse: Browse, made_case: Make, project: Project, decreed: Callable[[timedelta], None]
) -> None:
    made = made_case(1)
    promised(made, "site_visit", plain_calendar(made.plan.calendar))
    await project(made)
    lin, path = await browse("lin"), f"/cases/{made.case_id}"
    before = (await lin.get(path)).text
    assert "today's calendar cannot be asked" in before
    decreed(timedelta(days=0))
    assert "the same" in (await lin.get(path)).text
    decreed(timedelta(days=12))
    after = await lin.get(path)
    assert 'class="differs"' in after.source
    assert "2 business days" in after.text, "it is explained as it was promised"


async def test_deadlines_that_ended_say_whether_they_were_kept(
    browse: Browse, made_case: Make, project: Project
) -> None:
    made = made_case(1)
    promised(made, "contact_customer", plain_calendar(made.plan.calendar))
    made.complete(made.tasks[0], {"reached": "yes", "requirement": "Repair", "attachments": []})
    await project(made)
    lin, path = await browse("lin"), f"/cases/{made.case_id}"
    page = await lin.get(path)
    assert "One that ended" in page.text
    assert "kept" in page.text
    assert 'class="why"' not in page.source
    assert f"{path}?deadlines=all#deadlines" in page.links
    assert 'class="why"' in (await lin.get(f"{path}?deadlines=all")).source


@pytest.fixture
def asked() -> Iterator[list[str]]:
    """The questions put to databases, as they are asked."""
    found: list[str] = []

    def note(*said: object) -> None:
        found.append(str(said[2]))

    listen(Engine, "before_cursor_execute", note)
    yield found
    remove(Engine, "before_cursor_execute", note)


async def test_a_long_record_costs_the_page_no_more_questions_to_the_database(
    browse: Browse, made_case: Make, project: Project, asked: list[str]
) -> None:
    lin, made = await browse("lin"), made_case(1)
    made.offer("remote_diagnosis", due_in=5)
    await project(made)
    await lin.get(f"/cases/{made.case_id}")
    asked.clear()
    await lin.get(f"/cases/{made.case_id}")
    short = len(asked)
    for number in range(60):
        made.add_information(f"Photo {number}")
        made.offer("site_visit", key=f"site_visit-{number + 2}")
    await project(made)
    asked.clear()
    page = await lin.get(f"/cases/{made.case_id}")
    assert len(asked) == short <= 30, asked
    assert "earlier entries" in page.text, "only the newest are told at once"


@pytest.mark.parametrize(
    ("show", "told", "not_told"),
    [
        ("people", "Information added", "Deadline missed"),
        ("deadlines", "Deadline missed", "Information added"),
        ("papers", "Work order RR-1 issued", "Information added"),
        ("nonsense", "Deadline missed", "no such words"),
    ],
)
async def test_the_timeline_is_filtered_by_its_address(
    browse: Browse, made_case: Make, project: Project, show: str, told: str, not_told: str
) -> None:
    made = made_case(1)
    made.add_information("The panel is cracked")
    made.note(EventKind.BREACHED, task="site_visit", data={"level": 1})
    made.note(EventKind.WORK_ORDER_ISSUED, data={"work_order": "RR-1"})
    await project(made)
    page = await (await browse("lin")).get(f"/cases/{made.case_id}?show={show}")
    timeline = page.text[page.text.index("What happened") :]
    assert told in timeline
    assert not_told not in timeline
