"""The API's own cleaning of files, beside its requests: once a day by default, in each process, harmless at once."""

from __future__ import annotations

import asyncio
import random
from dataclasses import asdict
from datetime import UTC, datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError

from api.actions.resumable import forget_old_uploads, upload_folder
from api.parts import Parts
from core.logging import get_logger
from core.settings import Settings
from domain.clocks import Pace
from store.access import drop_old_looks
from store.cleaning import Cleaned, clean_files
from store.drafts import drop_old_drafts
from store.files import FileStore
from store.guesses import drop_old_counts
from store.sessions import Database
from store.sign_ins import drop_expired

_HOUR = 3600.0
_DRAFTS_KEPT = timedelta(days=30)
"""Real time after which a draft that nobody came back to is thrown away."""
_log = get_logger(__name__)


async def keep_clean(parts: Parts) -> None:
    """Cleans the files every `clean_files_hours` (real), until it is cancelled; zero leaves it to the command.

    The first time is chosen at random within the period, so that processes that start together do not clean together.
    """
    period = parts.settings.clean_files_hours * _HOUR
    if not period:
        return
    await asyncio.sleep(random.uniform(0.05, 1) * period)  # noqa: S311 - no secret
    while True:
        try:
            done, unfinished = await clean(parts.settings, parts.database, parts.files)
            _log.info("files cleaned", **asdict(done), unfinished=unfinished)
        except (OSError, SQLAlchemyError) as away:
            _log.warning("files not cleaned", kind=type(away).__name__)
        await asyncio.sleep(period)


async def clean(
    settings: Settings,
    database: Database,
    files: FileStore,
    *,
    days: float | None = None,
    dry_run: bool = False,
) -> tuple[Cleaned, int]:
    """Removes orphans older than `days` (the setting by default) and forgotten uploads; returns both counts.

    Drafts that nobody came back to go too, before the files that only they named.

    Raises OSError when the storage refuses.
    """
    unfinished = await asyncio.to_thread(forget_old_uploads, upload_folder(settings), dry_run=dry_run)
    if not dry_run:
        async with database.session() as session:
            await drop_old_drafts(session, before=datetime.now(UTC) - _DRAFTS_KEPT)
    if not dry_run:
        await forget_what_is_over(settings, database)
    age = timedelta(days=settings.orphan_days if days is None else days)
    return await clean_files(database, files, older_than=age, dry_run=dry_run), unfinished


async def forget_what_is_over(settings: Settings, database: Database) -> None:
    """Drops sign-ins, links and counts that have ended, and looks that need not be kept any longer."""
    now = datetime.now(UTC)
    kept_since = Pace(epoch=settings.epoch, speed=settings.speed).virtual(now) - timedelta(days=settings.access_days)
    async with database.session() as session:
        await drop_expired(session, now=now)
        await drop_old_counts(session, now=now)
        await drop_old_looks(session, before=kept_since)
