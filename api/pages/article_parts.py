"""Pieces of the pages of articles: an article as it is read, its versions, what changed, the articles for a case."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from sqlalchemy.ext.asyncio import AsyncSession

from api.pages.languages import _, lazy, say
from api.pages.page_text import Piece, pieces_of
from domain.case import CaseState
from domain.knowledge import Act, ArticleContent, ArticleState, lines_of
from domain.plan import Plan
from store.queries.articles import Article, ArticleLine, ArticleVersion, articles_for, published_contents

_READ_AT_ONCE = 3
"""Articles for a case that can be read without leaving the page; of the others there is a link."""
STATES = {
    ArticleState.DRAFT: lazy("Draft"),
    ArticleState.PUBLISHED: lazy("Published"),
    ArticleState.ARCHIVED: lazy("Archived"),
}
ACTS = {
    Act.WRITTEN: lazy("written"),
    Act.PUBLISHED: lazy("published"),
    Act.ARCHIVED: lazy("archived"),
    Act.IMPORTED: lazy("imported from a file"),
}


@dataclass(frozen=True)
class ArticleView:
    """An article as it is read."""

    title: str
    about: str
    symptom: str
    steps: tuple[str, ...]
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class VersionLine:
    """A version in the list of versions."""

    number: int
    href: str
    what: str
    by: str
    at: datetime
    is_shown: bool


@dataclass(frozen=True)
class FoundLine:
    """An article in a list."""

    title: str
    href: str
    about: str
    state: str
    changed: str


@dataclass(frozen=True)
class HelpfulArticle:
    """An article for a case; `view` is set for the first ones, which are shown in full."""

    title: str
    href: str
    why: str
    view: ArticleView | None


@dataclass(frozen=True)
class Helpful:
    """The articles for a case, and where to look for more."""

    articles: tuple[HelpfulArticle, ...]
    model: str
    search: str


def article_view(content: ArticleContent, plans: Mapping[str, Plan]) -> ArticleView:
    """An article as it is read."""
    about = [", ".join(content.models) or _("Every product")]
    if content.category is not None:
        about.append(say(content.category.title_text))
    if content.plan is not None:
        about.append(say(plans[content.plan].title) if content.plan in plans else content.plan)
    return ArticleView(
        title=content.title,
        about=" · ".join(about),
        symptom=content.symptom or "",
        steps=content.steps,
        pieces=pieces_of(content.text or ""),
    )


def version_lines(article: Article, names: Mapping[str, str]) -> tuple[VersionLine, ...]:
    """The versions of an article, the newest first."""
    return tuple(
        VersionLine(
            number=one.version,
            href=f"/knowledge/{article.article_id}/versions/{one.version}",
            what=ACTS[one.act],
            by=names.get(one.by, one.by),
            at=one.at,
            is_shown=one.version == article.published,
        )
        for one in article.versions
    )


def found_line(line: ArticleLine, names: Mapping[str, str], changed: str) -> FoundLine:
    """An article in a list; `changed` is when, in words."""
    about = [", ".join(line.models[:5]) or _("every product")]
    if line.category is not None:
        about.append(say(line.category.title_text))
    state = "" if line.state is ArticleState.PUBLISHED else STATES[line.state]
    return FoundLine(
        title=line.title,
        href=f"/knowledge/{line.article_id}",
        about=" · ".join(about),
        state=_("Newer draft") if not state and line.has_draft else state,
        changed=f"{names.get(line.changed_by, line.changed_by)}, {changed}",
    )


def changes_between(before: ArticleVersion | None, after: ArticleVersion) -> tuple[tuple[bool, str], ...]:
    """The lines that came (True) and went (False) from one version to another."""
    old = lines_of(before.content) if before else []
    compared = difflib.ndiff(old, lines_of(after.content))
    return tuple((line[0] == "+", line[2:]) for line in compared if line[:1] in "+-" and line[2:].strip())


async def helpful_for(session: AsyncSession, case: CaseState, plans: Mapping[str, Plan]) -> Helpful:
    """The articles for a case: the first ones in full, the others as links."""
    asked = case.application
    matches = await articles_for(
        session,
        plan=case.plan,
        model=asked.product.model,
        category=asked.problem.category,
        description=asked.problem.description,
    )
    contents = await published_contents(session, [one.article_id for one in matches[:_READ_AT_ONCE]])
    found = tuple(
        HelpfulArticle(
            title=one.title,
            href=f"/knowledge/{one.article_id}",
            why=", ".join(map(say, one.reasons)),
            view=article_view(contents[one.article_id], plans) if one.article_id in contents else None,
        )
        for one in matches
    )
    return Helpful(found, asked.product.model, f"/knowledge?{urlencode({'model': asked.product.model})}")


def steps_as_text(steps: Sequence[str]) -> str:
    """Steps as they are typed: one a line, further lines of a step indented."""
    return "\n".join("\n  ".join(step.splitlines()) for step in steps)
