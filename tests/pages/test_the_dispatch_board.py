"""The dispatch board: engineers by day, unassigned work with its clock, the ranked proposal, and who was faster."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from fastapi import FastAPI

from activities.calendars import national_calendar
from api.parts import Parts
from core.errors import Unavailable
from domain.case import FaultCategory
from domain.dispatch import Absence
from domain.events import Actor, EventKind
from domain.plan import Resolution, Stage
from store.assignments import delegate
from store.engineers import add_absence, set_profile
from store.users import ENGINEER, User, choose_reading, create_user
from tests.pages.making import HOSTILE, FakeEngine, MadeCase
from tests.pages.strict_client import Browser, Page

Browse = Callable[[str], Awaitable[Browser]]
Make = Callable[..., MadeCase]
Project = Callable[[MadeCase], Awaitable[None]]
ZONE = ZoneInfo("Asia/Shanghai")


@pytest.fixture
async def to_assign(made_case: Make, project: Project) -> MadeCase:
    """A case in 浙江 with noise that waits for an engineer."""
    made = made_case(1)
    made.change(stage=Stage.DISPATCH)
    made.offer("assign_engineer", due_in=0.5)
    await project(made)
    return made


@pytest.fixture
async def agreed(made_case: Make, project: Project) -> MadeCase:
    """A case whose visit by Wei Shen is agreed for in two hours."""
    made = made_case(2)
    at = made.now + timedelta(hours=2)
    made.change(stage=Stage.RESOLVE, engineer="wei", appointment=at, resolution=Resolution.ON_SITE)
    made.offer("site_visit", due_in=4, assignee="wei")
    await project(made)
    return made


def _give(made: MadeCase, kind: str) -> str:
    return f"/dispatch/{made.case_id}.{kind}/give"


async def test_work_without_an_engineer_waits_beside_the_week_with_its_clock(
    browse: Browse, to_assign: MadeCase, agreed: MadeCase
) -> None:
    begins = agreed.state.appointment
    assert begins is not None
    # the week of the visit: late on a Sunday two hours lead into the next one
    page = await (await browse("dan")).get(f"/dispatch?week={begins.astimezone(ZONE).date()}")
    assert "Nobody serves it yet 1" in page.text
    assert "Assign an engineer" in page.text
    assert "min left" in page.text
    assert f"{begins.astimezone(ZONE):%H:%M}–" in page.text
    assert "Tom Hale" in page.text


@pytest.mark.clause("R5")
async def test_the_proposal_is_ranked_with_reasons_and_a_person_chooses_anybody(
    browse: Browse, to_assign: MadeCase, engine: FakeEngine
) -> None:
    dan = await browse("dan")
    page = await dan.get(f"/dispatch?task={to_assign.case_id}.assign_engineer")
    first, second = page.text.index("1. Wei Shen"), page.text.index("2. Tom Hale")
    assert first < second
    assert "skilled in “Noise or vibration” · covers 浙江" in page.text
    path = _give(to_assign, "assign_engineer")
    fields = page.form(path) | {"engineer": "tom", "reason": "Wei is on a course"}
    assert await dan.post(path, fields) == f"/dispatch?week={fields['week']}&said=assigned"
    case_id, activity, sent = engine.completions[0]
    assert (case_id, activity) == (to_assign.case_id, "assign_engineer")
    assert sent["outcome"] == {"engineer": "tom", "reason": "Wei is on a course"}
    assert sent["by"]["user"] == "dan"


@pytest.mark.parametrize(
    ("language", "skilled", "unskilled"),
    [
        ("en", "skilled in “Performance below standard”", "not skilled in “Performance below standard” or AX-200"),
        ("zh-CN", "具备“性能不达标”技能", "不具备“性能不达标”或 AX-200 的技能"),
        ("it", "ha competenza per “Prestazioni", "senza competenza per “Prestazioni inferiori allo standard” o AX-200"),
    ],
)
async def test_skills_are_told_in_the_readers_words(
    browse: Browse, app: FastAPI, made_case: Make, project: Project, *, language: str, skilled: str, unskilled: str
) -> None:
    made = made_case(1)
    asked = made.state.application
    problem = asked.problem.model_copy(update={"category": FaultCategory.PERFORMANCE})
    made.change(stage=Stage.DISPATCH, application=asked.model_copy(update={"problem": problem}))
    made.offer("assign_engineer")
    await project(made)
    async with app.state.parts.database.session() as session:
        await set_profile(session, "wei", regions=("浙江",), skills=("performance",), reports_to=None)
    dan = await browse("dan")
    dan.client.headers["Accept-Language"] = language
    for path in (f"/dispatch?task={made.case_id}.assign_engineer", f"/tasks/{made.case_id}.assign_engineer"):
        text = (await dan.get(path)).text
        assert skilled in text
        assert unskilled in text
        assert "performance skill" not in text


async def test_what_was_just_assigned_is_no_more_in_the_tray(browse: Browse, to_assign: MadeCase) -> None:
    dan, path = await browse("dan"), _give(to_assign, "assign_engineer")
    address = f"/dispatch?task={to_assign.case_id}.assign_engineer"
    await dan.post(path, (await dan.get(address)).form(path) | {"engineer": "wei"})
    assert "Everything has somebody" in (await dan.get("/dispatch")).text
    assert "Somebody has just been chosen" in (await dan.get(address)).text


async def test_a_drop_opens_the_same_form_with_the_engineer_first(browse: Browse, to_assign: MadeCase) -> None:
    page = await (await browse("dan")).get(f"/dispatch?task={to_assign.case_id}.assign_engineer&to=tom")
    assert page.text.index("2. Tom Hale") < page.text.index("1. Wei Shen")
    assert 'value="tom" aria-label="Assign to Tom Hale" autofocus' in page.source


async def test_who_comes_second_is_told_who_gave_the_work_to_whom(
    browse: Browse, to_assign: MadeCase, project: Project, engine: FakeEngine
) -> None:
    dan, path = await browse("dan"), _give(to_assign, "assign_engineer")
    fields = (await dan.get(f"/dispatch?task={to_assign.case_id}.assign_engineer")).form(path)
    to_assign.complete(to_assign.tasks[0], {"engineer": "wei"})
    await project(to_assign)
    page = await dan.post(path, fields | {"engineer": "tom"}, 409)
    assert isinstance(page, Page)
    assert "Lin Yue gave it to Wei Shen" in page.text
    assert "Your choice changed nothing" in page.text
    assert not engine.completions


async def test_a_visit_is_given_to_somebody_else_by_reassigning_it(
    browse: Browse, agreed: MadeCase, made_case: Make, project: Project, engine: FakeEngine
) -> None:
    dan, path = await browse("dan"), _give(agreed, "site_visit")
    page = await dan.get(f"/dispatch?task={agreed.case_id}.site_visit")
    assert "has it now" in page.text
    fields = page.form(path)
    assert fields["seen"] == "wei"
    assert str(await dan.post(path, fields | {"engineer": "tom", "reason": "Nearer"})).endswith("said=delegated")
    case_id, name, message = engine.signals[0]
    assert (case_id, name) == (agreed.case_id, "reassign")
    assert (message["task"], message["assignee"], message["reason"]) == ("site_visit", "tom", "Nearer")
    assert "Tom Hale" in (await dan.get(f"/tasks/{agreed.case_id}.site_visit")).text


async def test_of_two_who_move_a_visit_at_once_the_second_changes_nothing(
    browse: Browse, app: FastAPI, agreed: MadeCase, engine: FakeEngine
) -> None:
    dan, path = await browse("dan"), _give(agreed, "site_visit")
    fields = (await dan.get(f"/dispatch?task={agreed.case_id}.site_visit")).form(path)
    async with app.state.parts.database.session() as session:
        task = f"{agreed.case_id}.site_visit"
        await delegate(session, task, holder="wei", to="tom", by="gao", at=app.state.parts.now())
    page = await dan.post(path, fields | {"engineer": "wei"}, 409)
    assert isinstance(page, Page)
    assert "Gao An gave it to Tom Hale" in page.text
    assert not engine.signals


async def test_work_stays_where_it_was_when_the_case_cannot_be_told(
    browse: Browse, agreed: MadeCase, engine: FakeEngine
) -> None:
    dan, path = await browse("dan"), _give(agreed, "site_visit")
    fields = (await dan.get(f"/dispatch?task={agreed.case_id}.site_visit")).form(path)

    engine.away = Unavailable("the engine is away; try again")
    page = await dan.post(path, fields | {"engineer": "tom"}, 503)
    assert isinstance(page, Page)
    assert "The engine is away" in page.text
    assert page.form(path)["seen"] == "wei"


@pytest.mark.clause("X4")
async def test_an_appointment_is_moved_as_a_new_promise_to_the_customer(
    browse: Browse, agreed: MadeCase, engine: FakeEngine
) -> None:
    dan, path = await browse("dan"), f"/dispatch/{agreed.case_id}.site_visit/move"
    day = (agreed.now + timedelta(days=3)).astimezone(ZONE).date()
    page = await dan.get(f"/dispatch?task={agreed.case_id}.site_visit&day={day}&to=wei")
    fields = page.form(path)
    begins = agreed.state.appointment
    assert begins is not None
    assert fields["reschedule.appointment"] == f"{day}T{begins.astimezone(ZONE):%H:%M}"
    wrong = await dan.post(path, fields | {"reschedule.reason": HOSTILE}, 422)
    assert isinstance(wrong, Page)
    assert "How the customer was told" in wrong.text
    assert wrong.form(path)["reschedule.reason"] == HOSTILE
    told = {"reschedule.reason": "A part is late", "reschedule.told": "by telephone to Wen"}
    assert str(await dan.post(path, fields | told)).endswith("said=told")
    case_id, name, message = engine.signals[0]
    assert (case_id, name, message["task"]) == (agreed.case_id, "reschedule", "site_visit")
    assert datetime.fromisoformat(message["appointment"]).astimezone(ZONE).date() == day


async def test_filters_live_in_the_address_and_are_kept_by_what_is_done(
    browse: Browse, to_assign: MadeCase, made_case: Make, project: Project
) -> None:
    dan = await browse("dan")
    page = await dan.get("/dispatch?region=Yorkshire&week=2026-11-25")
    assert "Wei Shen" not in page.text
    assert "Everything has somebody" in page.text  # the work lies in 浙江
    assert any("week=2026-11-16" in link and "region=Yorkshire" in link for link in page.links)
    here = await dan.get("/dispatch?region=浙江&skill=noise")
    assert "Assign an engineer" in here.text
    path = _give(to_assign, "assign_engineer")
    chosen = await dan.get(f"/dispatch?region=浙江&task={to_assign.case_id}.assign_engineer")
    assert "region=" in str(await dan.post(path, chosen.form(path) | {"engineer": "wei"}))
    assert "No engineer fits" in (await dan.get("/dispatch?region=浙江&skill=leak")).text


@pytest.mark.parametrize("query", ["week=9999-12-31", "week=x", "task=x", "task=C-0000000009.nothing", "day=7"])
async def test_an_address_that_means_nothing_shows_the_board(browse: Browse, query: str) -> None:
    page = await (await browse("dan")).get(f"/dispatch?{query}")
    assert "Nobody serves it yet" in page.text


async def test_absences_stand_in_the_days_with_who_stands_in(browse: Browse, app: FastAPI, agreed: MadeCase) -> None:
    today = app.state.parts.now().astimezone(ZONE).date()
    week = today - timedelta(days=today.weekday())
    begins = agreed.state.appointment
    assert begins is not None
    day = begins.astimezone(ZONE).date()
    async with app.state.parts.database.session() as session:
        for number, (user, substitute, first) in enumerate([("wei", None, day), ("tom", "wei", week)]):
            away = Absence(
                absence_id=f"a{number}", user=user, first=first, last=first, reason="Leave", substitute=substitute
            )
            await add_absence(session, away, by="dan", at=app.state.parts.now())
    page = await (await browse("dan")).get(f"/dispatch?week={day}")
    assert "absent that day" in page.text
    assert "absent, Wei Shen stands in" in (await (await browse("dan")).get(f"/dispatch?week={week}")).text
    assert "Leave" not in page.text


@pytest.mark.parametrize(
    ("weekday", "begins", "weeks"),
    [(2, time(10), 1), (6, time(23, 30), 2)],
    ids=["on one day", "on both sides of the midnight between two weeks"],
)
async def test_two_visits_at_the_same_time_are_pointed_at(
    browse: Browse, made_case: Make, project: Project, weekday: int, begins: time, weeks: int
) -> None:
    today = datetime.now(ZONE).date()
    monday = today + timedelta(days=7 - today.weekday())
    first = datetime.combine(monday + timedelta(days=weekday), begins, ZONE)
    for number, at in enumerate((first, first + timedelta(hours=1)), 1):
        made = made_case(number)
        made.change(stage=Stage.RESOLVE, engineer="wei", appointment=at)
        made.offer("site_visit", due_in=(at - made.now) / timedelta(hours=1) + 2, assignee="wei")
        await project(made)
    dan = await browse("dan")
    pages = [await dan.get(f"/dispatch?week={monday + timedelta(weeks=week)}") for week in range(weeks)]
    assert [page.text.count("at the same time as another") for page in pages] == [2 // weeks] * weeks


async def test_an_engineer_and_an_auditor_read_the_board_and_move_nothing(
    browse: Browse, to_assign: MadeCase, agreed: MadeCase
) -> None:
    for user in ("wei", "audra"):
        page = await (await browse(user)).get(f"/dispatch?task={to_assign.case_id}.assign_engineer")
        assert not any("/give" in str(form.get("action")) for form in page.forms)
        assert "data-piece" not in page.source or user == "wei"
    refused = await (await browse("audra")).get("/dispatch")
    fields = {"csrf": refused.form("/sign-out")["csrf"], "engineer": "tom", "submission_id": "s-1"}
    await (await browse("audra")).post(_give(agreed, "site_visit"), fields, 403)


async def test_hostile_text_stays_text_on_the_board(browse: Browse, made_case: Make, project: Project) -> None:
    made = made_case(4, HOSTILE)
    made.change(stage=Stage.RESOLVE, engineer="wei", appointment=made.now + timedelta(hours=2))
    made.offer("site_visit", due_in=4, assignee="wei")
    made.offer("assign_engineer", due_in=1)
    made.note(EventKind.REASSIGNED, Actor(user="dan", name=HOSTILE, role="dispatcher"), "site_visit", {"assignee": "x"})
    await project(made)
    page = await (await browse("dan")).get(f"/dispatch?task={made.case_id}.site_visit&region={HOSTILE[:30]}")
    assert "<img src=x" not in page.source


@pytest.mark.parametrize(
    ("zone", "now", "monday"),
    [
        ("Asia/Shanghai", "2026-11-20T17:29:59+08:00", "2026-11-16"),
        ("Asia/Shanghai", "2026-11-20T17:30:00+08:00", "2026-11-23"),
        ("Asia/Shanghai", "2026-11-22T23:59:59+08:00", "2026-11-23"),
        ("Asia/Shanghai", "2026-11-23T00:00:00+08:00", "2026-11-23"),
        ("America/New_York", "2026-11-20T04:29:59-05:00", "2026-11-16"),
        ("America/New_York", "2026-11-22T18:00:00-05:00", "2026-11-23"),
        ("Pacific/Auckland", "2026-11-20T22:29:59+13:00", "2026-11-16"),
        ("Pacific/Auckland", "2026-11-22T12:00:00+13:00", "2026-11-23"),
        ("Asia/Shanghai", "2026-10-10T17:29:59+08:00", "2026-10-05"),  # a Saturday that is worked for the holiday
        ("Asia/Shanghai", "2026-10-10T17:30:00+08:00", "2026-10-12"),
    ],
)
async def test_from_the_last_working_days_end_on_the_board_shows_the_coming_week(
    browse: Browse, app: FastAPI, monkeypatch: pytest.MonkeyPatch, zone: str, now: str, monday: str
) -> None:
    dan = await browse("dan")
    async with app.state.parts.database.session() as session:
        await choose_reading(session, "dan", language=None, time_zone=zone)
    app.state.parts = replace(app.state.parts, calendars=national_calendar)
    monkeypatch.setattr(Parts, "now", lambda _self: datetime.fromisoformat(now).astimezone(UTC))
    page = await dan.get("/dispatch")
    assert f'<time datetime="{monday}">' in page.source
    local = datetime.fromisoformat(now).astimezone(ZoneInfo(zone)).date()
    assert ("This week" in page.text) == (local < datetime.fromisoformat(monday).date())  # the way back to it


async def test_on_the_days_off_what_is_still_to_be_done_on_them_stands_beside_the_coming_week(
    browse: Browse, made_case: Make, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    saturday = datetime(2026, 11, 21, 9, tzinfo=ZONE)
    monkeypatch.setattr(Parts, "now", lambda _self: saturday.astimezone(UTC))
    made = made_case(2)
    made.now = saturday
    made.change(stage=Stage.RESOLVE, engineer="wei", appointment=saturday + timedelta(hours=20))
    made.offer("site_visit", due_in=22, assignee="wei")
    await project(made)
    page = await (await browse("dan")).get("/dispatch")
    assert '<time datetime="2026-11-23">' in page.source
    assert f"{made.case_id}.site_visit" in page.source


async def test_many_engineers_are_shown_a_part_at_a_time_and_the_best_for_chosen_work_first(
    browse: Browse, to_assign: MadeCase, app: FastAPI
) -> None:
    async with app.state.parts.database.session() as session:
        for number in range(20):
            name = f"Engineer {number:02d}"
            user = User(f"e{number:02d}", name, (ENGINEER,), to_assign.now)
            await create_user(session, user)
    dan = await browse("dan")
    page = await dan.get("/dispatch")
    assert "Engineers 1 to 8 of 22" in page.text
    assert "Engineer 05" in page.text
    assert "Wei Shen" not in page.text
    last = await dan.get(next(link for link in page.links if "people=2" in link))
    last = await dan.get(next(link for link in last.links if "people=3" in link))
    assert "Engineers 17 to 22 of 22" in last.text
    assert "Wei Shen" in last.text
    assert "Further engineers" not in last.text
    beyond = await dan.get("/dispatch?people=99")
    assert "Engineers 17 to 22 of 22" in beyond.text
    chosen = await dan.get(f"/dispatch?task={to_assign.case_id}.assign_engineer")
    board = chosen.text.partition("Engineers by day")[2]
    assert "Wei Shen" in board
