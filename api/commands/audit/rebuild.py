"""`aftercare audit rebuild`: the database's cases anew, from the histories of the engine and of archives."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from api.commands.audit.batches import in_batches
from api.commands.audit.compare import Cases, every_case
from api.commands.audit.options import Home, Json, ShowProgress
from api.commands.audit.output import Progress, dumps
from core import settings as configuration

if TYPE_CHECKING:
    from api.commands.audit.histories import Histories, Target
    from core.settings import Settings

_TRIES = 5
_PAUSE = 0.4
REBUILT, LEFT, NOTHING, ERASED, UNKNOWN = "rebuilt", "left alone", "nothing to write", "erased", "without a history"
_FAILED = (LEFT, UNKNOWN)


@dataclass(frozen=True)
class Done:
    """What became of one case, and why where that needs saying."""

    case_id: str
    did: str
    why: str = ""


def rebuild(
    cases: Cases = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only tell what would be written.")] = False,
    home: Home = None,
    json: Json = False,
    progress: ShowProgress = None,
) -> None:
    """Write cases of the database anew from their histories; live workers may go on meanwhile."""
    from api.commands.audit.histories import Target

    settings = configuration.load(home=home)
    todo = [Target(workflow_id=case) for case in cases] if cases else asyncio.run(every_case(settings))
    counted = Counter[str]()
    with Progress("looked at" if dry_run else "rebuilt", len(todo), wanted=progress) as shown:
        for done in in_batches(todo, Rebuilding(settings, dry=dry_run), 1):  # SQLite has one writer anyway
            counted[done.did] += 1
            if json:
                typer.echo(dumps({"case_id": done.case_id, "did": done.did, "why": done.why, "dry_run": dry_run}))
            elif done.did in _FAILED or cases:
                typer.echo(f"{done.case_id}: {_said(done.did, dry=dry_run)}{f': {done.why}' if done.why else ''}")
            shown.step()
    if not json:
        told = ", ".join(f"{times} {_said(did, dry=dry_run)}" for did, times in counted.most_common())
        typer.echo(f"{len(todo)} {'case' if len(todo) == 1 else 'cases'}: {told or 'nothing to do'}")
    raise typer.Exit(int(any(counted[did] for did in _FAILED)))


def _said(did: str, *, dry: bool) -> str:
    return "would be rebuilt" if dry and did == REBUILT else did


@dataclass(frozen=True)
class Rebuilding:
    """How a part is rebuilt."""

    settings: Settings
    dry: bool = False

    def __call__(self, targets: Sequence[Target]) -> list[Done]:
        """Rebuilds all of them and says what became of each, in their order."""
        return asyncio.run(self._all(targets))

    async def _all(self, targets: Sequence[Target]) -> list[Done]:
        from api.commands.audit.histories import Histories

        async with Histories(self.settings) as histories:
            return [await self._one(histories, target.workflow_id) for target in targets]

    async def _one(self, histories: Histories, case_id: str) -> Done:
        from api.commands.audit.comparing import newest_history
        from api.commands.audit.histories import UNREADABLE
        from core.errors import NotConfigured, NotFound
        from core.keys import KeyDestroyed
        from store.histories import projections_of
        from store.rebuild import rebuild_case

        try:
            for attempt in range(_TRIES):
                if attempt:
                    await asyncio.sleep(_PAUSE)
                writes = await projections_of(await newest_history(histories, case_id))
                if not writes:
                    return Done(case_id, NOTHING, "it has not told anything yet")
                if await rebuild_case(histories.database, writes, dry=self.dry):
                    return Done(case_id, REBUILT)
        except KeyDestroyed as erased:
            return Done(case_id, ERASED, str(erased))
        except NotConfigured:
            raise
        except NotFound:
            return Done(case_id, UNKNOWN, "neither the engine nor an archive has it; its rows were left as they are")
        except UNREADABLE as wrong:
            return Done(case_id, LEFT, str(wrong))
        return Done(case_id, LEFT, "the database is ahead of its history all the time: was it restored from elsewhere?")
