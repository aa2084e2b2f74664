"""`aftercare audit verify`: proves from the files alone that archives are as they were made."""

from __future__ import annotations

import asyncio
import multiprocessing
import re
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.commands.audit.options import Home, Jobs, Json, ShowProgress
from api.commands.audit.output import Progress, Tally, show
from core import settings as configuration
from core.errors import Refused
from domain.record import Audited, AuditKind

if TYPE_CHECKING:
    from core.settings import Settings
    from core.signing import PublicKey

_CASE = re.compile(r"C-[0-9A-HJKMNP-TV-Z]{10}")
_AHEAD = 8
"""Files a process has waiting: enough to be busy, few enough that memory does not grow with their number."""
_EACH_SHOWN = 20


def verify(
    targets: Annotated[
        list[str], typer.Argument(metavar="FILE...", help="Archives, folders of them, or case numbers of the home.")
    ],
    home: Home = None,
    trust: Annotated[
        Path | None,
        typer.Option(help="Public keys to trust, as `audit keys show` prints them; else those of the home."),
    ] = None,
    jobs: Jobs = 1,
    json: Json = False,
    progress: ShowProgress = None,
) -> None:
    """Verify archives: signature, every entry, the chain of the record. Needs no server and no key of a case."""
    from core.signing import known_keys, read_trusted

    settings = configuration.load(home=home)
    trusted = read_trusted(trust) if trust else known_keys(settings)
    files = [path for target in targets for path in _files(settings, target)]
    tally, notes = Tally(), Counter[str]()
    with Progress("verified", len(files), wanted=progress) as shown:
        for path, audited in verified(files, trusted, jobs):
            tally.add(audited)
            notes.update(audited.notes)
            if json or not audited.passed or len(files) <= _EACH_SHOWN:
                show(audited, json=json, file=path, notes=False)
            shown.step()
    if not json:
        for note, times in notes.items():
            typer.echo(f"note: {note}" + (f" ({times} archives)" if tally.cases > 1 else ""))
        typer.echo(tally.sentence("verified"))
    raise typer.Exit(tally.exit_code)


def verified(files: Iterable[Path], trusted: Sequence[PublicKey], jobs: int) -> Iterator[tuple[Path, Audited]]:
    """Yields the outcome of every file in order, worked off by `jobs` processes; memory stays as it is however many."""
    if jobs == 1:
        for path in files:
            yield path, verify_file(path, trusted)
        return
    waiting: deque[tuple[Path, Future[Audited]]] = deque()
    with ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("spawn")) as pool:
        for path in files:
            waiting.append((path, pool.submit(verify_file, path, trusted)))
            if len(waiting) >= jobs * _AHEAD:
                first, done = waiting.popleft()
                yield first, done.result()
        for first, done in waiting:
            yield first, done.result()


def verify_file(path: Path, trusted: Sequence[PublicKey]) -> Audited:
    """Returns the outcome of one file; one that cannot be opened is a finding like every other."""
    from core.version import code_version
    from store.archives.checking import Checked, check

    try:
        checked = check(path, trusted)
    except OSError as error:
        checked = Checked(path)
        checked.found(path.name, f"cannot be read: {error.strerror or error}")
    return Audited.of(
        checked.name,
        AuditKind.VERIFY,
        tuple(checked.findings),
        notes=tuple(checked.notes),
        code_version=code_version(),
        at=datetime.now(UTC),
    )


def _files(settings: Settings, target: str) -> list[Path]:
    """The archives that a word of the command line means. Raises Refused when there are none."""
    path = Path(target)
    if path.is_dir():
        found = sorted(path.rglob("*.aftercare"))
        if not found:
            raise Refused(f"{path} holds no archive: their names end in .aftercare")
        return found
    if _CASE.fullmatch(target) and not path.exists():
        return [asyncio.run(_of_home(settings, target))]
    return [path]


async def _of_home(settings: Settings, case_id: str) -> Path:
    from store.archives.places import ArchiveFolder, open_archives

    archives = open_archives(settings)
    name = await archives.find(case_id)
    if name is None:
        raise Refused(f"{case_id} has no archive here: it is made when the case has ended")
    if not isinstance(archives, ArchiveFolder):
        raise Refused(f"{case_id} is archived in {settings.archive_url}: fetch {name} and verify the file")
    return archives.root / name
