"""`aftercare audit erase`, `hold` and `release`: what protects the people of a case, and what protects its proof."""

from __future__ import annotations

import asyncio
import json as _json
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.commands.audit.options import Home
from core import settings as configuration

if TYPE_CHECKING:
    from core.settings import Settings
    from store.erasing import Erased, Eraser
    from store.sessions import Database

Case = Annotated[str, typer.Argument(metavar="CASE", help="The number of the case, C-…")]
Reason = Annotated[str, typer.Option("--reason", help="Why; it stays on record, so name nobody.", metavar="TEXT")]
By = Annotated[str, typer.Option("--user", help="On whose behalf.", metavar="USER")]
Json = Annotated[bool, typer.Option("--json", help="One JSON document a line on standard output.")]
TOLD = {
    "customer": "the customer stays in the register: other cases of theirs are not erased",
    "contract": "the customer stays in the register: a service contract runs",
    "product": "the product stays in the register: other cases of it are not erased",
    "desk_product": "the product stays in the register without its owner: the desk registered it",
    "article": "an article that was made of it is published: read it, and archive it if it names anybody",
    "actions": "corrective actions name the case: they were not changed",
}
"""What an erasure tells of and does not change, in words."""


def erase(
    case_id: Annotated[str, typer.Argument(metavar="[CASE]", help="The number of the case, C-…")] = "",
    reason: Reason = "",
    *,
    again: Annotated[
        bool, typer.Option("--again", help="Erase again what a restored backup brought back, and finish what was left.")
    ] = False,
    user: By = "admin",
    home: Home = None,
    json: Json = False,
) -> None:
    """Erase a closed case for good: destroy its key, and take everything personal of it out of database and files."""
    if again == bool(case_id):
        raise typer.BadParameter("name a case, or say --again and name none")
    if case_id and not reason.strip():
        raise typer.BadParameter("say why with --reason: it is all that stays of the decision")
    settings = configuration.load(home=home)
    erased = asyncio.run(_again(settings) if again else _one(settings, case_id, user, reason))
    for one in erased:
        typer.echo(_json.dumps(told_json(one), ensure_ascii=False) if json else "\n".join(told(one)))
    if again and not json:
        typer.echo(f"{len(erased)} erased again or finished")
    raise typer.Exit(0 if all(one.done for one in erased) else 1)


def hold(case_id: Case, reason: Reason, user: By = "admin", home: Home = None) -> None:
    """Place a legal hold on a case: nothing of it is erased or removed until it is lifted."""
    from api.commands.cases import call

    body = {"reason": reason}
    made = asyncio.run(call(configuration.load(home=home), user, "POST", f"/cases/{case_id}/legal-hold", json=body))
    typer.echo(f"{case_id} is under a legal hold since {made['placed_at']}, placed by {made['placed_by']}")


def release(
    case_id: Case,
    reason: Annotated[str | None, typer.Option("--reason", help="Why; it stays on record.", metavar="TEXT")] = None,
    user: By = "admin",
    home: Home = None,
) -> None:
    """Lift the legal hold of a case."""
    from api.commands.cases import call

    body = {"reason": reason} if reason else {}
    asyncio.run(call(configuration.load(home=home), user, "DELETE", f"/cases/{case_id}/legal-hold", json=body))
    typer.echo(f"{case_id} is not held any more")


def told(erased: Erased) -> Iterable[str]:
    """Yields an erasure in lines for people."""
    yield f"{erased.case_id}: erased on {erased.at:%Y-%m-%d %H:%M} UTC by {erased.by}: {erased.reason}"
    for one in erased.told:
        yield f"  note: {TOLD.get(one['what'], one['what'])} ({', '.join(one['names'])})"
    if not erased.done:
        yield "  note: its key is destroyed; what is left to clear away could not be done now: run this again"


def told_json(erased: Erased) -> dict[str, Any]:
    """Returns an erasure as one JSON document."""
    return {
        "case_id": erased.case_id,
        "erased_at": erased.at.isoformat(),
        "by": erased.by,
        "reason": erased.reason,
        "finished": erased.done,
        "stays": list(erased.told),
    }


async def _one(settings: Settings, case_id: str, user: str, reason: str) -> list[Erased]:
    from api.ids import known_case_id

    async with eraser_of(settings) as (eraser, _):
        return [await eraser.erase(known_case_id(case_id), by=user, reason=reason.strip())]


async def _again(settings: Settings) -> list[Erased]:
    async with eraser_of(settings) as (eraser, _):
        return await eraser.again()


@asynccontextmanager
async def eraser_of(settings: Settings) -> AsyncIterator[tuple[Eraser, Database]]:
    """What erases cases of an installation, for the length of the block. Raises Refused for a home without state."""
    from api.commands.database import opened
    from api.engine import TemporalEngine
    from core.keys import open_keys
    from domain.clocks import Pace
    from store.erasing import Eraser
    from store.files import open_files

    engine, pace = TemporalEngine(settings), Pace(epoch=settings.epoch, speed=settings.speed)
    async with opened(settings) as database, open_keys(settings) as keys:
        yield Eraser(database, open_files(settings), keys, engine, pace), database
