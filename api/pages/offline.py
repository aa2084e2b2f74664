"""What lets people work without a network: the service worker, what it keeps on the phone, and the outbox."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import FileResponse, JSONResponse, Response

from api.pages.rendering import static
from api.pages.visit import VisitDep
from api.rights import Right, require
from domain.plan import Duty
from store.queries.tasks import list_tasks

router = APIRouter()
_STATIC = Path(__file__).resolve().parents[1] / "static"
_WORKER = "service-worker.js"
_MOST = 40
_IMPORTED = re.compile(r'from "(?:\./|/static/)([a-z-]+\.js)"')


@router.get("/service-worker.js")
async def service_worker() -> Response:
    """The service worker, from the root so that it may answer for every page, and never an old one."""
    headers = {"Cache-Control": "no-cache", "Service-Worker-Allowed": "/"}
    return FileResponse(_STATIC / _WORKER, media_type="text/javascript", headers=headers)


@router.get("/outbox")
async def show_outbox(visit: VisitDep) -> Response:
    """What waits on this phone to be sent. Its script fills it in: the server knows nothing of it yet."""
    require(visit.person, Right.SEE_CASES)
    return visit.page("outbox.html")


@router.get("/offline.json")
async def offline(visit: VisitDep) -> Response:
    """What a phone keeps for when the network is gone, and what it needs once the network is back.

    The pages are those of the person's own open tasks at customers'; `kept` is for how many milliseconds.
    """
    require(visit.person, Right.SEE_CASES)
    person, held_by = visit.person, {visit.person.user_id, *visit.person.stands_in_for}
    away = person.duties.get(Duty.VISITS, frozenset())
    async with visit.parts.database.reading() as session:
        held = await list_tasks(session, held_by=held_by, open_only=True, now=visit.now, limit=_MOST)
    tasks = [f"/tasks/{view.task_id}" for view in held.items if view.task.role in away]
    return JSONResponse(
        {
            "user": person.user_id,
            "csrf": person.csrf or "",
            "now": visit.now.isoformat(),
            "kept": int(visit.parts.settings.session_hours * 3_600_000),
            "pages": ["/outbox", "/", *tasks] if visit.offline else ["/outbox"],
            "assets": list(_assets()),
        }
    )


@cache
def _assets() -> tuple[str, ...]:
    """The addresses of all files that pages load: modules that others import go by their plain names."""
    texts = [file.read_text("utf-8") for file in sorted(_STATIC.glob("*.js"))]
    imported = {name for text in texts for name in _IMPORTED.findall(text)}
    loaded = [file.name for file in sorted(_STATIC.iterdir()) if file.is_file() and file.name != _WORKER]
    return tuple(f"/static/{name}" if name in imported else static(name) for name in loaded)
