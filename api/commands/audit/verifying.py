"""Verifying archives: what each process does with its part of them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import make_url
from sqlalchemy.exc import DBAPIError

from core.errors import AftercareError, NotFound
from core.keys import CaseKey, KeyDestroyed, KeyRing, KeyUnknown, open_keys
from core.version import code_version
from domain.record import Audited, AuditKind
from store.archives.checking import Checked, check
from store.archives.content import check_content
from store.archives.histories import check_history
from store.archives.places import open_archives
from store.archives.reading import ArchiveReader
from store.incoming import digest_of
from store.queries.archives import KnownArchive, find_archive
from store.sessions import Database

if TYPE_CHECKING:
    from core.settings import Settings
    from core.signing import PublicKey

_NO_KEY = "what is sealed was not opened: the keys of these cases are not here"


@dataclass(frozen=True)
class Given:
    """What is to be verified: a file, or the archive of a case wherever the installation keeps it."""

    file: Path | None = None
    case_id: str = ""

    @property
    def name(self) -> str:
        """What it was called on the command line."""
        return str(self.file) if self.file else self.case_id


@dataclass(frozen=True)
class Verifying:
    """How a part is verified; goes to other processes. `content` opens what is sealed where the keys are at hand."""

    settings: Settings
    trusted: Sequence[PublicKey]
    content: bool = True

    def __call__(self, given: Sequence[Given]) -> list[tuple[Given, Audited]]:
        """Verifies all of them and returns their outcomes in their order."""
        return asyncio.run(self._all(given))

    async def _all(self, given: Sequence[Given]) -> list[tuple[Given, Audited]]:
        async with AsyncExitStack() as stack:
            keys = None
            if self.content and self.settings.master_keys.get_secret_value():
                keys = await stack.enter_async_context(open_keys(self.settings))
            return [(one, _outcome(await self._one(one, keys))) for one in given]

    async def _one(self, given: Given, keys: KeyRing | None) -> Checked:
        if given.file is not None:
            return await self._file(given.file, keys)
        try:
            noted = await self._noted(given.case_id)
            archives = open_archives(self.settings)
            name = noted.name if noted else await archives.find(given.case_id)
            if name is None:
                raise NotFound("has no archive here: one is made when the case has ended")
            async with archives.local(name) as file:
                checked = await self._file(file, keys)
                if noted and (await asyncio.to_thread(digest_of, file)).sha256 != noted.sha256:
                    what = "is not the file that was archived: the database has another SHA-256 of it"
                    checked.found(name, what, noted.sha256, digest_of(file).sha256)
                return checked
        except (AftercareError, OSError) as wrong:
            checked = Checked(Path(given.case_id))
            checked.found(given.case_id, _told(wrong))
            return checked

    async def _noted(self, case_id: str) -> KnownArchive | None:
        """What the database knows of the archive; nothing where there is no database."""
        if not _has_database(self.settings):
            return None
        database = Database(self.settings.database_url)
        try:
            async with database.reading() as session:
                return await find_archive(session, case_id)
        except (DBAPIError, OSError):
            return None
        finally:
            await database.dispose()

    async def _file(self, file: Path, keys: KeyRing | None) -> Checked:
        try:
            checked = await asyncio.to_thread(check, file, self.trusted)
            if self.content and checked.manifest is not None:
                await self._content(file, checked, checked.manifest.key_id, keys)
        except OSError as wrong:
            checked = Checked(file)
            checked.found(file.name, f"cannot be read: {_told(wrong)}")
        return checked

    async def _content(self, file: Path, checked: Checked, key_id: str | None, keys: KeyRing | None) -> None:
        """Opens what is sealed, where that is possible; says why not where it is not."""
        key: CaseKey | None = None
        if key_id is not None:
            if keys is None:
                checked.notes.append(_NO_KEY)
                return
            try:
                key = await keys.by_id(key_id)
            except KeyDestroyed as erased:
                checked.notes.append(f"what is sealed cannot be read by anybody any more: {erased.detail}")
                return
            except KeyUnknown:
                checked.notes.append(_NO_KEY)
                return
        with ArchiveReader(file) as reader:
            await asyncio.to_thread(check_content, reader, key, checked)
            await asyncio.to_thread(check_history, reader, key, checked)


def _has_database(settings: Settings) -> bool:
    """False for an SQLite file that is not there: opening it would make an empty one."""
    url = make_url(settings.database_url)
    return url.get_backend_name() != "sqlite" or Path(url.database or "").is_file()


def _outcome(checked: Checked) -> Audited:
    return Audited.of(
        checked.name,
        AuditKind.VERIFY,
        tuple(checked.findings),
        notes=tuple(checked.notes),
        code_version=code_version(),
        at=datetime.now(UTC),
    )


def _told(wrong: Exception) -> str:
    return wrong.detail if isinstance(wrong, AftercareError) else getattr(wrong, "strerror", None) or str(wrong)
