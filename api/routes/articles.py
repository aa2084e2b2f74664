"""The knowledge base: articles found, written, published and archived; those for a case, and one made of a case."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.actions.articles import archive_article, article_of_case, edit_article, publish_article, write_article
from api.article_bodies import (
    ArticleBody,
    ArticleChangeBody,
    ArticleInList,
    ArticleShown,
    ArticlesPage,
    ArticleVersionBody,
    ArticleVersionShown,
    MatchesPage,
    MatchShown,
    VersionsPage,
)
from api.bodies import JsonObject
from api.ids import known_article_id, known_case_id
from api.openapi import json_body
from api.parts import Parts, PartsDep
from api.rights import Right, require
from api.routes.query import Cursor, Filter, Limit, choices, chosen, cursors, text
from api.signin import PersonDep
from core.errors import NotFound
from domain.case import FaultCategory
from domain.knowledge import ArticleState
from store.queries.articles import Article, articles_for, find_article, list_articles
from store.queries.cases import find_case

router = APIRouter(tags=["knowledge"])


@router.get("/articles")
async def articles(
    *,
    parts: PartsDep,
    person: PersonDep,
    q: Annotated[str | None, Query(description="words to be found, in any language", max_length=200)] = None,
    model: Filter = None,
    plan: Filter = None,
    category: Annotated[str | None, choices(FaultCategory, "of this kind of issue")] = None,
    state: Annotated[str | None, choices(ArticleState, "published, draft or archived")] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> ArticlesPage:
    """Lists articles in any state, the last changed first; with `q` those with its words, the best fitting first.

    `model` finds those about it, about its families and about every product; `state=published` what everybody sees,
    `state=draft` what waits to be published, newer drafts of published articles included.
    """
    require(person, Right.SEE_CASES)
    with cursors():
        async with parts.database.reading() as session:
            found = await list_articles(
                session,
                q=text(q, "q"),
                model=text(model, "model"),
                plan=text(plan, "plan"),
                category=chosen(FaultCategory, category, "category"),
                state=chosen(ArticleState, state, "state"),
                cursor=text(cursor, "cursor"),
                limit=limit,
            )
    items = [ArticleInList.of(one) for one in found.page.items]
    return ArticlesPage(items=items, next=found.page.next, every_word=found.every)


@router.post("/articles", status_code=201, openapi_extra=json_body(ArticleBody))
async def write(parts: PartsDep, person: PersonDep, fields: JsonObject, response: Response) -> ArticleShown:
    """Writes an article, as a draft or published at once."""
    article_id = await write_article(parts, person, fields)
    response.headers["Location"] = f"/api/v1/articles/{article_id}"
    return ArticleShown.of(await _known(parts, article_id))


@router.get("/articles/{article_id}")
async def one_article(parts: PartsDep, person: PersonDep, article_id: str) -> ArticleShown:
    """Shows an article as published and as its newest version says."""
    require(person, Right.SEE_CASES)
    return ArticleShown.of(await _known(parts, article_id))


@router.put("/articles/{article_id}", openapi_extra=json_body(ArticleChangeBody))
async def edit(parts: PartsDep, person: PersonDep, article_id: str, fields: JsonObject) -> ArticleShown:
    """Writes a new version. 409 when somebody else wrote one since `version` was read; nothing is lost by it."""
    await edit_article(parts, person, article_id, fields)
    return ArticleShown.of(await _known(parts, article_id))


@router.get("/articles/{article_id}/versions")
async def versions(parts: PartsDep, person: PersonDep, article_id: str) -> VersionsPage:
    """Every version of an article, the newest first."""
    require(person, Right.SEE_CASES)
    article = await _known(parts, article_id)
    return VersionsPage(items=[ArticleVersionShown.of(one) for one in article.versions], next=None)


@router.post("/articles/{article_id}/publish", openapi_extra=json_body(ArticleVersionBody))
async def publish(parts: PartsDep, person: PersonDep, article_id: str, fields: JsonObject) -> ArticleShown:
    """Shows the newest version to everybody. 409 when it is not `version` any more."""
    await publish_article(parts, person, article_id, fields)
    return ArticleShown.of(await _known(parts, article_id))


@router.post("/articles/{article_id}/archive", openapi_extra=json_body(ArticleVersionBody))
async def archive(parts: PartsDep, person: PersonDep, article_id: str, fields: JsonObject) -> ArticleShown:
    """Takes an article out of search and tasks. 409 when it is not `version` any more."""
    await archive_article(parts, person, article_id, fields)
    return ArticleShown.of(await _known(parts, article_id))


@router.get("/cases/{case_id}/articles")
async def for_case(parts: PartsDep, person: PersonDep, case_id: str) -> MatchesPage:
    """The published articles that could help with a case, the best first with the reasons (R4)."""
    require(person, Right.SEE_CASES)
    async with parts.database.reading() as session:
        view = await find_case(session, known_case_id(case_id))
        if view is None:
            raise NotFound("there is no such case")
        asked = view.state.application
        found = await articles_for(
            session,
            plan=view.state.plan,
            model=asked.product.model,
            category=asked.problem.category,
            description=asked.problem.description,
        )
    return MatchesPage(items=[MatchShown.of(one) for one in found], next=None)


@router.post("/cases/{case_id}/article", status_code=201, responses={200: {"model": ArticleShown}})
async def of_case(parts: PartsDep, person: PersonDep, case_id: str, response: Response) -> ArticleShown:
    """Makes a draft of a solved case, without personal data. 200 when it was made before."""
    article_id, added = await article_of_case(parts, person, case_id)
    response.status_code = 201 if added else 200
    response.headers["Location"] = f"/api/v1/articles/{article_id}"
    return ArticleShown.of(await _known(parts, article_id))


async def _known(parts: Parts, article_id: str) -> Article:
    async with parts.database.reading() as session:
        found = await find_article(session, known_article_id(article_id))
    if found is None:
        raise NotFound("there is no such article")
    return found
