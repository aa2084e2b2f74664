"""The web application, wired together."""

from __future__ import annotations

import asyncio
import functools
import importlib
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

from fastapi import Depends, FastAPI

from api import openapi, problems
from api.actions.provider_sign_in import unknown_roles
from api.actions.requests import offered_plans
from api.cleaning import keep_clean
from api.engine import Engine, TemporalEngine
from api.engine_pages import EnginePages
from api.guard import guard, rules_of
from api.headers import RequestLog, SecurityHeaders
from api.languages import ReadersLanguage
from api.live import Live
from api.looked import RecordLooks
from api.oidc import Provider
from api.parts import Calendars, Parts
from api.routes import api, codec, health
from api.scanning import Scanner
from api.static_files import OwnFiles
from core.errors import NotConfigured
from core.keys import open_keys
from core.settings import Settings
from core.tracking import TrackingLinks
from domain.clocks import Pace
from domain.plan import Plan, read_plans
from store.files import open_files
from store.sessions import Database

_STATIC = Path(__file__).parent / "static"


def create_app(
    settings: Settings,
    *,
    engine: Engine | None = None,
    plans: Mapping[str, Plan] | None = None,
    calendars: Calendars | None = None,
) -> FastAPI:
    """Returns the application. It starts and serves pages while the engine is away; `/readyz` says so.

    `calendars` give today's working days, handed in by whoever wires the process together. `engine` and `plans` take
    the place of Temporal and of the plans folder, for tests. Raises PlanInvalid for a wrong plan file, NotConfigured
    without a secret.
    """
    parts = Parts(
        settings=settings,
        database=Database(settings.database_url),
        engine=engine or TemporalEngine(settings),
        files=open_files(settings),
        scanner=Scanner(settings),
        plans=dict(plans) if plans is not None else read_plans(settings.plans_dir),
        pace=Pace(epoch=settings.epoch, speed=settings.speed),
        tracking=TrackingLinks(settings.secret()),
        keys=functools.cache(functools.partial(open_keys, settings)),
        calendars=calendars,
        provider=Provider(settings) if settings.oidc_issuer else None,
    )
    if unknown := unknown_roles(settings.role_map, parts.plans):
        raise NotConfigured(f"no plan has the role {unknown[0]}", field="AFTERCARE_OIDC_ROLES")

    offered_plans(settings, parts.plans)  # a setting that names no plan is told before the first request
    live = Live(parts.database, idle=timedelta(hours=settings.session_idle_hours))

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        if isinstance(parts.engine, TemporalEngine):
            parts.engine.keep_connecting()
        cleaning = asyncio.create_task(keep_clean(parts))
        try:
            yield
        finally:
            live.stop()
            cleaning.cancel()
            await asyncio.gather(cleaning, return_exceptions=True)
            await parts.engine.close()
            await parts.database.dispose()

    app = FastAPI(
        title="Aftercare",
        version="1",
        description="After-sales cases. Times are RFC 3339 in UTC, lists are paged by cursor, errors are RFC 9457.",
        lifespan=lifespan,
        openapi_url=None,  # served by api.openapi, complete and without a page that fetches scripts from elsewhere
        docs_url=None,
        redoc_url=None,
    )
    wired = wired_routes()
    app.router.routes.extend(wired.routes)
    app.dependency_overrides = wired.dependency_overrides  # the routes ask the application that they were wired for
    for known in ("rules", "error_page", "visit_of"):
        setattr(app.state, known, getattr(wired.state, known))
    app.state.wired = wired
    app.state.parts = parts
    app.state.now = parts.now
    app.state.live = live
    problems.install(app)
    app.add_middleware(RecordLooks)
    app.add_middleware(ReadersLanguage)
    app.add_middleware(RequestLog)
    app.add_middleware(EnginePages)
    app.add_middleware(SecurityHeaders)  # the outermost: answers to mistakes carry the headers too
    return app


@functools.cache
def wired_routes() -> FastAPI:
    """Every route behind its gate, wired once: that takes longer than all else, and every application takes the same.

    Nothing in it belongs to one application: a route finds the parts of its own by the request.
    """
    wired = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, dependencies=[Depends(guard)])
    wired.include_router(health.router)
    wired.include_router(api)
    wired.include_router(codec.router)
    wired.include_router(openapi.router)
    _add_pages(wired)
    wired.state.rules = rules_of(wired)
    return wired


def _add_pages(app: FastAPI) -> None:
    """Adds the pages; the JSON API stands without them."""
    pages = None
    if (Path(__file__).parent / "pages" / "__init__.py").is_file():
        pages = importlib.import_module("api.pages")
        app.include_router(pages.router, include_in_schema=False)
    app.state.error_page = getattr(pages, "error_page", None)
    app.state.visit_of = getattr(pages, "visit_of", None)
    if _STATIC.is_dir():
        app.mount("/static", OwnFiles(directory=_STATIC), name="static")
