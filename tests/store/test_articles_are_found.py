"""Articles in full-text search, on both databases alike: Chinese, models, forms of words, hostile queries."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from typing import Any

import pytest

from domain.case import FaultCategory
from domain.knowledge import Act, ArticleContent, ArticleState
from store.articles import article_id_of, change_article, create_article
from store.queries.articles import articles_for, list_articles
from store.queries.paging import BadCursor
from store.sessions import Database

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
BEARING = ArticleContent(
    title="Spindle bearings: noise above 8,000 rpm · 主轴轴承异响",
    models=("AX-200",),
    category=FaultCategory.NOISE,
    symptom="Whining, rattling, vibration when it runs fast\n高速运转时有异响",
    steps=("Run without a tool for two minutes.\n空载运行两分钟",),
)
LEAKING = ArticleContent(
    title="Oil leaks at the shaft seal",
    models=("HP-40",),
    category=FaultCategory.LEAK,
    symptom="Perdita d'olio, perché la guarnizione è usurata",
    text="# Seal\n\n- Exchange the seal kit HP40-S.",
)
GENERAL = ArticleContent(title="Ask for a photo of the type plate", text="请客户拍摄铭牌照片")


async def _publish(database: Database, *contents: ArticleContent, act: Act = Act.PUBLISHED) -> list[str]:
    ids = []
    async with database.session() as session:
        for content in contents:
            ids.append(article_id_of("test", content.title))
            assert await create_article(session, ids[-1], content, act, by="lin", at=NOW)
    return ids


async def _titles(database: Database, q: str, state: ArticleState | None = None, **more: Any) -> list[str]:
    async with database.reading() as session:
        found = await list_articles(session, q=q, state=state, **more)
    return [one.title for one in found.page.items]


@pytest.mark.parametrize(
    "q",
    ["异响", "主轴", "轴", "高速 异响", "空载运行", "spindle", "SPINDLE", "ＡＸ－２００", "AX-200", "ax200", "bearing",
     "8,000 rpm", "vibrat", "主轴 noise"],
)  # fmt: skip
async def test_an_article_is_found_by_its_words_in_every_script(database: Database, q: str) -> None:
    await _publish(database, BEARING, LEAKING, GENERAL)
    assert await _titles(database, q) == [BEARING.title]


@pytest.mark.parametrize("q", ["perche", "PERCHÉ usurata", "leak", "seal HP40-S", "guarnizione"])
async def test_accents_and_beginnings_of_words_are_enough(database: Database, q: str) -> None:
    await _publish(database, BEARING, LEAKING, GENERAL)
    assert await _titles(database, q) == [LEAKING.title]


async def test_what_has_some_of_the_words_is_shown_when_nothing_has_all(database: Database) -> None:
    await _publish(database, BEARING, LEAKING)
    async with database.reading() as session:
        found = await list_articles(session, q="the customer says: 主轴有严重异响声 since Monday")
        nothing = await list_articles(session, q="refrigerator")
    assert [one.title for one in found.page.items] == [BEARING.title]
    assert not found.every
    assert nothing.page.items == ()


@pytest.mark.parametrize(
    "q",
    [
        '"',
        "*",
        "zz OR",
        "NEAR(",
        "title:x",
        "- - -",
        "'; DROP TABLE article; --",
        "& | !",
        "\x00",
        "😀",
        "%",
        "()",
        "的",
    ],
)
async def test_signs_that_mean_something_to_a_database_are_only_signs(database: Database, q: str) -> None:
    await _publish(database, BEARING)
    assert await _titles(database, q) == []
    assert await _titles(database, f"spindle {q}") in ([BEARING.title], [])


async def test_the_title_counts_more_than_the_text(database: Database) -> None:
    inside = ArticleContent(title="Something else", text="about the spindle")
    await _publish(database, inside, BEARING)
    assert await _titles(database, "spindle") == [BEARING.title, inside.title]


async def test_drafts_are_found_by_whoever_asks_for_them_and_an_archived_one_is_not_shown(database: Database) -> None:
    (article_id,) = await _publish(database, BEARING)
    newer = BEARING.model_copy(update={"title": "Gearbox"})
    async with database.session() as session:
        await change_article(session, article_id, 1, Act.WRITTEN, newer, by="mei", at=NOW)
    assert await _titles(database, "spindle", ArticleState.PUBLISHED) == [BEARING.title]
    assert await _titles(database, "gearbox", ArticleState.PUBLISHED) == []
    assert await _titles(database, "gearbox") == ["Gearbox"]
    async with database.session() as session:
        await change_article(session, article_id, 2, Act.ARCHIVED, by="mei", at=NOW)
    assert await _titles(database, "spindle", ArticleState.PUBLISHED) == []
    assert await _titles(database, "gearbox", ArticleState.ARCHIVED) == ["Gearbox"]


async def test_lists_and_searches_go_on_where_they_stopped(database: Database) -> None:
    many = [ArticleContent(title=f"Noise {number}", text="the same text") for number in range(7)]
    await _publish(database, *many)
    for q in (None, "noise"):
        seen: list[str] = []
        cursor: str | None = None
        while True:
            async with database.reading() as session:
                found = await list_articles(session, q=q, cursor=cursor, limit=3)
            seen += [one.title for one in found.page.items]
            cursor = found.page.next
            if cursor is None:
                break
        assert sorted(seen) == sorted(one.title for one in many)
    async with database.reading() as session:
        with pytest.raises(BadCursor):
            await list_articles(session, q="noise", cursor="x")


async def test_an_article_as_long_as_it_may_be_is_kept_and_found(database: Database) -> None:
    signs = random.Random(7)

    def of(length: int) -> str:
        return "".join(chr(signs.randrange(0x4E00, 0x9FA5)) for _ in range(length))

    steps = tuple(of(1000) for _ in range(40))
    longest = ArticleContent(title="Longest", symptom=of(4000), steps=steps, text=of(20_000))
    await _publish(database, longest)
    assert await _titles(database, steps[0][:30]) == ["Longest"]
    assert await _titles(database, str(longest.symptom)[-30:]) == ["Longest"]


async def _for_case(database: Database, model: str, description: str, plan: str = "rapid-response") -> list[str]:
    async with database.reading() as session:
        found = await articles_for(
            session, plan=plan, model=model, category=FaultCategory.NOISE, description=description
        )
    return [one.title for one in found]


@pytest.mark.parametrize("description", ["Loud whine from the spindle", "昨天开始主轴有异响"])
async def test_a_case_gets_the_articles_of_its_product_and_symptom_first(database: Database, description: str) -> None:
    card = ArticleContent(title="All about AX-200", models=("AX-200",), text="warm up")
    family = ArticleContent(title="AX machines", models=("AX",), text="clean")
    await _publish(database, LEAKING, GENERAL, family, card, BEARING)
    expected = [BEARING.title, card.title, family.title, GENERAL.title]
    assert await _for_case(database, "AX-200-B", description) == expected


async def test_another_product_helps_only_with_the_same_symptom(database: Database) -> None:
    await _publish(database, BEARING, LEAKING)
    assert await _for_case(database, "QX-1", "spindle whines and leaks oil at the seal") == [BEARING.title]
    assert await _for_case(database, "QX-1", "stands still") == []


async def test_articles_of_another_procedure_stay_there(database: Database) -> None:
    await _publish(database, BEARING.model_copy(update={"plan": "warranty-repair"}))
    assert await _for_case(database, "AX-200", "spindle") == []
    assert await _for_case(database, "AX-200", "spindle", "warranty-repair") == [BEARING.title]


async def test_a_model_lists_its_own_articles_its_families_and_those_of_every_product(database: Database) -> None:
    await _publish(database, BEARING, LEAKING, GENERAL)
    async with database.reading() as session:
        found = await list_articles(session, model="ax 200 b")
    assert {one.title for one in found.page.items} == {BEARING.title, GENERAL.title}
