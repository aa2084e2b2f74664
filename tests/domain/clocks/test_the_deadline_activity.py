from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable

import pytest
from temporalio import activity
from temporalio.testing import ActivityEnvironment

from activities.calendars import national_calendar
from activities.deadlines import Deadlines
from domain.clocks import CalendarSpec, WorkCalendar
from tests.domain.clocks.oracles import deadline, request


def broken(spec: CalendarSpec, years: Iterable[int]) -> WorkCalendar:
    raise ConnectionError("no calendar today")


async def test_it_computes_what_the_domain_promises() -> None:
    asked = request("5 bd", "2026-09-29T11:00:00+08:00")
    found = await ActivityEnvironment().run(Deadlines(national_calendar).compute_deadline, asked)
    assert found == deadline("5 bd", "2026-09-29T11:00:00+08:00")


async def test_a_broken_calendar_breaks_only_budgets_that_need_one() -> None:
    deadlines = Deadlines(broken)
    with pytest.raises(ConnectionError):
        await deadlines.compute_deadline(request("5 bd", "2026-09-29T11:00:00+08:00"))
    found = await deadlines.compute_deadline(request("12 h", "2026-09-29T11:00:00+08:00"))
    assert found == deadline("12 h", "2026-09-29T11:00:00+08:00")


def test_its_type_is_compute_deadline() -> None:
    definition = activity._Definition.must_from_callable(Deadlines(broken).compute_deadline)
    assert definition.name == "compute_deadline"


def test_workflows_can_import_it_without_loading_the_calendar_library() -> None:
    code = "import sys, activities.deadlines; sys.exit('holidays' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
