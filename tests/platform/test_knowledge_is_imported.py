"""Files of product knowledge: imported by the first start, by command, and never over what somebody wrote."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from api.commands.database import opened
from api.commands.knowledge import import_first, import_folder
from api.commands.people import prepare
from core.embedded.home import Home
from core.errors import Invalid, NotFound
from core.settings import Settings
from domain.knowledge import Act, ArticleContent, ArticleState
from store.articles import article_id_of, change_article
from store.queries.articles import Article, find_article, list_articles

PAGE = "# AX-200 spindle\n\n1. Listen.\n"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    home = Home(tmp_path / "home")
    home.create()
    made = Settings(home=home.path, session_secret="not a secret at all, only long enough")
    prepare(made, home)
    return made


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "pages" / "rapid-response").mkdir(parents=True)
    (tmp_path / "pages" / "rapid-response" / "qx-1.md").write_text(PAGE)
    return tmp_path / "pages"


async def _article(settings: Settings) -> Article:
    async with opened(settings) as database, database.reading() as session:
        found = await find_article(session, article_id_of("file", "rapid-response/qx-1.md"))
    assert found is not None
    return found


async def _all(settings: Settings) -> list[str]:
    async with opened(settings) as database, database.reading() as session:
        found = await list_articles(session, state=ArticleState.PUBLISHED, limit=200)
    return [one.title for one in found.page.items]


async def test_the_first_start_fills_an_empty_knowledge_base_and_no_other(settings: Settings, folder: Path) -> None:
    first = await _all(settings)
    assert any("AX-200" in title for title in first)
    await import_first(settings, folder, "admin")
    assert await _all(settings) == first
    await import_first(settings, folder / "nowhere", "admin")


async def test_a_changed_file_is_the_next_version_unless_somebody_edited_it(settings: Settings, folder: Path) -> None:
    file = folder / "rapid-response" / "qx-1.md"
    assert (await import_folder(settings, folder, "admin")).added == ["rapid-response/qx-1.md"]
    assert (await import_folder(settings, folder, "admin")).same == ["rapid-response/qx-1.md"]
    file.write_text(PAGE + "2. Stop.\n")
    assert (await import_folder(settings, folder, "admin")).changed == ["rapid-response/qx-1.md"]
    assert (await _article(settings)).newest.content.steps == ("Listen.", "Stop.")
    mine = ArticleContent(title="Mine", text="better")
    async with opened(settings) as database, database.session() as session:
        await change_article(
            session, (await _article(settings)).article_id, 2, Act.PUBLISHED, mine, by="admin", at=datetime.now(UTC)
        )
    file.write_text(PAGE)
    assert (await import_folder(settings, folder, "admin")).kept == ["rapid-response/qx-1.md"]
    assert (await _article(settings)).newest.content == mine


async def test_one_wrong_file_stores_nothing_and_is_named(settings: Settings, folder: Path) -> None:
    before = await _all(settings)
    (folder / "wrong.md").write_text("+++\ncategory = 'gossip'\n+++\n# X\n\ntext")
    with pytest.raises(Invalid, match=r"wrong\.md: category"):
        await import_folder(settings, folder, "admin")
    with pytest.raises(NotFound, match="no user"):
        await import_folder(settings, folder / "rapid-response", "nobody")
    assert await _all(settings) == before
