"""Unused uploads go, by the command and by the API's own daily cleaning; what a case uses stays."""

from __future__ import annotations

import asyncio
import contextlib
import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update
from structlog.testing import capture_logs

from api import cleaning
from api.cleaning import keep_clean
from api.commands.files import clean
from store.tables import AttachmentRow
from tests.api.house import CONTACTED, PNG, House, application, paths
from tests.api.test_an_upload_goes_on_after_a_broken_line import MP4, Line
from tests.api.test_photos_are_shown import photo


async def uploaded(house: House, name: str, content: bytes) -> str:
    return str((await house.upload("lin", name, content)).json()["attachment_id"])


async def a_year_passes(house: House) -> None:
    """For the files alone: their rows and what lies on disk."""
    at = datetime.now(UTC) - timedelta(days=365)
    async with house.parts.database.session() as session:
        await session.execute(update(AttachmentRow).values(stored_at=at))
    for path in house.parts.settings.attachments.rglob("*"):
        os.utime(path, (at.timestamp(), at.timestamp()))


async def there(house: House, attachment_id: str) -> bool:
    return (await house.get("lin", f"/attachments/{attachment_id}")).status_code == 200


async def test_what_was_used_in_any_way_stays_and_the_rest_goes(house: House) -> None:
    names = ("request.jpg", "told.jpg", "outcome.jpg", "unused.jpg")
    files = [await uploaded(house, name, photo(40 + place, 30)) for place, name in enumerate(names)]
    case_id = await house.open(attachments=[files[0]])
    told = await house.post("lin", f"/cases/{case_id}/signals/add_information", {"attachments": [files[1]]})
    assert told.status_code == 202
    body = {"outcome": CONTACTED | {"attachments": [files[2]]}, "submission_id": "s-1"}
    done = await house.post("lin", f"/tasks/{case_id}.contact_customer/complete", body)
    assert done.status_code == 200, done.text
    where = (await Line(house).begin(len(MP4))).headers["location"]
    await a_year_passes(house)
    told_before = await clean(house.parts.settings, None, dry_run=True)
    assert told_before.startswith("would be removed: 1 unused uploads, 1 contents")
    assert [await there(house, one) for one in files] == [True] * 4
    assert (await clean(house.parts.settings, None, dry_run=False)).endswith("1 unfinished uploads")
    assert [await there(house, one) for one in files] == [True, True, True, False]
    assert (await Line(house).look(where)).status_code == 404
    late = await house.post("lin", "/cases", application(attachments=[files[3]]))
    assert paths(late) == {"attachments.0"}


async def test_days_are_told_to_the_command(house: House) -> None:
    one = await uploaded(house, "a.png", PNG)
    at = datetime.now(UTC) - timedelta(days=3)
    async with house.parts.database.session() as session:
        await session.execute(update(AttachmentRow).values(stored_at=at))
    await clean(house.parts.settings, 4, dry_run=False)
    assert await there(house, one)
    await clean(house.parts.settings, 2, dry_run=False)
    assert not await there(house, one)


async def test_the_api_cleans_by_itself_and_goes_on_after_trouble(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = await uploaded(house, "a.png", PNG)
    await a_year_passes(house)
    hundred_times_a_second = house.parts.settings.model_copy(update={"clean_files_hours": 0.01 / 3600})
    trouble = [OSError("the disk was away")]

    async def first_away(*given: object, **named: object) -> object:
        if trouble:
            raise trouble.pop()
        return await real(*given, **named)  # type: ignore[arg-type]

    real = cleaning.clean
    monkeypatch.setattr(cleaning, "clean", first_away)
    with capture_logs() as logged:
        cleaner = asyncio.create_task(keep_clean(replace(house.parts, settings=hundred_times_a_second)))
        async with asyncio.timeout(20):
            while len([entry for entry in logged if entry["event"].startswith("files")]) < 2:  # noqa: ASYNC110 - no event
                await asyncio.sleep(0.02)
        cleaner.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await cleaner
    assert [entry["event"] for entry in logged if entry["event"].startswith("files")][:2] == [
        "files not cleaned",
        "files cleaned",
    ]
    assert not await there(house, one)


async def test_the_api_leaves_it_to_the_command_when_told_so(house: House) -> None:
    never = house.parts.settings.model_copy(update={"clean_files_hours": 0})
    async with asyncio.timeout(5):
        await keep_clean(replace(house.parts, settings=never))
