"""`aftercare audit archive`: archives closed cases now, without waiting for the next round of the schedule."""

from __future__ import annotations

import asyncio
import json as to_json
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from api.commands.audit.options import Home
from core import settings as configuration
from core.errors import Unavailable

if TYPE_CHECKING:
    from core.settings import Settings
    from domain.record.archiving import ArchivedCases, ArchiveRound


def archive(
    cases: Annotated[
        list[str] | None, typer.Argument(metavar="[CASE]...", help="Case numbers; all that are due by default.")
    ] = None,
    home: Home = None,
    anew: Annotated[bool, typer.Option("--anew", help="Also where there is an archive, which is replaced.")] = False,
    wait: Annotated[float, typer.Option(min=1, help="Seconds to wait for a worker to do it.", metavar="SECONDS")] = 600,
    json: Annotated[bool, typer.Option("--json", help="The outcome as one JSON document on standard output.")] = False,
) -> None:
    """Archive closed cases now; the running product does it by itself every minute."""
    from domain.record.archiving import ArchiveRound

    settings = configuration.load(home=home)
    wanted = ArchiveRound(cases=tuple(dict.fromkeys(cases or ())), anew=anew)
    done = asyncio.run(_ask(settings, wanted, timedelta(seconds=wait)))
    if json:
        typer.echo(to_json.dumps(done.model_dump(mode="json"), ensure_ascii=False))
    else:
        _tell(done)
    raise typer.Exit(1 if done.failed else 0)


def _tell(done: ArchivedCases) -> None:
    for case_id in done.archived:
        typer.echo(f"{case_id}: archived")
    for case_id in done.waiting:
        typer.echo(f"{case_id}: its run has not ended yet; the next round takes it")
    for case_id in done.erased:
        typer.echo(f"{case_id}: was erased before, so there is nothing to archive")
    for failed in done.failed:
        typer.echo(f"{failed.case_id}: not archived: {failed.why}")
    total = len(done.archived) + done.more
    typer.echo(f"{total} {'case' if total == 1 else 'cases'} archived, {len(done.failed)} failed")


async def _ask(settings: Settings, wanted: ArchiveRound, wait: timedelta) -> ArchivedCases:
    """Has a worker do a round. Raises Unavailable when the engine or every worker is away."""
    from temporalio.client import WorkflowFailureError
    from temporalio.service import RPCError

    from core.temporal import connect
    from workflows.archiving import ArchiveCases

    client = await connect(settings, identity="aftercare-cli")
    try:
        async with asyncio.timeout(wait.total_seconds()):
            return await client.execute_workflow(
                ArchiveCases.run,
                wanted,
                id=f"archive-cases-asked-{secrets.token_hex(6)}",
                task_queue=settings.task_queue,
                execution_timeout=wait,
            )
    except TimeoutError:
        raise Unavailable(f"no worker was done within {wait.total_seconds():g} s: see that one runs") from None
    except WorkflowFailureError as failed:
        raise Unavailable(f"the round could not be done: {failed.cause}") from None
    except RPCError as refused:
        raise Unavailable(f"the engine did not answer: {refused.message}") from None
