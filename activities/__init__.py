"""Every touch on the outside: user tasks, the read side, calendars, numbers, documents, notices.

Workflow code imports modules of this package for their types, so nothing heavy is imported at module level.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from temporalio.client import Client

    from core.settings import Settings


@asynccontextmanager
async def build(settings: Settings, client: Client) -> AsyncIterator[list[Callable[..., Any]]]:
    """Wires every activity to the database, the files and the engine, and lets go of them at the end."""
    from activities.actions import ActionProjection
    from activities.archiving import Archiving
    from activities.calendar_data import CalendarData
    from activities.calendars import national_calendar
    from activities.cancellation import Cancellation
    from activities.document_sources import DocumentSources
    from activities.documents import Documents
    from activities.later_documents import LaterDocuments
    from activities.notice_parts import notice_sending
    from activities.notices import NoticeOrders
    from activities.projection import CaseProjection
    from activities.reports import Reports
    from activities.retention import Retention
    from activities.user_tasks import user_task_activities
    from activities.work_orders import WorkOrders
    from core.case_workflows import CaseWorkflows
    from core.keys import open_keys
    from domain.clocks import Pace
    from store.archives.places import open_archives
    from store.erasing import Eraser
    from store.erasing.keeping import Keeper
    from store.files import open_files
    from store.sessions import Database

    database = Database(settings.database_url)
    files, sources = open_files(settings), DocumentSources(database)
    documents = Documents(files, sources.register, sources.files, sources.card)
    try:
        async with open_keys(settings) as keys:
            notices = notice_sending(settings, database, files)
            engine, pace = CaseWorkflows(client), Pace(epoch=settings.epoch, speed=settings.speed)
            keeper = Keeper(Eraser(database, files, keys, engine, pace), engine, open_archives(settings))
            yield [
                *user_task_activities(),
                Cancellation(client).report_cancellation,
                CalendarData(national_calendar).read_calendar,
                CaseProjection(database).project_case,
                ActionProjection(database).project_action,
                WorkOrders(database).issue_work_order,
                documents.issue_document,
                LaterDocuments(database, documents).issue_again,
                Archiving(settings, client, database, files, keys, open_archives(settings)).archive_cases,
                Retention(keeper).enforce_retention,
                Reports(database, files, sources.register, settings.plans_dir).issue_report,
                NoticeOrders(client).begin_notice,
                notices.send_notice,
                notices.give_up_notice,
            ]
    finally:
        await database.dispose()
