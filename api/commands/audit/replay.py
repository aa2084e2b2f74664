"""`aftercare audit replay`: what the code of today makes of recorded cases, held against what was kept of them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.commands.audit.batches import cores, in_batches
from api.commands.audit.options import Home, Json, ShowProgress
from api.commands.audit.output import Progress, Tally, show
from core import settings as configuration
from core.errors import Refused
from domain.record.manifest import SUFFIX

if TYPE_CHECKING:
    from api.commands.audit.histories import Target
    from core.settings import Settings

ManyJobs = Annotated[
    int | None, typer.Option("--jobs", "-j", min=1, max=256, help="Processes at once; one a core.", metavar="N")
]
Sandbox = Annotated[
    bool,
    typer.Option("--sandbox", help="Replay in the sandbox as tests do: slower, finds code that is not repeatable."),
]
_SPREAD = 40
"""Histories a process needs for its start to be worth the while."""
_EACH_SHOWN = 20
_FINDINGS_SHOWN = 25
_OPEN = "ExecutionStatus = 'Running'"
_CASES = "WorkflowType = 'ServiceCase'"


def replay(
    targets: Annotated[
        list[str] | None,
        typer.Argument(metavar="FILE|CASE...", help="Archives, histories as JSON, folders of them, case numbers."),
    ] = None,
    opened: Annotated[bool, typer.Option("--open", help="Every open case of the engine.")] = False,
    closed: Annotated[bool, typer.Option("--closed", help="Every closed case that the engine still has.")] = False,
    *,
    sandbox: Sandbox = False,
    jobs: ManyJobs = None,
    home: Home = None,
    json: Json = False,
    progress: ShowProgress = None,
) -> None:
    """Replay cases with the code of today; compare every command, and the case with what was kept of it."""
    from api.commands.audit.replaying import Replaying

    if not targets and not opened and not closed:
        raise typer.BadParameter("name a file or a case, or say --open or --closed")
    settings = configuration.load(home=home)
    todo = [one for target in targets or () for one in targets_of(target)]
    queries = [
        *([f"{_CASES} AND {_OPEN}"] if opened else []),
        *([f"{_CASES} AND ExecutionStatus = 'Completed'"] if closed else []),
    ]
    todo += asyncio.run(listed(settings, queries)) if queries else []
    tally, work = Tally(), Replaying(settings, sandboxed=sandbox)
    with Progress("replayed", len(todo), wanted=progress) as shown:
        for audited in in_batches(todo, work, processes(jobs, len(todo))):
            tally.add(audited)
            if json or not audited.passed or audited.notes or len(todo) <= _EACH_SHOWN:
                show(audited, json=json, most=_FINDINGS_SHOWN)
            shown.step()
    if not json:
        typer.echo(tally.sentence("replayed", one="history", many="histories"))
    raise typer.Exit(tally.exit_code)


def processes(jobs: int | None, histories: int) -> int:
    """Returns how many processes replay that many histories."""
    return jobs or max(1, min(cores(), histories // _SPREAD))


def targets_of(target: str) -> Iterator[Target]:
    """Yields what a word of the command line means: a file, the files of a folder, a case. Raises Refused."""
    from api.commands.audit.histories import HISTORY_SUFFIX, Target

    path = Path(target)
    if path.is_dir():
        files = sorted(one for one in path.rglob("*") if one.suffix in (SUFFIX, HISTORY_SUFFIX))
        if not files:
            raise Refused(f"{path} holds neither archives (*{SUFFIX}) nor histories (*{HISTORY_SUFFIX})")
        yield from (Target(file=file) for file in files)
    elif path.exists() or path.suffix in (SUFFIX, HISTORY_SUFFIX):
        yield Target(file=path)
    else:
        yield Target(workflow_id=target)


async def listed(settings: Settings, queries: Iterable[str]) -> list[Target]:
    """Returns the workflows of the engine that queries of its own language find. Raises Unavailable."""
    from api.commands.audit.histories import Histories

    async with Histories(settings) as histories:
        return [one for query in queries async for one in histories.workflows(query)]
