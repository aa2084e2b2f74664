from __future__ import annotations

import subprocess
import sys

from temporalio.testing import ActivityEnvironment

from activities.calendar_data import CalendarData, CalendarQuestion
from activities.calendars import national_calendar
from core.payloads import data_converter
from domain.clocks import WorkCalendar, promise, years_needed
from tests.domain.clocks.oracles import deadline, request


async def test_a_calendar_that_went_through_a_history_promises_the_same() -> None:
    asked = request("5 bd", "2026-09-29T11:00:00+08:00")
    question = CalendarQuestion(spec=asked.calendar, years=years_needed(asked))
    read = await ActivityEnvironment().run(CalendarData(national_calendar).read_calendar, question)
    payloads = await data_converter.encode([read])
    (kept,) = await data_converter.decode(payloads, [WorkCalendar])
    assert kept == read
    assert promise(asked, kept) == deadline("5 bd", "2026-09-29T11:00:00+08:00")


def test_workflows_can_import_it_without_loading_the_calendar_library() -> None:
    code = "import sys, activities.calendar_data; sys.exit('holidays' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
