from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from api.languages import reading
from api.pages import words
from api.pages.timeline import Entry, timeline
from domain.clocks import Anchor, Budget, DeadlineRequest, plain_promise
from domain.events import SYSTEM, Actor, Event, EventKind, chained
from tests.pages.conftest import PLAN
from tests.pages.making import MadeCase
from tests.pages.strict_client import Browser

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
LIN = Actor(user="lin", name="Lin Yue", role="customer_service")


def told(kind: EventKind, actor: Actor = LIN, task: str | None = None, **data: Any) -> Entry:
    """The one entry that an event becomes."""
    [entry] = timeline([chained(None, NOW, kind, actor, task, data)], PLAN, currency="CNY")
    return entry


def test_a_moved_appointment_says_until_when_why_and_how_the_customer_was_told() -> None:
    at = NOW + timedelta(days=1)
    entry = told(
        EventKind.RESCHEDULED, task="site_visit", appointment=at.isoformat(), reason="Night shift", told="Call, Ms Wen"
    )
    assert entry.what == f"Appointment moved: {words.task_title('site_visit')}"
    assert entry.due_at == at
    assert entry.notes == ("the customer was told: Call, Ms Wen",)
    assert entry.said == (("Why", "Night shift"),)


def test_deadlines_computed_anew_say_why() -> None:
    entry = told(EventKind.RECALCULATED, reason="The calendar of 2027 is out")
    assert entry.what == "Provisional deadlines to be computed anew"
    assert entry.said == (("Why", "The calendar of 2027 is out"),)


@pytest.mark.parametrize("kind", list(EventKind))
def test_every_kind_of_event_can_be_told_whatever_its_data_lacks(kind: EventKind) -> None:
    for entry in timeline([chained(None, NOW, kind, SYSTEM, "site_visit", {})], PLAN, currency="CNY"):
        assert entry.what
        assert entry.who == "Aftercare"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Administrator", "Administrator, acting for Engineer"),
        ("Ada Ning", "Ada Ning, Administrator acting for Engineer"),
    ],
)
def test_whoever_acts_for_a_role_is_named_once(name: str, said: str) -> None:
    assert told(EventKind.COMPLETED, Actor(user="admin", name=name, role="admin", acting_for="engineer")).who == said


async def test_a_visit_shows_its_appointment_and_until_when_it_may_begin(
    browse: Callable[[str], Awaitable[Browser]],
    made_case: Callable[..., MadeCase],
    project: Callable[[MadeCase], Awaitable[None]],
) -> None:
    made = made_case(1)
    at = made.now + timedelta(days=30)
    request = DeadlineRequest(
        anchor=Anchor(name="appointment", at=at), budget=Budget.parse("2 h"), calendar=made.plan.calendar
    )
    made.offer("site_visit", due_in=30 * 24 + 2)
    deadline = plain_promise(request, "as the plan says").model_dump(mode="json")
    made.note(
        EventKind.PROMISED, task="site_visit", data={"activity_id": "site_visit", "level": 0, "deadline": deadline}
    )
    await project(made)
    lin = await browse("lin")
    for path in (f"/tasks/{made.case_id}.site_visit", f"/cases/{made.case_id}"):
        text = (await lin.get(path)).text
        assert "appointment " in text
        assert ", until " in text


def test_a_paper_is_told_by_the_name_of_its_language() -> None:
    data = {"kind": "archive_index", "language": "it-IT", "version": 2}
    [entry] = timeline([chained(None, NOW, EventKind.DOCUMENT_ISSUED, SYSTEM, None, data)], PLAN, currency="CNY")
    assert (entry.what, entry.notes) == ("Archive index issued", ("Italian, version 2",))


def _issued(*papers: tuple[str, str, int, str | None]) -> list[Event]:
    events: list[Event] = []
    for kind, language, version, reason in papers:
        data = {"kind": kind, "language": language, "version": version, "reason": reason}
        events.append(chained(events[-1] if events else None, NOW, EventKind.DOCUMENT_ISSUED, SYSTEM, None, data))
    return events


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "Chinese and Italian, version 1"),
        ("it", "cinese e italiano, versione 1"),
        ("zh-CN", "中文和意大利语，第 1 版"),
    ],
)
def test_a_paper_in_two_languages_is_one_entry_that_names_both(language: str, said: str) -> None:
    events = _issued(("work_order", "zh-CN", 1, None), ("work_order", "it-IT", 1, None))
    with reading(language):
        [entry] = timeline(events, PLAN, currency="CNY")
    assert entry.no == events[0].no
    assert entry.notes == (said,)


def test_another_paper_and_one_issued_again_are_entries_of_their_own() -> None:
    events = _issued(
        ("work_order", "zh-CN", 1, None),
        ("handover_form", "zh-CN", 1, None),
        ("handover_form", "zh-CN", 2, "A wrong name"),
        ("handover_form", "it-IT", 2, "A wrong name"),
    )
    told_last = [(one.what, one.notes) for one in timeline(events, PLAN, currency="CNY")]
    assert [notes for _, notes in told_last] == [
        ("Chinese and Italian, version 2",),
        ("Chinese, version 1",),
        ("Chinese, version 1",),
    ]
    assert "issued again" in told_last[0][0]


def test_a_repair_time_says_its_unit() -> None:
    outcome = {"hours": "1.5", "operations": "Relay replaced"}
    entry = told(EventKind.COMPLETED, task="warranty_card_entry", kept=True, outcome=outcome)
    assert ("Repair time in hours", "1.5") in entry.said
