"""Every touch on the outside: user tasks, the read side, calendars, numbers, documents.

Workflow code imports modules of this package for their types, so nothing heavy is imported at module level.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from temporalio.client import Client

    from activities.documents import IssuedFile
    from core.settings import Settings
    from store.sessions import Database


@asynccontextmanager
async def build(settings: Settings, client: Client) -> AsyncIterator[list[Callable[..., Any]]]:
    """Wires every activity to the database, the files and the engine, and lets go of them at the end."""
    from activities.actions import ActionProjection
    from activities.calendar_data import CalendarData
    from activities.calendars import national_calendar
    from activities.cancellation import Cancellation
    from activities.documents import Documents
    from activities.projection import CaseProjection
    from activities.reports import Reports
    from activities.user_tasks import user_task_activities
    from activities.work_orders import WorkOrders
    from store.files import open_files
    from store.sessions import Database

    database = Database(settings.database_url)
    files, register = open_files(settings), _registrar(database)
    try:
        yield [
            *user_task_activities(),
            Cancellation(client).report_cancellation,
            CalendarData(national_calendar).read_calendar,
            CaseProjection(database).project_case,
            ActionProjection(database).project_action,
            WorkOrders(database).issue_work_order,
            Documents(files, register).issue_document,
            Reports(database, files, register, settings.plans_dir).issue_report,
        ]
    finally:
        await database.dispose()


def _registrar(database: Database) -> Callable[[IssuedFile], Any]:
    """Makes an issued file known beside uploaded ones; once is enough however often it is asked."""
    from datetime import UTC, datetime

    from store.attachments import Attachment, add_attachment, find_attachment

    async def register(file: IssuedFile) -> None:
        async with database.session() as session:
            if await find_attachment(session, file.attachment_id):
                return
            await add_attachment(
                session,
                Attachment(
                    attachment_id=file.attachment_id,
                    sha256=file.sha256,
                    file_name=file.file_name,
                    content_type=file.content_type,
                    size=file.size,
                    uploaded_by="system",
                    uploaded_at=datetime.now(UTC),
                ),
                named=True,
            )

    return register
