"""The database as commands need it: one session in a process that ends soon after."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError

from core.errors import NotConfigured, Refused, Unavailable
from core.settings import Settings
from store import migrations
from store.sessions import Database


def migrate(settings: Settings) -> None:
    """Bring the database to today's schema.

    Raises:
        NotConfigured: the address is not one of a database that we know.
        Unavailable: it cannot be reached or written.
    """
    try:
        migrations.upgrade(settings.database_url)
    except (ArgumentError, ValueError) as error:
        raise NotConfigured(str(error), field="AFTERCARE_DATABASE_URL") from None
    except (SQLAlchemyError, OSError) as error:
        raise _unreachable(settings, error) from None


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Database]:
    """The database for the length of the block.

    Raises:
        Refused: the home has no state yet.
        Unavailable: the database cannot be reached.
    """
    if not _exists(settings):
        raise Refused(f"{settings.home} holds no state yet: name another with --home, or start it with `aftercare up`")
    database = Database(settings.database_url)
    try:
        yield database
    except (DBAPIError, OSError) as error:
        raise _unreachable(settings, error) from None
    finally:
        await database.dispose()


def _exists(settings: Settings) -> bool:
    """False for an SQLite file that is not there: opening it would make an empty one."""
    url = make_url(settings.database_url)
    return url.get_backend_name() != "sqlite" or bool(url.database and Path(url.database).exists())


def _unreachable(settings: Settings, error: BaseException) -> Unavailable:
    cause = str(getattr(error, "orig", error)).splitlines()[0]
    shown = make_url(settings.database_url).render_as_string(hide_password=True)
    return Unavailable(f"the database {shown} cannot be used: {cause}")
