from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import update

from store.drafts import Draft, drop_draft, drop_old_drafts, files_in_drafts, find_draft, save_draft
from store.sessions import Database
from store.tables import DraftRow
from tests.store.making import CASE, NOW

VISIT = f"{CASE}.site_visit"
DRAFT = Draft(VISIT, "wei", NOW, {"outcome.cause": "轴承干了"}, {"outcome.attachments": ["F-0123456789ABCDEF"]})


async def test_a_draft_takes_the_place_of_the_one_before(database: Database) -> None:
    later = replace(DRAFT, saved_at=NOW + timedelta(minutes=5), texts={"outcome.cause": "Bearing ran dry"}, kept={})
    async with database.session() as session:
        await save_draft(session, DRAFT)
        assert await find_draft(session, VISIT, "wei") == DRAFT
    async with database.session() as session:
        await save_draft(session, later)
    async with database.reading() as session:
        assert await find_draft(session, VISIT, "wei") == later


async def test_everybody_has_drafts_of_their_own(database: Database) -> None:
    async with database.session() as session:
        await save_draft(session, DRAFT)
        await save_draft(session, replace(DRAFT, user="tom", texts={}))
        assert await find_draft(session, f"{CASE}.acceptance", "wei") is None
        await drop_draft(session, VISIT, "tom")
        await drop_draft(session, VISIT, "tom")
        assert await find_draft(session, VISIT, "tom") is None
        assert await find_draft(session, VISIT, "wei") == DRAFT


async def test_drafts_that_nobody_came_back_to_go(database: Database) -> None:
    now = datetime.now(UTC)
    async with database.session() as session:
        await save_draft(session, DRAFT)
        await save_draft(session, replace(DRAFT, user="tom"))
        long_ago = update(DraftRow).where(DraftRow.user == "tom").values(stored_at=now - timedelta(days=40))
        await session.execute(long_ago)
        assert await files_in_drafts(session) == {"F-0123456789ABCDEF"}
        assert await drop_old_drafts(session, before=now - timedelta(days=30)) == 1
        assert await find_draft(session, VISIT, "tom") is None
        assert await find_draft(session, VISIT, "wei") == DRAFT
