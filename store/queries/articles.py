"""Articles of the knowledge base: found by their words, by product, and for a case."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Float, Integer, Select, Subquery, or_, select, text, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from domain.case import FaultCategory
from domain.knowledge import Act, ArticleContent, ArticleState, Candidate, Match, families, ranked
from store.queries.paging import BadCursor, Page, from_cursor, page_of, size, to_cursor
from store.tables import ArticleEntryRow, ArticleModelRow, ArticleRow, ArticleVersionRow
from store.words import all_of, some_of

_LIST, _FOUND = "articles", "found articles"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MOST_LIKE = 100
"""Articles like a description that are looked at: the likest ones."""
_LIKELY = {
    "sqlite": "SELECT rowid AS entry_id, -bm25(article_words, 8.0, 4.0, 1.0) AS score"
    " FROM article_words WHERE article_words MATCH :query",
    "postgresql": "SELECT entry_id, ts_rank(words, to_tsquery('simple', :query)) AS score"
    " FROM article_entry WHERE words @@ to_tsquery('simple', :query)",
}


@dataclass(frozen=True)
class ArticleLine:
    """An article in a list. `version` is the newest, `published` the one shown to everybody; instants are UTC."""

    article_id: str
    title: str
    models: tuple[str, ...]
    plan: str | None
    category: FaultCategory | None
    state: ArticleState
    version: int
    published: int | None
    changed_by: str
    changed_at: datetime

    @property
    def has_draft(self) -> bool:
        """True when a version that is not published yet is newer than the one that is."""
        return self.published is not None and self.version != self.published


@dataclass(frozen=True)
class ArticleVersion:
    """One version of an article, and what made it."""

    version: int
    act: Act
    by: str
    at: datetime
    content: ArticleContent


@dataclass(frozen=True)
class Article:
    """An article with all its versions, the newest first. `source` is the case or file it came from."""

    article_id: str
    state: ArticleState
    source: str | None
    created_by: str
    created_at: datetime
    versions: tuple[ArticleVersion, ...]
    published: int | None

    @property
    def newest(self) -> ArticleVersion:
        """The newest version."""
        return self.versions[0]

    @property
    def shown(self) -> ArticleVersion | None:
        """The published version, if any."""
        return self.at(self.published) if self.published is not None else None

    def at(self, version: int) -> ArticleVersion | None:
        """Returns the version of this number, if there is one."""
        return next((one for one in self.versions if one.version == version), None)


@dataclass(frozen=True)
class Found:
    """A part of what a search found; `every` is False when no article has every word, and these have some."""

    page: Page[ArticleLine]
    every: bool = True


async def list_articles(
    session: AsyncSession,
    *,
    q: str | None = None,
    model: str | None = None,
    plan: str | None = None,
    category: FaultCategory | None = None,
    state: ArticleState | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Found:
    """Returns articles: without `q` the last changed first, with it the best fitting first.

    In `state` PUBLISHED they are listed and searched as they are published, otherwise as their newest version says;
    DRAFT includes published ones with a newer draft.
    `model` finds those about it, its families, or every product; `plan` those for its cases. Raises BadCursor.
    """
    limit = size(limit)
    shown = state is ArticleState.PUBLISHED
    chosen = (
        select(ArticleRow, ArticleEntryRow)
        .join(ArticleEntryRow, ArticleEntryRow.article_id == ArticleRow.article_id)
        .where(ArticleEntryRow.shown.is_(shown))
    )
    if state is ArticleState.DRAFT:
        chosen = chosen.where(or_(ArticleRow.state == state.value, ArticleRow.published != ArticleRow.version))
    elif state is not None:
        chosen = chosen.where(ArticleRow.state == state.value)
    if category is not None:
        chosen = chosen.where(ArticleEntryRow.category == category.value)
    if plan is not None:
        chosen = chosen.where(or_(ArticleEntryRow.plan.is_(None), ArticleEntryRow.plan == plan))
    if model is not None:
        chosen = chosen.where(or_(_about(families(model)), ~_about(None)))
    if q is not None:
        return await _searched(session, chosen, q, cursor, limit)
    query = chosen.order_by(ArticleRow.changed_at.desc(), ArticleRow.article_id.desc()).limit(limit + 1)
    if cursor:
        query = query.where(tuple_(ArticleRow.changed_at, ArticleRow.article_id) < tuple_(*_behind(cursor)))
    rows = (await session.execute(query)).all()
    places = [((row.changed_at - _EPOCH) // timedelta(microseconds=1), row.article_id) for row, _ in rows]
    return Found(page_of([_line(row, entry) for row, entry in rows], limit, _LIST, places))


async def find_article(session: AsyncSession, article_id: str) -> Article | None:
    """Returns an article with all its versions, or None."""
    row = await session.get(ArticleRow, article_id)
    if row is None:
        return None
    query = select(ArticleVersionRow).where(ArticleVersionRow.article_id == article_id)
    versions = (await session.scalars(query.order_by(ArticleVersionRow.version.desc()))).all()
    return Article(
        article_id=row.article_id,
        state=ArticleState(row.state),
        source=row.source,
        created_by=row.created_by,
        created_at=row.created_at,
        versions=tuple(_version(one) for one in versions),
        published=row.published,
    )


async def any_article(session: AsyncSession) -> bool:
    """True when the knowledge base holds an article, in whatever state."""
    return (await session.execute(select(ArticleRow.article_id).limit(1))).scalar() is not None


async def article_made_of(session: AsyncSession, case_id: str) -> str | None:
    """Returns the identifier of the article that was made of a case, if one was."""
    query = select(ArticleRow.article_id).where(ArticleRow.source == f"case:{case_id}")
    return (await session.execute(query)).scalar()


async def published_contents(session: AsyncSession, article_ids: Collection[str]) -> dict[str, ArticleContent]:
    """Returns what the articles say as published, by identifier."""
    query = (
        select(ArticleVersionRow)
        .join(ArticleRow, ArticleRow.article_id == ArticleVersionRow.article_id)
        .where(ArticleRow.published == ArticleVersionRow.version, ArticleRow.article_id.in_(article_ids))
    )
    return {row.article_id: ArticleContent.model_validate(row.content) for row in await session.scalars(query)}


async def articles_for(
    session: AsyncSession,
    *,
    plan: str,
    model: str,
    category: FaultCategory,
    description: str,
    limit: int = 8,
) -> tuple[Match, ...]:
    """Returns the published articles that help with such a case, the best first with the reasons."""
    likely = await _likely(session, _either(session, some_of(description)))
    known = select(ArticleEntryRow).where(
        ArticleEntryRow.shown.is_(True), or_(ArticleEntryRow.plan.is_(None), ArticleEntryRow.plan == plan)
    )
    near = or_(_about(families(model)), ~_about(None), ArticleEntryRow.entry_id.in_(likely))
    rows = (await session.scalars(known.where(near))).all()
    most = max((likely[row.entry_id] for row in rows if row.entry_id in likely), default=0.0)
    candidates = [
        Candidate(
            article_id=row.article_id,
            title=row.title,
            models=tuple(row.models),
            category=FaultCategory(row.category) if row.category else None,
            likeness=likely.get(row.entry_id, 0.0) / most if most > 0 else 0.0,
        )
        for row in rows
    ]
    return ranked(candidates, model, category)[:limit]


async def _searched(
    session: AsyncSession, chosen: Select[ArticleRow, ArticleEntryRow], q: str, cursor: str | None, limit: int
) -> Found:
    skip = from_cursor(_FOUND, cursor)[0] if cursor else 0
    if skip < 0:
        raise BadCursor
    words = all_of(q)
    for every, query in ((True, _each(session, words)), (False, _either(session, some_of(q)))):
        if not query:
            continue
        likely = _ranking(session, query)
        wanted = (
            chosen.join(likely, likely.c.entry_id == ArticleEntryRow.entry_id)
            .order_by(likely.c.score.desc(), ArticleRow.article_id)
            .offset(skip)
            .limit(limit + 1)
        )
        rows = (await session.execute(wanted)).all()
        lines = tuple(_line(row, entry) for row, entry in rows[:limit])
        if lines or await _finds(session, chosen, likely):
            return Found(Page(lines, to_cursor(_FOUND, skip + limit, "") if len(rows) > limit else None), every)
    return Found(Page(()))


async def _finds(session: AsyncSession, chosen: Select[ArticleRow, ArticleEntryRow], likely: Subquery) -> bool:
    """True when the search finds anything at all, so that a page behind the last one stays empty."""
    query = chosen.join(likely, likely.c.entry_id == ArticleEntryRow.entry_id).limit(1)
    return (await session.execute(query)).first() is not None


async def _likely(session: AsyncSession, query: str) -> dict[int, float]:
    if not query:
        return {}
    likely = _ranking(session, query)
    wanted = (
        select(likely.c.entry_id, likely.c.score)
        .join(ArticleEntryRow, ArticleEntryRow.entry_id == likely.c.entry_id)
        .where(ArticleEntryRow.shown.is_(True))
        .order_by(likely.c.score.desc(), likely.c.entry_id)
        .limit(_MOST_LIKE)
    )
    return {row.entry_id: float(row.score) for row in await session.execute(wanted)}


def _ranking(session: AsyncSession, query: str) -> Subquery:
    """The entries that a query of the database's full-text search finds, with how well they fit."""
    found = text(_LIKELY[session.get_bind().dialect.name]).bindparams(query=query)
    return found.columns(entry_id=Integer, score=Float).subquery("likely")


def _each(session: AsyncSession, words: Sequence[tuple[str, bool]]) -> str:
    return _joined(session, words, " AND ", " & ")


def _either(session: AsyncSession, words: Sequence[tuple[str, bool]]) -> str:
    return _joined(session, words, " OR ", " | ")


def _joined(session: AsyncSession, words: Sequence[tuple[str, bool]], sqlite: str, postgresql: str) -> str:
    # names of words are letters and digits alone, so that nothing that was typed is a sign of the query's language
    if session.get_bind().dialect.name == "sqlite":
        return sqlite.join(f'"{name}"{" *" if goes_on else ""}' for name, goes_on in words)
    return postgresql.join(f"{name}{':*' if goes_on else ''}" for name, goes_on in words)


def _about(keys: Sequence[str] | None) -> Any:
    """Whether an entry names one of the models, or with None any at all."""
    named = select(ArticleModelRow.entry_id).where(ArticleModelRow.entry_id == ArticleEntryRow.entry_id)
    return (named if keys is None else named.where(ArticleModelRow.model_key.in_(keys))).exists()


def _behind(cursor: str) -> tuple[datetime, str]:
    microseconds, article_id = from_cursor(_LIST, cursor)
    try:
        return _EPOCH + timedelta(microseconds=microseconds), article_id
    except OverflowError:
        raise BadCursor from None


def _line(row: ArticleRow, entry: ArticleEntryRow) -> ArticleLine:
    return ArticleLine(
        article_id=row.article_id,
        title=entry.title,
        models=tuple(entry.models),
        plan=entry.plan,
        category=FaultCategory(entry.category) if entry.category else None,
        state=ArticleState(row.state),
        version=row.version,
        published=row.published,
        changed_by=row.changed_by,
        changed_at=row.changed_at,
    )


def _version(row: ArticleVersionRow) -> ArticleVersion:
    content = ArticleContent.model_validate(row.content)
    return ArticleVersion(row.version, Act(row.act), row.by, row.at, content)
