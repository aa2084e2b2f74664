"""`aftercare audit verify`: proves from the files alone that archives are as they were made."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.commands.audit.options import Home, Jobs, Json, ShowProgress
from api.commands.audit.output import Progress, Tally, show
from core import settings as configuration
from core.errors import Refused

if TYPE_CHECKING:
    from api.commands.audit.verifying import Given

_CASE = re.compile(r"C-[0-9A-HJKMNP-TV-Z]{10}")
_EACH_SHOWN = 20
"""Up to so many files each is named, found whole or not; of more only those with findings."""


def verify(  # noqa: PLR0917 - options, which are given by name
    targets: Annotated[
        list[str], typer.Argument(metavar="FILE...", help="Archives, folders of them, or case numbers of the home.")
    ],
    home: Home = None,
    trust: Annotated[
        Path | None,
        typer.Option(help="Public keys to trust, as `audit keys show` prints them; else those of the home."),
    ] = None,
    content: Annotated[
        bool, typer.Option(help="Open what is sealed as well, where the home has the keys of the cases.")
    ] = True,
    jobs: Jobs = 1,
    json: Json = False,
    progress: ShowProgress = None,
) -> None:
    """Verify archives: signature, every entry, the chain of the record. Needs no server and no key of a case."""
    from api.commands.audit.batches import in_batches
    from api.commands.audit.verifying import Verifying
    from core.signing import known_keys, read_trusted

    settings = configuration.load(home=home)
    trusted = read_trusted(trust) if trust else known_keys(settings)
    given = [one for target in targets for one in _given(target)]
    tally, notes = Tally(), Counter[str]()
    with Progress("verified", len(given), wanted=progress) as shown:
        for one, audited in in_batches(given, Verifying(settings, trusted, content), jobs):
            tally.add(audited)
            notes.update(audited.notes)
            if json or not audited.passed or len(given) <= _EACH_SHOWN:
                show(audited, json=json, file=one.file, notes=False)
            shown.step()
    if not json:
        for note, times in notes.items():
            typer.echo(f"note: {note}" + (f" ({times} of them)" if tally.cases > 1 else ""))
        typer.echo(tally.sentence("verified"))
    raise typer.Exit(tally.exit_code)


def _given(target: str) -> list[Given]:
    """The archives that a word of the command line means. Raises Refused for a folder without any."""
    from api.commands.audit.verifying import Given

    path = Path(target)
    if path.is_dir():
        found = sorted(path.rglob("*.aftercare"))
        if not found:
            raise Refused(f"{path} holds no archive: their names end in .aftercare")
        return [Given(file) for file in found]
    if _CASE.fullmatch(target) and not path.exists():
        return [Given(case_id=target)]
    return [Given(path)]
