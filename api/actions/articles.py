"""Writing the knowledge base: drafts, publishing, archiving, and a solved case as a draft."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api.article_bodies import ArticleBody, ArticleChangeBody, ArticleVersionBody
from api.ids import known_article_id, known_case_id, new_id
from api.parts import Parts
from api.problems import InvalidFields
from api.reading import read
from api.rights import Person, Right, require
from core.errors import NotFound, Refused
from domain.knowledge import Act, ArticleContent, draft_of, is_solved, missing_for_publication
from domain.tasks import FieldError
from store.articles import ArticleChanged, ArticleUnknown, article_id_of, change_article, create_article
from store.erasing import require_content
from store.queries.articles import Article, ArticleVersion, find_article
from store.queries.cases import find_case
from store.sessions import Database
from store.users import list_users

DONE = {Act.WRITTEN: "wrote", Act.PUBLISHED: "published", Act.ARCHIVED: "archived", Act.IMPORTED: "imported"}


class ArticleTaken(Refused):
    """Somebody else changed the article since it was read: who, by what, into which version, when (UTC)."""

    def __init__(self, by: str, newest: ArticleVersion, read: int) -> None:
        self.by, self.newest, self.read = by, newest, read
        super().__init__(
            f"{by} {DONE[newest.act]} version {newest.version} of this article on {newest.at:%Y-%m-%d at %H:%M} UTC,"
            f" after you read version {read}. Nothing of yours was saved over it: look at theirs, then send yours again"
            f" for version {newest.version}",
            field="version",
        )


async def write_article(parts: Parts, person: Person, fields: Mapping[str, Any]) -> str:
    """Writes a new article and returns its identifier. Raises Forbidden, InvalidFields."""
    body = read(ArticleBody, fields)
    actor = require(person, Right.PUBLISH_ARTICLE if body.publish else Right.WRITE_ARTICLE)
    content = _content(parts, body, publish=body.publish)
    article_id = (
        article_id_of("written", actor.user, body.id) if body.id else article_id_of("written", actor.user, new_id())
    )
    act = Act.PUBLISHED if body.publish else Act.WRITTEN
    async with parts.database.session() as session:
        added = await create_article(session, article_id, content, act, by=actor.user, at=parts.now())
        if not added:
            before = await find_article(session, article_id)
            if before is None or before.versions[-1].content != content:
                raise Refused("an article with this id was written before, with other words", field="id")
    return article_id


async def edit_article(parts: Parts, person: Person, article_id: str, fields: Mapping[str, Any]) -> int:
    """Writes a new version and returns its number. Raises Forbidden, NotFound, InvalidFields, Refused."""
    require(person, Right.WRITE_ARTICLE)
    body = read(ArticleChangeBody, fields)
    if body.publish:
        require(person, Right.PUBLISH_ARTICLE)
    content = _content(parts, body, publish=body.publish)
    act = Act.PUBLISHED if body.publish else Act.WRITTEN
    return await _change(parts, person, article_id, body.version, act, content)


async def publish_article(parts: Parts, person: Person, article_id: str, fields: Mapping[str, Any]) -> int:
    """Shows the newest version to everybody and returns its number. Raises as `edit_article`."""
    require(person, Right.PUBLISH_ARTICLE)
    return await _change(parts, person, article_id, read(ArticleVersionBody, fields).version, Act.PUBLISHED)


async def archive_article(parts: Parts, person: Person, article_id: str, fields: Mapping[str, Any]) -> int:
    """Takes an article out of search and tasks; it can be published again. Raises as `edit_article`."""
    require(person, Right.PUBLISH_ARTICLE)
    return await _change(parts, person, article_id, read(ArticleVersionBody, fields).version, Act.ARCHIVED)


async def article_of_case(parts: Parts, person: Person, case_id: str) -> tuple[str, bool]:
    """Makes a solved case a draft and returns its identifier, and whether it is new: a case makes one.

    Raises Forbidden, NotFound, Refused when the case is not solved.
    """
    actor = require(person, Right.WRITE_ARTICLE)
    async with parts.database.reading() as session:
        view = await find_case(session, known_case_id(case_id))
        await require_content(session, case_id)
        users = await list_users(session, active=None)
    if view is None:
        raise NotFound("there is no such case")
    if not is_solved(view.state):
        raise Refused("an article is made of a case that is solved, and this one is not")
    content = draft_of(view.state, [one.task for one in view.tasks], [user.name for user in users])
    article_id = article_id_of("case", case_id)
    async with parts.database.session() as session:
        added = await create_article(
            session, article_id, content, Act.WRITTEN, by=actor.user, at=parts.now(), source=f"case:{case_id}"
        )
    return article_id, added


def _content(parts: Parts, body: ArticleBody | ArticleChangeBody, *, publish: bool) -> ArticleContent:
    """What a body says of the article. Raises InvalidFields for an unknown plan or nothing to publish."""
    content = ArticleContent(**{name: getattr(body, name) for name in ArticleContent.model_fields})
    problems = list(missing_for_publication(content)) if publish else []
    if content.plan is not None and content.plan not in parts.plans:
        problems.append(FieldError(path="plan", message=f"is none of {', '.join(sorted(parts.plans))}"))
    if problems:
        raise InvalidFields(problems)
    return content


async def _change(
    parts: Parts, person: Person, article_id: str, version: int, act: Act, content: ArticleContent | None = None
) -> int:
    async with parts.database.session() as session:
        article = await find_article(session, known_article_id(article_id))
        if article is None:
            raise NotFound("there is no such article")
        if _is_so(article, version, act, content):
            return article.newest.version
        if act is Act.PUBLISHED and (problems := list(missing_for_publication(content or article.newest.content))):
            raise InvalidFields(problems)
        try:
            return await change_article(session, article_id, version, act, content, by=person.user_id, at=parts.now())
        except ArticleUnknown:
            raise NotFound("there is no such article") from None
        except ArticleChanged:
            pass
    raise await _changed(parts.database, article_id, version)


def _is_so(article: Article, version: int, act: Act, content: ArticleContent | None) -> bool:
    """True when the article is already as it should become, in the version that was read."""
    newest = article.newest
    same = newest.version == version and (content is None or content == newest.content)
    if act is Act.PUBLISHED:
        return same and article.published == version
    return same and (act is Act.WRITTEN or newest.act is act)


async def _changed(database: Database, article_id: str, version: int) -> Refused:
    """Who was first, with what."""
    async with database.reading() as session:
        article = await find_article(session, article_id)
        users = {user.user_id: user.name for user in await list_users(session, active=None)}
    if article is None:
        return Refused("there is no such article any more")
    newest = article.newest
    if version > newest.version:
        return Refused(f"the article has no version {version}; its newest is {newest.version}", field="version")
    return ArticleTaken(users.get(newest.by, newest.by), newest, version)
