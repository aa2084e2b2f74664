"""Every change of an article is a version; whoever comes second is told, and nothing is lost."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest

from domain.knowledge import Act, ArticleContent, ArticleState
from store.articles import ArticleChanged, ArticleUnknown, change_article, create_article
from store.queries.articles import Article, find_article, published_contents
from store.sessions import Database

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
FIRST = ArticleContent(title="Noise", text="Listen.")
SECOND = ArticleContent(title="Noise", text="Listen, then stop.")
ID = "A-000000000001"


async def _made(database: Database) -> None:
    async with database.session() as session:
        assert await create_article(session, ID, FIRST, Act.WRITTEN, by="lin", at=NOW)


async def _change(database: Database, version: int, act: Act, content: ArticleContent | None = None) -> int:
    async with database.session() as session:
        return await change_article(session, ID, version, act, content, by="mei", at=NOW)


async def _read(database: Database) -> Article:
    async with database.reading() as session:
        found = await find_article(session, ID)
    assert found is not None
    return found


async def test_an_article_is_written_published_edited_and_archived(database: Database) -> None:
    await _made(database)
    assert (await _read(database)).state is ArticleState.DRAFT
    assert await _change(database, 1, Act.PUBLISHED) == 2
    assert await _change(database, 2, Act.WRITTEN, SECOND) == 3
    edited = await _read(database)
    assert (edited.state, edited.published) == (ArticleState.PUBLISHED, 2)
    assert edited.shown is not None
    assert (edited.shown.content, edited.newest.content) == (FIRST, SECOND)
    async with database.reading() as session:
        assert await published_contents(session, [ID]) == {ID: FIRST}
    await _change(database, 3, Act.PUBLISHED)
    await _change(database, 4, Act.ARCHIVED)
    archived = await _read(database)
    assert (archived.state, archived.published) == (ArticleState.ARCHIVED, None)
    assert [(one.version, one.act, one.content) for one in archived.versions] == [
        (5, Act.ARCHIVED, SECOND),
        (4, Act.PUBLISHED, SECOND),
        (3, Act.WRITTEN, SECOND),
        (2, Act.PUBLISHED, FIRST),
        (1, Act.WRITTEN, FIRST),
    ]
    await _change(database, 5, Act.WRITTEN, FIRST)
    assert (await _read(database)).state is ArticleState.DRAFT


async def test_the_second_of_two_who_publish_at_once_is_refused(database: Database, other: Database) -> None:
    await _made(database)
    done = await asyncio.gather(
        _change(database, 1, Act.PUBLISHED, FIRST), _change(other, 1, Act.PUBLISHED, SECOND), return_exceptions=True
    )
    assert sorted(type(one).__name__ for one in done) == ["ArticleChanged", "int"]
    article = await _read(database)
    assert [one.version for one in article.versions] == [2, 1]


async def test_a_change_of_what_was_not_read_or_does_not_exist_writes_nothing(database: Database) -> None:
    with pytest.raises(ArticleUnknown):
        await _change(database, 1, Act.PUBLISHED)
    await _made(database)
    for version in (0, 2):
        with pytest.raises(ArticleChanged):
            await _change(database, version, Act.PUBLISHED)
    assert len((await _read(database)).versions) == 1


async def test_the_same_article_sent_twice_is_one(database: Database) -> None:
    await _made(database)
    async with database.session() as session:
        assert not await create_article(session, ID, SECOND, Act.PUBLISHED, by="mei", at=NOW)
    assert (await _read(database)).newest.content == FIRST
