"""What is sent to the knowledge base and what it shows."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field

from domain.knowledge import Act, ArticleContent, ArticleState, Match
from domain.model import Frozen, Instant
from store.queries.articles import Article, ArticleLine, ArticleVersion

_VERSION = Field(title="Version", description="The newest version as it was read; a later one refuses the change.")
_PUBLISH = Field(False, title="Publish", description="True: shown to everybody at once, otherwise kept as a draft.")
Version = Annotated[int, Field(ge=1, le=2**31 - 1)]


class ArticleBody(ArticleContent):
    """A new article."""

    publish: bool = _PUBLISH
    id: Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[!-~]+$")] | None = Field(
        None, title="Id", description="Chosen by the sender; the same one sent twice is one article."
    )


class ArticleChangeBody(ArticleContent):
    """What an article says from now on, in place of what it said; earlier versions are kept."""

    version: Version = _VERSION
    publish: bool = _PUBLISH


class ArticleVersionBody(Frozen):
    """Which version is meant."""

    version: Version = _VERSION


ARTICLE_BODIES: tuple[type[BaseModel], ...] = (ArticleBody, ArticleChangeBody, ArticleVersionBody)
"""Bodies that the routes of the knowledge base read themselves."""


class ArticleVersionShown(BaseModel):
    """One version: what made it, who, when, and what the article says in it."""

    version: int
    act: Act
    by: str
    at: Instant
    content: ArticleContent

    @classmethod
    def of(cls, one: ArticleVersion) -> ArticleVersionShown:
        """Shows a version."""
        return cls(**vars(one))


class ArticleShown(BaseModel):
    """An article: as everybody sees it (`shown`, null while it is not published), and its newest version."""

    article_id: str
    state: ArticleState
    version: int
    published: int | None
    source: str | None
    """The case (`case:...`) or file (`file:...`) that it was made from."""
    created_by: str
    created_at: Instant
    shown: ArticleVersionShown | None
    newest: ArticleVersionShown

    @classmethod
    def of(cls, article: Article) -> ArticleShown:
        """Shows an article."""
        return cls(
            article_id=article.article_id,
            state=article.state,
            version=article.newest.version,
            published=article.published,
            source=article.source,
            created_by=article.created_by,
            created_at=article.created_at,
            shown=ArticleVersionShown.of(article.shown) if article.shown else None,
            newest=ArticleVersionShown.of(article.newest),
        )


class ArticleInList(BaseModel):
    """An article in a list."""

    article_id: str
    title: str
    models: tuple[str, ...]
    plan: str | None
    category: str | None
    state: ArticleState
    version: int
    published: int | None
    changed_by: str
    changed_at: Instant

    @classmethod
    def of(cls, line: ArticleLine) -> ArticleInList:
        """Shows a line."""
        return cls(**vars(line))


class ArticlesPage(BaseModel):
    """A part of a list of articles; `every_word` is false when none has all words and these have some."""

    items: list[ArticleInList]
    next: str | None
    every_word: bool = True


class VersionsPage(BaseModel):
    """The versions of an article, the newest first."""

    items: list[ArticleVersionShown]
    next: str | None


class MatchShown(BaseModel):
    """An article for a case, with the reasons why it could help."""

    article_id: str
    title: str
    models: tuple[str, ...]
    reasons: tuple[str, ...]

    @classmethod
    def of(cls, match: Match) -> MatchShown:
        """Shows a match."""
        return cls(**vars(match))


class MatchesPage(BaseModel):
    """The articles for a case, the best first."""

    items: list[MatchShown]
    next: str | None
