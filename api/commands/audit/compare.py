"""`aftercare audit compare`: the database against the histories, every case, every projected table and column."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

from api.commands.audit.batches import in_batches
from api.commands.audit.options import Home, Json, ShowProgress
from api.commands.audit.output import Progress, Tally, show
from api.commands.audit.replay import ManyJobs, processes
from core import settings as configuration

if TYPE_CHECKING:
    from api.commands.audit.histories import Target
    from core.settings import Settings

Cases = Annotated[list[str] | None, typer.Argument(metavar="[CASE]...", help="Case numbers; every case by default.")]
_EACH_SHOWN = 20
_FINDINGS_SHOWN = 25


def compare(
    cases: Cases = None, jobs: ManyJobs = None, home: Home = None, json: Json = False, progress: ShowProgress = None
) -> None:
    """Compare the database with the histories of the engine and of archives, row by row and column by column."""
    from api.commands.audit.comparing import Comparing
    from api.commands.audit.histories import Target

    settings = configuration.load(home=home)
    todo = [Target(workflow_id=case) for case in cases] if cases else asyncio.run(every_case(settings))
    tally = Tally()
    with Progress("compared", len(todo), wanted=progress) as shown:
        for audited in in_batches(todo, Comparing(settings), processes(jobs, len(todo))):
            tally.add(audited)
            if json or not audited.passed or audited.notes or len(todo) <= _EACH_SHOWN:
                show(audited, json=json, most=_FINDINGS_SHOWN)
            shown.step()
    if not json:
        typer.echo(tally.sentence("compared", one="case", many="cases"))
    raise typer.Exit(tally.exit_code)


async def every_case(settings: Settings) -> list[Target]:
    """Returns every case that the engine, the database or the archives know, in order. Raises Unavailable."""
    from sqlalchemy import select

    from api.commands.audit.histories import Histories, Target
    from domain.record.manifest import SUFFIX
    from store.archives.places import open_archives
    from store.tables import CaseRow

    async with Histories(settings) as histories:
        known = {one.workflow_id async for one in histories.workflows("WorkflowType = 'ServiceCase'")}
        async with histories.database.reading() as session:
            known |= set((await session.scalars(select(CaseRow.case_id))).all())
    known |= {name.rpartition("/")[2].removesuffix(SUFFIX) async for name in open_archives(settings).names()}
    return [Target(workflow_id=case_id) for case_id in sorted(known)]
