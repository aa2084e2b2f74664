"""`aftercare audit preflight`: whether the code of this checkout can go on with all that is open."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Annotated

import typer

from api.commands.audit.batches import in_batches
from api.commands.audit.options import Home, Json, ShowProgress
from api.commands.audit.output import Progress, Tally, show
from api.commands.audit.replay import ManyJobs, Sandbox, listed, processes
from core import settings as configuration
from domain.record import AuditKind

_OPEN = "ExecutionStatus = 'Running'"
_FINDINGS_SHOWN = 5
_EACH_SHOWN = 3
"""Workflows that are told in words of those that begin to differ at the same place; all are counted."""


def preflight(
    breaks_only: Annotated[
        bool,
        typer.Option(
            "--breaks-only", help="Fail only for what would stand still; what would go on differently is told."
        ),
    ] = False,
    sandbox: Sandbox = False,
    jobs: ManyJobs = None,
    home: Home = None,
    json: Json = False,
    progress: ShowProgress = None,
) -> None:
    """Replay every open workflow of the running system with this code, and say which would break and where."""
    from api.commands.audit.replaying import Replaying
    from workflows.replaying import Wording

    settings = configuration.load(home=home)
    todo = asyncio.run(listed(settings, [_OPEN]))
    tally, broken, causes = Tally(), 0, Counter[str]()
    work = Replaying(settings, AuditKind.PREFLIGHT, sandboxed=sandbox, kept=False)
    with Progress("replayed", len(todo), wanted=progress) as shown:
        for audited in in_batches(todo, work, processes(jobs, len(todo))):
            tally.add(audited)
            stops = any(Wording.STANDS_STILL in finding.what for finding in audited.findings)
            broken += stops
            cause = audited.findings[0].place if audited.findings else ""
            causes[cause] += not audited.passed
            if json or (not audited.passed and causes[cause] <= _EACH_SHOWN):
                show(audited, json=json, most=_FINDINGS_SHOWN)
            shown.step()
    if not json:
        typer.echo(_verdict(tally, broken))
        for place, times in (+causes).most_common():
            typer.echo(f"  {times} at {place}")
    raise typer.Exit(int(bool(broken if breaks_only else tally.failed)))


def _verdict(tally: Tally, broken: int) -> str:
    if not tally.failed:
        return tally.sentence("can go on with this code", one="open workflow", many="open workflows")
    differing = tally.failed - broken
    parts = [
        f"{broken} would stand still" if broken else "",
        f"{differing} would go on differently" if differing else "",
    ]
    told = " and ".join(part for part in parts if part)
    return f"of {tally.cases} open workflows {told}: see docs/upgrading.md before this code is deployed"
