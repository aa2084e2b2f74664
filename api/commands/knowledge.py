"""Files of product knowledge, imported into the knowledge base."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from sqlalchemy.ext.asyncio import AsyncSession

from api.commands.database import opened
from core.errors import Invalid, NotFound
from core.settings import Settings
from domain.clocks import Pace
from domain.knowledge import Act, ArticleContent, PageInvalid, article_of_page
from store.articles import article_id_of, change_article, create_article
from store.queries.articles import any_article, find_article
from store.users import list_users

_LARGEST = 200_000
"""Bytes of a file: an article is a few pages."""


@dataclass
class Imported:
    """What an import did, by path of the file."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    same: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    """Articles that somebody edited since: the file does not take their place."""


async def import_folder(settings: Settings, folder: Path, user: str) -> Imported:
    """Imports every `*.md` file of a folder as a published article; all of them, or none when one is wrong.

    A file imported before changes its article only if nobody edited that since.

    Raises:
        NotFound: there is no such folder, or no such active user.
        Invalid: a file cannot become an article; names it and says why.
    """
    pages = read_folder(folder)
    now = Pace(epoch=settings.epoch, speed=settings.speed).virtual(datetime.now(UTC))
    async with opened(settings) as database, database.session() as session:
        if user not in {one.user_id for one in await list_users(session)}:
            raise NotFound(f"there is no user {user}")
        return await keep_pages(session, pages, user, now)


async def import_first(settings: Settings, folder: Path, user: str) -> None:
    """Imports the files that come with the plans into a knowledge base that is empty. Raises as `import_folder`."""
    async with opened(settings) as database:
        async with database.reading() as session:
            if await any_article(session):
                return
        try:
            pages = read_folder(folder)
        except NotFound:
            return  # plans of one's own need not bring knowledge
        now = Pace(epoch=settings.epoch, speed=settings.speed).virtual(datetime.now(UTC))
        async with database.session() as session:
            await keep_pages(session, pages, user, now)


def read_folder(folder: Path) -> dict[str, ArticleContent]:
    """Returns the articles that a folder holds, by path in it. Raises NotFound, Invalid."""
    if not folder.is_dir():
        raise NotFound(f"there is no folder {folder}")
    found = {}
    for path in _files(folder):
        name = PurePosixPath(path.relative_to(folder).as_posix())
        if path.stat().st_size > _LARGEST:
            raise Invalid(f"is larger than {_LARGEST} bytes", field=str(name))
        try:
            found[str(name)] = article_of_page(name, path.read_text(encoding="utf-8"))
        except PageInvalid as wrong:
            raise Invalid(str(wrong), field=str(name)) from None
        except UnicodeDecodeError:
            raise Invalid("is not UTF-8", field=str(name)) from None
    return found


def _files(folder: Path) -> Iterator[Path]:
    """The files in a fixed order; a link that leads out of the folder is not followed."""
    home = folder.resolve()
    for path in sorted(folder.rglob("*.md")):
        if path.is_file() and path.resolve().is_relative_to(home):
            yield path


async def keep_pages(session: AsyncSession, pages: dict[str, ArticleContent], user: str, at: datetime) -> Imported:
    """Publishes each page as an article, or as the next version of the one it became before."""
    done = Imported()
    for name, content in pages.items():
        article_id = article_id_of("file", name)
        if await create_article(session, article_id, content, Act.IMPORTED, by=user, at=at, source=f"file:{name}"):
            done.added.append(name)
            continue
        article = await find_article(session, article_id)
        if article is None or article.newest.content == content:
            done.same.append(name)
        elif article.newest.act is not Act.IMPORTED:
            done.kept.append(name)
        else:
            version = article.newest.version
            await change_article(session, article_id, version, Act.IMPORTED, content, by=user, at=at)
            done.changed.append(name)
    return done
