"""Rounds of archiving over golden cases, as a worker does them."""

from __future__ import annotations

from typing import cast

from temporalio.client import Client
from temporalio.testing import ActivityEnvironment

from activities.archiving import Archiving
from core.keys import open_keys
from core.settings import Settings
from domain.record.archiving import ArchivedCases, ArchiveRound
from store.archives.places import open_archives
from store.files import open_files
from store.sessions import Database
from tests.support.closed_cases import EngineWith, close_case, golden, sealed


async def archive_cases(settings: Settings, *names: str) -> ArchivedCases:
    """Has the installation know these golden cases as closed, and archives what is due."""
    database, files, engine = Database(settings.database_url), open_files(settings), EngineWith()
    try:
        async with open_keys(settings) as keys:
            for name in names:
                history = golden(name)
                engine.histories[history.workflow_id] = await sealed(history, keys)
                await close_case(database, history, files)
            work = Archiving(settings, cast("Client", engine), database, files, keys, open_archives(settings))
            return await ActivityEnvironment().run(work.archive_cases, ArchiveRound())
    finally:
        await database.dispose()
