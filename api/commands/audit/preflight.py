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
    tally, broken, first = Tally(), 0, Counter[str]()
    work = Replaying(settings, AuditKind.PREFLIGHT, sandboxed=sandbox, kept=False)
    with Progress("replayed", len(todo), wanted=progress) as shown:
        for audited in in_batches(todo, work, processes(jobs, len(todo))):
            tally.add(audited)
            stops = any(Wording.STANDS_STILL in finding.what for finding in audited.findings)
            broken += stops
            if json or not audited.passed:
                show(audited, json=json, most=_FINDINGS_SHOWN)
            if not audited.passed:
                first[audited.findings[0].place] += 1
            shown.step()
    if not json:
        typer.echo(_verdict(tally, broken))
        for place, times in first.most_common(_FINDINGS_SHOWN if len(first) > 1 else 0):
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
