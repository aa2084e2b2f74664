"""Every case that has ended gets one signed file, whatever happens to others; the engine's history is kept sealed."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import pytest
from temporalio.client import Client, WorkflowHistory
from temporalio.testing import ActivityEnvironment

from activities.archiving import Archiving
from core.keys import KeyRing, open_keys
from core.settings import Settings
from core.signing import ensure_signing_keys, known_keys
from domain.record.archiving import ArchivedCases, ArchiveRound
from domain.record.manifest import Part
from store.archives.checking import check
from store.archives.content import check_content
from store.archives.histories import check_history
from store.archives.places import ArchiveFolder
from store.archives.reading import ArchiveReader
from store.files import FileStore, StoreAway, open_files
from store.migrations import upgrade
from store.queries.archives import due_for_archive, find_archive
from store.sessions import Database
from tests.support.closed_cases import EngineWith, close_case, golden, sealed


@dataclass
class House:
    settings: Settings
    database: Database
    files: FileStore
    keys: KeyRing
    engine: EngineWith

    async def closes(self, name: str, case_id: str | None = None, *, engine: bool = True) -> str:
        """A case that ended: in the database, and with its history in the engine."""
        history = golden(name, case_id)
        if engine:
            self.engine.histories[history.workflow_id] = await sealed(history, self.keys)
        return await close_case(self.database, history, self.files)

    async def archive(self, wanted: ArchiveRound | None = None, **changed: Any) -> ArchivedCases:
        parts = {"files": self.files, "archives": ArchiveFolder(self.folder), **changed}
        work = Archiving(
            self.settings, cast("Client", self.engine), self.database, parts["files"], self.keys, parts["archives"]
        )
        return await ActivityEnvironment().run(work.archive_cases, wanted or ArchiveRound())

    @property
    def folder(self) -> Path:
        return self.settings.home / "archive"

    async def path(self, case_id: str) -> Path:
        async with self.database.reading() as session:
            known = await find_archive(session, case_id)
        assert known is not None
        return self.folder / known.name


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    settings = Settings(home=tmp_path, master_keys=f"m1:{'5a' * 32}")
    ensure_signing_keys(tmp_path)
    upgrade(f"sqlite:///{tmp_path / 'aftercare.db'}")
    database = Database(settings.database_url)
    async with open_keys(settings) as keys:
        yield House(settings, database, open_files(settings), keys, EngineWith())
    await database.dispose()


async def test_a_closed_case_gets_an_archive_that_verifies(house: House) -> None:
    case_id = await house.closes("second_visit")
    assert (await house.archive()).archived == (case_id,)
    path = await house.path(case_id)
    assert path.relative_to(house.folder).as_posix() == f"2026/{case_id}.aftercare"
    checked = check(path, known_keys(house.settings))
    with ArchiveReader(path) as reader:
        key = await house.keys.by_id(reader.manifest.key_id or "")
        check_content(reader, key, checked)
        check_history(reader, key, checked)
        assert reader.manifest.result == "resolved"
        assert reader.manifest.calendars == {"CN": reader.manifest.calendars["CN"]}
        assert any(entry.name.startswith("documents/") for entry in reader.manifest.entries)
    assert [finding.sentence() for finding in checked.findings] == []


async def test_nothing_personal_of_it_can_be_read_in_the_file(house: House) -> None:
    case_id = await house.closes("second_visit")
    await house.archive()
    with ArchiveReader(await house.path(case_id)) as reader:
        found = b"".join(reader.read(name) for name in reader.infos)
        assert reader.infos.keys() >= set(Part)
    for word in _personal(golden("second_visit")):
        assert word.encode() not in found, word


def _personal(history: WorkflowHistory) -> list[str]:
    start = history.events[0].workflow_execution_started_event_attributes.input.payloads[0].data
    application = json.loads(start)["application"]
    words = [*application["customer"].values(), application["problem"]["description"]]
    found = [
        word for word in words if isinstance(word, str) and len(word) > 3 and word != application["customer"]["region"]
    ]
    assert found
    return found


async def test_an_archived_case_is_left_alone_and_archived_anew_when_asked(house: House) -> None:
    case_id = await house.closes("remote")
    await house.archive()
    before = (await house.path(case_id)).read_bytes()
    assert await house.archive() == ArchivedCases()
    assert await house.archive(ArchiveRound(cases=(case_id,))) == ArchivedCases()
    assert (await house.archive(ArchiveRound(cases=(case_id,), anew=True))).archived == (case_id,)
    again = await house.path(case_id)
    assert again.read_bytes() != before, "what is sealed anew differs"
    with ArchiveReader(again) as reader:
        key = await house.keys.by_id(reader.manifest.key_id or "")
        (house.folder / "before.aftercare").write_bytes(before)
        with ArchiveReader(house.folder / "before.aftercare") as old:
            for name in (Part.HISTORY, Part.PLAN, Part.CHAIN, Part.SNAPSHOT, Part.EVENTS, Part.RESULT, Part.FILES):
                assert reader.json(name, key) == old.json(name, key), name


async def test_a_case_whose_run_has_not_ended_waits_for_the_next_round(house: House) -> None:
    case_id = await house.closes("remote")
    whole = house.engine.histories[case_id]
    house.engine.histories[case_id] = WorkflowHistory(workflow_id=case_id, events=whole.events[:-1])
    done = await house.archive()
    assert (done.waiting, done.archived, done.failed) == ((case_id,), (), ())
    house.engine.histories[case_id] = whole
    assert (await house.archive()).archived == (case_id,)


async def test_one_that_fails_is_named_and_does_not_stop_the_others(house: House) -> None:
    gone = await house.closes("remote", "C-0000000007", engine=False)
    whole = await house.closes("second_visit", "C-0000000009")
    done = await house.archive()
    assert done.archived == (whole,)
    assert [(one.case_id, one.why) for one in done.failed] == [(gone, "the engine has no history of it any more")]
    async with house.database.reading() as session:
        assert [one.case_id for one in await due_for_archive(session)] == [gone]


async def test_a_storage_that_is_away_delays_it(house: House) -> None:
    case_id = await house.closes("remote")

    class Away(ArchiveFolder):
        async def put(self, file: Path, name: str) -> None:
            raise StoreAway("the bucket does not answer")

    done = await house.archive(archives=Away(house.folder))
    assert [one.case_id for one in done.failed] == [case_id]
    assert not list(house.folder.rglob("*.aftercare")), "nothing half is left"
    assert not list(house.folder.glob(".writing-*"))
    assert (await house.archive()).archived == (case_id,)


async def test_an_erased_case_is_not_archived(house: House) -> None:
    case_id = await house.closes("remote")
    await house.keys.destroy(case_id, by="dpo", reason="asked for")
    assert (await house.archive()).erased == (case_id,)


async def test_what_is_gone_is_named_in_the_archive(house: House) -> None:
    case_id = await close_case(house.database, golden("second_visit"))
    house.engine.histories[case_id] = await sealed(golden("second_visit"), house.keys)
    await house.archive()
    checked = check(await house.path(case_id), known_keys(house.settings))
    assert any("was gone when the archive was made" in finding.what for finding in checked.findings)


async def test_a_case_that_nobody_knows_is_named(house: House) -> None:
    house.engine.histories["C-0000000099"] = await sealed(golden("remote"), house.keys)
    done = await house.archive(ArchiveRound(cases=("C-0000000099",)))
    assert [one.why for one in done.failed] == ["there is no closed case of this number in the database"]
