"""`aftercare audit export`: the archives of a period or of a customer as one bundle."""

from __future__ import annotations

import asyncio
import re
from contextlib import AsyncExitStack
from dataclasses import asdict
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.commands.audit.options import Home, ShowProgress
from core import settings as configuration
from core.errors import AftercareError, Invalid, NotConfigured

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.commands.audit.bundle import Bundled, BundleWriter, Contents
    from api.commands.audit.output import Progress
    from core.keys import CaseKey, KeyRing
    from core.settings import Settings
    from store.archives.places import Archives
    from store.archives.reading import ArchiveReader
    from store.queries.archives import KnownArchive

_FORMAT = 1
_NUMBER = re.compile(r"K-[0-9A-HJKMNP-TV-Z]{12}")


def export(  # noqa: PLR0917 - options, which are given by name
    out: Annotated[Path, typer.Argument(metavar="OUT.zip", help="The bundle; must not exist yet.")],
    first: Annotated[
        str | None, typer.Option("--from", help="Cases closed from this day on, UTC.", metavar="DAY")
    ] = None,
    last: Annotated[str | None, typer.Option("--to", help="Up to the end of this day, UTC.", metavar="DAY")] = None,
    customer: Annotated[str | None, typer.Option(help="A customer's number (K-…) or name.", metavar="CUSTOMER")] = None,
    plan: Annotated[str | None, typer.Option(help="Cases of this plan alone.", metavar="NAME")] = None,
    readable: Annotated[
        bool, typer.Option("--readable", help="Add each record with its papers in clear: personal data.")
    ] = False,
    with_keys: Annotated[
        bool, typer.Option("--with-keys", help="Add the keys of the cases, to replay them elsewhere: secret.")
    ] = False,
    home: Home = None,
    progress: ShowProgress = None,
) -> None:
    """Export archives as one bundle with an index that a person can read."""
    if not (first or last or customer):
        raise typer.BadParameter("say which cases: --from and --to, or --customer")
    settings = configuration.load(home=home)
    begins, ends = _day(first, "--from"), _day(last, "--to")
    if begins and ends and ends < begins:
        raise Invalid("the period ends before it begins", field="--to")
    ending = ends + timedelta(days=1) if ends else None
    asked = {"from": first, "to": last, "customer": _named(customer, in_clear=readable), "plan": plan}
    exporting = _Exporting(settings, out, asked, readable=readable, with_keys=with_keys)
    contents = asyncio.run(exporting.run(begins, ending, customer, plan, progress))
    for problem in contents.problems:
        typer.echo(problem, err=True)
    count = len(contents.cases)
    typer.echo(f"{out}: {count} {'case' if count == 1 else 'cases'}")
    if readable or with_keys:
        what = " and ".join(["personal data in clear"] * readable + ["the keys of these cases"] * with_keys)
        typer.echo(f"it holds {what}: give it to nobody who may not read all of it")
    raise typer.Exit(1 if contents.problems else 0)


def _day(text: str | None, field: str) -> datetime | None:
    if text is None:
        return None
    try:
        return datetime.combine(date.fromisoformat(text), time(), UTC)
    except ValueError:
        raise Invalid("must be a day such as 2026-11-22", field=field) from None


def _named(customer: str | None, *, in_clear: bool) -> str | None:
    """A customer as the index may tell: by name only where the records are in clear anyway."""
    if customer is None or in_clear or _NUMBER.fullmatch(customer):
        return customer
    return "one customer"


class _Exporting:
    def __init__(
        self, settings: Settings, out: Path, asked: dict[str, str | None], *, readable: bool, with_keys: bool
    ) -> None:
        self._settings, self._out, self._asked = settings, out, asked
        self._readable, self._with_keys = readable, with_keys
        self._secret: dict[str, CaseKey] = {}

    async def run(
        self,
        begins: datetime | None,
        ends: datetime | None,
        customer: str | None,
        plan: str | None,
        progress: bool | None,
    ) -> Contents:
        """Writes the bundle and returns what its index says."""
        from api.commands.audit.bundle import BundleWriter, Contents
        from api.commands.audit.output import Progress
        from core.keys import open_keys
        from store.archives.places import open_archives

        wanted = await self._wanted(begins, ends, customer)
        contents = Contents(self._title(), readable=self._readable, secret=self._with_keys)
        archives = open_archives(self._settings)
        async with AsyncExitStack() as stack:
            keys = None
            if self._readable or self._with_keys:
                keys = await stack.enter_async_context(open_keys(self._settings))
            writer = stack.enter_context(BundleWriter(self._out))
            shown: Progress = stack.enter_context(Progress("exported", len(wanted), wanted=progress))
            for one in wanted:
                try:
                    await self._one(one, archives, keys, writer, contents, plan)
                except FileNotFoundError:
                    contents.problems.append(f"{one.case_id}: its archive {one.name} is gone, and missing here")
                shown.step()
            self._index(writer, contents)
        return contents

    async def _wanted(
        self, begins: datetime | None, ends: datetime | None, customer: str | None
    ) -> Sequence[KnownArchive]:
        from api.commands.database import opened
        from store.queries.archives import archives_between, archives_of_customer

        async with opened(self._settings) as database, database.reading() as session:
            found = await archives_between(session, begins, ends)
            if customer is None:
                return found
            theirs = {one.case_id for one in await archives_of_customer(session, customer)}
            return [one for one in found if one.case_id in theirs]

    async def _one(
        self,
        known: KnownArchive,
        archives: Archives,
        keys: KeyRing | None,
        writer: BundleWriter,
        contents: Contents,
        plan: str | None,
    ) -> None:
        """Adds one archive, and what is to be read of it."""
        from api.commands.audit.bundle import Bundled
        from store.archives.reading import ArchiveReader, NotReadable

        name = f"archives/{known.name}"
        async with archives.local(known.name) as file:
            try:
                reader = ArchiveReader(file)
            except NotReadable as wrong:
                contents.problems.append(f"{known.case_id}: its archive {known.name} {wrong}; it is not in this bundle")
                return
            with reader:
                manifest = reader.manifest
                if plan is not None and manifest.plan.name != plan:
                    return
                sha256, size = await asyncio.to_thread(writer.copy, name, file)
                if sha256 != known.sha256:
                    contents.problems.append(
                        f"{known.case_id}: its archive is not the file that was noted when it was made: verify it"
                    )
                bundled = Bundled(
                    case_id=manifest.case_id,
                    plan=manifest.plan.name,
                    closed_at=f"{manifest.closed_at:%Y-%m-%d %H:%M}",
                    result=manifest.result,
                    events=manifest.record.events,
                    files=sum("/" in entry.name for entry in manifest.entries),
                    file=name,
                    sha256=sha256,
                    bytes=size,
                )
                contents.cases.append(bundled)
                if keys is not None:
                    await self._clear(reader, keys, writer, bundled, contents)

    async def _clear(
        self, reader: ArchiveReader, keys: KeyRing, writer: BundleWriter, bundled: Bundled, contents: Contents
    ) -> None:
        """Adds the case's record in clear, and remembers its key, as asked for."""
        from api.commands.audit.readable import write_readable
        from core.keys import KeyDestroyed

        key_id = reader.manifest.key_id
        try:
            key = await keys.by_id(key_id) if key_id else None
            if key is not None and self._with_keys:
                self._secret[key.key_id] = key
            if self._readable:
                folder = f"readable/{bundled.case_id}"
                bundled.readable = await asyncio.to_thread(write_readable, writer, reader, key, folder)
        except KeyDestroyed as erased:
            bundled.why_not = erased.detail
        except NotConfigured:
            raise
        except (AftercareError, ValueError) as wrong:
            why = wrong.detail if isinstance(wrong, AftercareError) else type(wrong).__name__
            bundled.why_not = f"cannot be read: {why}"
            contents.problems.append(f"{bundled.case_id}: its record cannot be read ({why}): verify the archive")

    def _index(self, writer: BundleWriter, contents: Contents) -> None:
        from api.commands.audit.bundle import INDEX, INDEX_JSON, KEYS, SECRET
        from api.commands.audit.readable import environment
        from core.signing import known_keys, public_json
        from core.version import code_version

        known = known_keys(self._settings)
        if contents.secret:
            held = [
                {"key_id": one.key_id, "subject": one.subject, "secret": one.secret.hex()}
                for one in self._secret.values()
            ]
            writer.json(SECRET, {"format": _FORMAT, "secret": True, "keys": held})
        writer.json(KEYS, public_json(known))
        made_at = datetime.now(UTC)
        stated: dict[str, Any] = {
            "format": _FORMAT,
            "title": contents.title,
            "made_at": made_at.isoformat(),
            "code_version": code_version(),
            "asked_for": {name: value for name, value in self._asked.items() if value is not None},
            "in_clear": {"records": contents.readable, "case_keys": contents.secret},
            "problems": contents.problems,
            "cases": [asdict(case) for case in contents.cases],
        }
        writer.json(INDEX_JSON, stated)
        page = (
            environment()
            .get_template(INDEX)
            .render(
                title=contents.title,
                made_at=f"{made_at:%Y-%m-%d %H:%M} UTC",
                code_version=code_version(),
                readable=contents.readable,
                secret=contents.secret,
                keys_file=SECRET,
                cases=contents.cases,
                problems=contents.problems,
                keys=[key.as_json() for key in known],
            )
        )
        writer.text(INDEX, page)

    def _title(self) -> str:
        asked = self._asked
        parts = [f"of {asked['customer']}"] if asked["customer"] else []
        if asked["from"]:
            parts.append(f"closed from {asked['from']}")
        if asked["to"]:
            parts.append(f"{'' if asked['from'] else 'closed '}up to {asked['to']}")
        if asked["plan"]:
            parts.append(f"by the plan {asked['plan']}")
        return "Archived cases " + " ".join(parts)
