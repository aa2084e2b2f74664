"""Writing the knowledge base: every change is a version, and a change meant for another version is refused."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from domain.knowledge import Act, ArticleContent, ArticleState, families
from store.statements import insert_into
from store.tables import ArticleEntryRow, ArticleModelRow, ArticleRow, ArticleVersionRow
from store.words import index_words

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LETTERS = 12
STATE_AFTER: Mapping[Act, ArticleState] = MappingProxyType(
    {
        Act.PUBLISHED: ArticleState.PUBLISHED,
        Act.IMPORTED: ArticleState.PUBLISHED,
        Act.ARCHIVED: ArticleState.ARCHIVED,
    }
)


class ArticleUnknown(LookupError):
    """There is no such article."""


class ArticleChanged(ValueError):
    """Somebody else changed the article since it was read."""


def article_id_of(*parts: str) -> str:
    """Returns the identifier that belongs to these parts: a case, a file, or who wrote it and the id they chose."""
    number = int.from_bytes(hashlib.sha256("\0".join(("article", *parts)).encode()).digest()[:8], "big")
    return "A-" + "".join(_CROCKFORD[(number >> (5 * place)) & 31] for place in range(_LETTERS))


async def create_article(
    session: AsyncSession,
    article_id: str,
    content: ArticleContent,
    act: Act,
    *,
    by: str,
    at: datetime,
    source: str | None = None,
) -> bool:
    """Writes the first version of an article; False when there is one of this identifier, which stays as it is."""
    values = {
        "article_id": article_id,
        "version": 1,
        "published": 1 if act.publishes else None,
        "state": STATE_AFTER.get(act, ArticleState.DRAFT).value,
        "source": source,
        "created_by": by,
        "created_at": at,
        "changed_by": by,
        "changed_at": at,
    }
    added = insert_into(session, ArticleRow).values(values).on_conflict_do_nothing().returning(ArticleRow.article_id)
    if (await session.execute(added)).scalar() is None:
        return False
    await _keep(session, article_id, 1, content, act, by=by, at=at)
    return True


async def change_article(
    session: AsyncSession,
    article_id: str,
    version: int,
    act: Act,
    content: ArticleContent | None = None,
    *,
    by: str,
    at: datetime,
) -> int:
    """Writes the next version, with new content or with that of the version before, and returns its number.

    `version` is the one that whoever changes it has read. Raises ArticleUnknown, and ArticleChanged when the article
    is not in that version any more: the other's version stays, this one was not written.
    """
    row = await session.get(ArticleRow, article_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise ArticleUnknown(article_id)
    if row.version != version:
        raise ArticleChanged(article_id)
    if content is None:
        before = await session.get_one(ArticleVersionRow, (article_id, version))
        content = ArticleContent.model_validate(before.content)
    row.version += 1
    row.changed_by, row.changed_at = by, at
    if act.publishes:
        row.published, row.state = row.version, ArticleState.PUBLISHED.value
    elif act is Act.ARCHIVED:
        row.published, row.state = None, ArticleState.ARCHIVED.value
    elif row.published is None:
        row.state = ArticleState.DRAFT.value
    await session.flush()
    await _keep(session, article_id, row.version, content, act, by=by, at=at)
    return row.version


async def _keep(
    session: AsyncSession, article_id: str, version: int, content: ArticleContent, act: Act, *, by: str, at: datetime
) -> None:
    session.add(
        ArticleVersionRow(
            article_id=article_id,
            version=version,
            act=act.value,
            by=by,
            at=at,
            content=content.model_dump(mode="json"),
        )
    )
    await _replace_entry(session, article_id, content, shown=False)
    if act.publishes:
        await _replace_entry(session, article_id, content, shown=True)
    elif act is Act.ARCHIVED:
        await _drop_entry(session, article_id, shown=True)
    await session.flush()


async def _drop_entry(session: AsyncSession, article_id: str, *, shown: bool) -> None:
    await session.execute(
        delete(ArticleEntryRow).where(ArticleEntryRow.article_id == article_id, ArticleEntryRow.shown.is_(shown)),
        execution_options={"synchronize_session": False},
    )


async def _replace_entry(session: AsyncSession, article_id: str, content: ArticleContent, *, shown: bool) -> None:
    await _drop_entry(session, article_id, shown=shown)
    kind = content.category.title_text if content.category else None
    values: dict[str, Any] = {
        "article_id": article_id,
        "shown": shown,
        "title": content.title,
        "models": list(content.models),
        "plan": content.plan,
        "category": content.category.value if content.category else None,
        "heading": index_words(content.title, *content.models),
        "symptom": index_words(content.symptom, kind),
        "text": index_words(*content.steps, content.text),
    }
    added = insert_into(session, ArticleEntryRow).values(values).returning(ArticleEntryRow.entry_id)
    entry_id = (await session.execute(added)).scalar_one()
    for key in {families(model)[0] for model in content.models}:
        session.add(ArticleModelRow(entry_id=entry_id, model_key=key))
    await session.flush()
