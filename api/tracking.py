"""The way from a tracking link to its case, and back: versions, links taken back, and the end of their time."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from api.ids import known_case_id
from api.parts import Parts
from api.rights import Person, Right, require
from core.errors import NotFound
from core.tracking import LinkNotValid
from store.erasing import require_content
from store.queries.cases import case_exists
from store.tracking_links import Followed, Link, change_link, follow, link_of


async def case_of_link(parts: Parts, session: AsyncSession, token: str) -> str:
    """Returns the case that a tracking link opens. Raises LinkNotValid, which does not say why."""
    case_id = parts.tracking.named(token)
    followed = await follow(session, case_id)
    link = followed.link
    if not parts.tracking.opens(token, link.version) or link.revoked or _is_over(parts, followed):
        raise LinkNotValid
    return case_id


def _is_over(parts: Parts, followed: Followed) -> bool:
    """True when the case ended longer ago than the setting says, on the product's clock."""
    if followed.closed_at is None:
        return False
    return parts.now() > followed.closed_at + timedelta(days=parts.settings.tracking_days)


async def tracking_url(parts: Parts, session: AsyncSession, case_id: str) -> str | None:
    """Returns the whole address of a case's tracking page; None when its link was taken back."""
    link = await link_of(session, case_id)
    return None if link.revoked else address_of(parts, case_id, link)


def address_of(parts: Parts, case_id: str, link: Link) -> str:
    """The whole address of a version of a case's link."""
    return parts.settings.public_url + parts.tracking.path(case_id, link.version)


async def make_link_anew(parts: Parts, person: Person, case_id: str) -> str:
    """Replaces a case's tracking link: the old one opens nothing from now on. Returns the new address.

    Raises Forbidden, NotFound.
    """
    return address_of(parts, case_id, await _changed(parts, person, case_id, revoked=False))


async def take_link_back(parts: Parts, person: Person, case_id: str) -> None:
    """Has a case's tracking link open nothing, until a new one is made. Raises Forbidden, NotFound."""
    await _changed(parts, person, case_id, revoked=True)


async def _changed(parts: Parts, person: Person, case_id: str, *, revoked: bool) -> Link:
    require(person, Right.CHANGE_LINK)
    async with parts.database.session() as session:
        if not await case_exists(session, known_case_id(case_id)):
            raise NotFound("there is no such case")
        await require_content(session, case_id)
        return await change_link(session, case_id, revoked=revoked, by=person.user_id, at=parts.now())
