"""Tracking links and requests that a person looks at first, as they are kept."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

from store.attachments import Attachment, add_attachment, name_attachments
from store.held_requests import (
    HeldRequest,
    count_waiting,
    decide_opened,
    decide_rejected,
    decided_requests,
    find_request,
    hold_request,
    waiting_requests,
)
from store.sessions import Database
from store.tables import AttachmentRow
from store.tracking_links import Link, change_link, follow, link_of

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)


async def test_a_case_has_its_first_link_until_somebody_changes_it(database: Database) -> None:
    async with database.session() as session:
        assert await link_of(session, "C-1") == Link()
        assert (await follow(session, "C-1")).closed_at is None
        await change_link(session, "C-1", revoked=False, by="lin", at=NOW)
        await change_link(session, "C-2", revoked=True, by="lin", at=NOW)
    async with database.session() as session:
        assert await change_link(session, "C-1", revoked=True, by="mei", at=NOW) == Link(2, True, "mei", NOW)
    async with database.reading() as session:
        assert (await link_of(session, "C-1")).revoked
        assert (await link_of(session, "C-2")).version == 1
        assert await link_of(session, "C-3") == Link()


async def test_two_who_make_a_link_anew_at_once_get_one_that_holds(database: Database, other: Database) -> None:
    async def change(of: Database) -> Link:
        async with of.session() as session:
            return await change_link(session, "C-1", revoked=False, by="lin", at=NOW)

    made = await asyncio.gather(change(database), change(other))
    async with database.reading() as session:
        holds = await link_of(session, "C-1")
    assert holds.version == max(one.version for one in made)
    assert not holds.revoked


def held(number: int, **changes: object) -> HeldRequest:
    request = {"customer": {"name": f"Works {number}"}, "attachments": ["F-ABCDEFGHJK"]}
    at = NOW + timedelta(minutes=number)
    return HeldRequest(f"R-{number}", at, "rapid-response", request, ("quick", "links"))


async def test_requests_wait_in_the_order_they_came_and_one_sent_twice_is_one(database: Database) -> None:
    async with database.session() as session:
        for number in (2, 1, 1):
            await hold_request(session, held(number))
    async with database.reading() as session:
        assert [one.request_id for one in await waiting_requests(session)] == ["R-1", "R-2"]
        assert await count_waiting(session) == 2
        assert await find_request(session, "R-1") == held(1)
        assert await find_request(session, "R-3") is None


async def test_a_request_is_decided_once_and_what_is_rejected_is_forgotten(database: Database) -> None:
    photo = Attachment("F-ABCDEFGHJK", "a" * 64, "x.png", "image/png", 3, "@customer", NOW)
    async with database.session() as session:
        for number in (1, 2):
            await hold_request(session, held(number))
        await add_attachment(session, photo)
        await name_attachments(session, [photo.attachment_id])
    async with database.session() as session:
        assert await decide_rejected(session, "R-1", by="lin", at=NOW)
        assert not await decide_rejected(session, "R-1", by="mei", at=NOW)
        await decide_opened(session, "R-2", case_id="C-2", by="mei", at=NOW + timedelta(hours=1))
        assert not await decide_rejected(session, "R-2", by="lin", at=NOW)
    async with database.reading() as session:
        newest, oldest = await decided_requests(session)
        assert (newest.request_id, newest.case_id, newest.decided_by, newest.waits) == ("R-2", "C-2", "mei", False)
        assert (oldest.request_id, oldest.request, oldest.case_id) == ("R-1", None, None)
        assert await count_waiting(session) == 0
        row = await session.get(AttachmentRow, photo.attachment_id)
        assert row is not None
        assert row.named_at is None
