"""Lists of work that people gave a name, each person their own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from store.statements import insert_into
from store.tables import SavedViewRow

MOST_VIEWS = 30
"""Of one person: more than that is no help any more."""


@dataclass(frozen=True)
class SavedView:
    """A named list of work; `query` is the part of its address that filters."""

    view_id: str
    name: str
    query: str


class ViewNameTaken(ValueError):
    """Another view of this person has the name."""


class TooManyViews(ValueError):
    """The person has as many views as one can have."""


async def views_of(session: AsyncSession, user_id: str) -> tuple[SavedView, ...]:
    """Returns a person's views in the order they were saved."""
    query = select(SavedViewRow).where(SavedViewRow.user_id == user_id)
    rows = (await session.execute(query.order_by(SavedViewRow.created_at, SavedViewRow.view_id))).scalars()
    return tuple(SavedView(row.view_id, row.name, row.query) for row in rows)


async def save_view(session: AsyncSession, user_id: str, view: SavedView, *, at: datetime) -> None:
    """Keeps a view; one of the same name gets the new filters. Raises TooManyViews."""
    mine = SavedViewRow.user_id == user_id
    known = select(func.count()).select_from(SavedViewRow).where(mine, SavedViewRow.name != view.name)
    if (await session.execute(known)).scalar_one() >= MOST_VIEWS:
        raise TooManyViews(user_id)
    values = {"view_id": view.view_id, "user_id": user_id, "name": view.name, "query": view.query, "created_at": at}
    added = insert_into(session, SavedViewRow).values(values)
    again = added.on_conflict_do_update(
        index_elements=[SavedViewRow.user_id, SavedViewRow.name], set_={"query": view.query}
    )
    await session.execute(again)


async def rename_view(session: AsyncSession, user_id: str, view_id: str, name: str) -> bool:
    """Gives a person's view another name; False when they have no such view. Raises ViewNameTaken."""
    mine = (SavedViewRow.user_id == user_id, SavedViewRow.view_id == view_id)
    change = update(SavedViewRow).where(*mine).values(name=name).returning(SavedViewRow.view_id)
    try:
        done = await session.execute(change, execution_options={"synchronize_session": False})
    except IntegrityError:
        raise ViewNameTaken(name) from None
    return done.scalar() is not None


async def drop_view(session: AsyncSession, user_id: str, view_id: str) -> bool:
    """Forgets a person's view; False when they have no such view."""
    mine = (SavedViewRow.user_id == user_id, SavedViewRow.view_id == view_id)
    gone = delete(SavedViewRow).where(*mine).returning(SavedViewRow.view_id)
    done = await session.execute(gone, execution_options={"synchronize_session": False})
    return done.scalar() is not None
