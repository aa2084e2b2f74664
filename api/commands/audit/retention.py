"""`aftercare audit retention`: what plans do not keep any longer goes now, without waiting for the day's run."""

from __future__ import annotations

import asyncio
import secrets
from typing import TYPE_CHECKING, Annotated

import typer

from api.commands.audit.options import Home
from core import settings as configuration

if TYPE_CHECKING:
    from core.settings import Settings
    from domain.record.retention import RetentionReport


def retention(
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only tell what would go, and what is held.")] = False,
    home: Home = None,
    json: Annotated[bool, typer.Option("--json", help="The report as one JSON document on standard output.")] = False,
) -> None:
    """Erase and remove what is due by the plans; the running product does it by itself every day."""
    report = asyncio.run(_enforce(configuration.load(home=home), dry=dry_run))
    typer.echo(report.model_dump_json() if json else "\n".join(_told(report)))
    raise typer.Exit(1 if report.failed else 0)


async def _enforce(settings: Settings, *, dry: bool) -> RetentionReport:
    from api.commands.audit.erase import eraser_of
    from api.engine import TemporalEngine
    from store.archives.places import open_archives
    from store.erasing.keeping import Keeper

    async with eraser_of(settings) as (eraser, _):
        keeper = Keeper(eraser, TemporalEngine(settings), open_archives(settings))
        return await (keeper.foretell() if dry else keeper.enforce(f"command-{secrets.token_hex(8)}"))


def _told(report: RetentionReport) -> list[str]:
    would = "would be " if report.dry else ""
    lines = [f"{case_id}: {would}erased" for case_id in report.erased]
    lines += [f"{case_id}: {would}removed with its archive and history" for case_id in report.removed]
    lines += [f"{one.case_id}: stays under a legal hold of {one.by}: {one.reason}" for one in report.held]
    lines += [f"{one.case_id}: failed: {one.why}" for one in report.failed]
    counted = f"{len(report.erased)} {would}erased, {len(report.removed)} {would}removed"
    return [*lines, f"{counted}, {len(report.held)} held, {len(report.failed)} failed"]
