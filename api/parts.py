"""What a request needs of the application, in one place that is made at the start and never changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated

from fastapi import Depends, Request

from api.engine import Engine
from api.oidc import Provider
from api.scanning import Scanner
from core.keys import KeyRing
from core.settings import Settings
from core.tracking import TrackingLinks
from domain.clocks import CalendarSpec, Pace, WorkCalendar
from domain.plan import Plan
from store.files import FileStore
from store.sessions import Database

Calendars = Callable[[CalendarSpec, Iterable[int]], WorkCalendar]
"""Gives today's calendar of a country for some years."""


@dataclass(frozen=True)
class Parts:
    """Settings, database, engine, files, virus scanner, plans by name, and the product's clock.

    `keys` gives the keys of cases, opened when they are first asked for. `calendars` are today's, to tell beside a
    promise what they would say now; a process may do without them.
    """

    settings: Settings
    database: Database
    engine: Engine
    files: FileStore
    scanner: Scanner
    plans: Mapping[str, Plan]
    pace: Pace
    tracking: TrackingLinks
    keys: Callable[[], KeyRing]
    calendars: Calendars | None = None
    provider: Provider | None = None

    def now(self) -> datetime:
        """The product's (virtual) time, UTC."""
        return self.pace.virtual(datetime.now(UTC))


def parts_of(request: Request) -> Parts:
    """The application's parts."""
    parts: Parts = request.app.state.parts
    return parts


PartsDep = Annotated[Parts, Depends(parts_of)]
