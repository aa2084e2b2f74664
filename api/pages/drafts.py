"""Drafts on the page of a task: saved by its script every few seconds, by a button without one."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response

from api.actions.drafts import discard_draft, keep_draft
from api.pages.entered import Entered
from api.pages.task_view import draft_words, page_of
from api.pages.uploading import store_uploads
from api.pages.visit import VisitDep, go_to
from api.problems import wants_page

router = APIRouter()
_OF_THE_FORM = ("outcome.", "on_behalf_of.", "happened_at", "name.")
"""Inputs by the beginning of their name; the secret of the session and the submission are no part of a draft."""


@router.post("/tasks/{task_id}/draft")
async def save(visit: VisitDep, task_id: str) -> Response:
    """Keeps what was typed and the files that came along; nothing of it is checked before it is sent in."""
    entered = Entered.from_form(await visit.form())
    wrong = await store_uploads(visit, entered)
    texts = {name: text for name, text in entered.texts.items() if name.startswith(_OF_THE_FORM)}
    draft = await keep_draft(visit.parts, visit.person, task_id, texts, entered.kept)
    if not wants_page(visit.request):
        saved = draft_words(draft.at, draft.zone, visit.now) if draft else ""
        return JSONResponse({"saved": saved, "at": draft.at.isoformat() if draft else "", "errors": wrong})
    if wrong:
        shown = await page_of(visit, task_id)
        shown.entered, shown.errors, shown.draft = entered, wrong, ""
        return shown.show(visit, 422)
    return go_to(f"/tasks/{task_id}", "kept" if draft else "")


@router.post("/tasks/{task_id}/draft/discard")
async def discard(visit: VisitDep, task_id: str) -> Response:
    """Throws the draft away and shows the empty form."""
    await visit.form()
    await discard_draft(visit.parts, visit.person, task_id)
    return go_to(f"/tasks/{task_id}", "discarded")
