"""Files from the command line."""

from __future__ import annotations

from api.cleaning import clean as clean_now
from api.commands.database import opened
from core.errors import Unavailable
from core.settings import Settings
from store.files import StoreAway, open_files


async def clean(settings: Settings, days: float | None, *, dry_run: bool) -> str:
    """Removes files that nothing names and returns what was done in one line.

    Args:
        settings: where the database and the files are.
        days: real days an upload waits for a use; None takes the setting.
        dry_run: tell what would go, and leave it.

    Raises:
        Refused: the home has no state yet.
        Unavailable: the database or the storage cannot be reached.
    """
    files = open_files(settings)
    async with opened(settings) as database:
        try:
            done, unfinished = await clean_now(settings, database, files, days=days, dry_run=dry_run)
        except StoreAway as away:
            raise Unavailable(f"the storage of files cannot be used: {away}") from None
    verb = "would be removed" if dry_run else "removed"
    spared = f"; {done.spared} that a record names stay" if done.spared else ""
    megabytes = f"{done.bytes / 1_000_000:.1f} MB"
    return (
        f"{verb}: {done.uploads} unused uploads, {done.contents} contents ({megabytes}), "
        f"{unfinished} unfinished uploads{spared}"
    )
