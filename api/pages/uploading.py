"""Files that came with a page's form: each is stored once, and kept when something else in the form is wrong."""

from __future__ import annotations

from collections.abc import AsyncIterator

from starlette.datastructures import UploadFile

from api.actions import store_attachment
from api.pages.entered import Entered
from api.pages.visit import Visit, problem_text
from core.errors import AftercareError

_CHUNK = 256 * 1024


async def store_uploads(visit: Visit, entered: Entered) -> dict[str, str]:
    """Stores the new files of a form and puts their identifiers beside those already kept.

    Returns what went wrong by input name; the files that are fine are kept all the same.
    """
    wrong: dict[str, str] = dict(entered.refused)
    for name, files in entered.uploads.items():
        for file in files:
            try:
                stored = await store_attachment(visit.parts, visit.person, file.filename or "file", _chunks(file))
            except AftercareError as refused:
                wrong[name] = f"{file.filename}: {problem_text(refused)}"
                continue
            entered.kept.setdefault(name, []).append(stored.attachment_id)
            entered.texts[f"name.{stored.attachment_id}"] = stored.file_name
    entered.uploads.clear()
    return wrong


async def _chunks(file: UploadFile) -> AsyncIterator[bytes]:
    while chunk := await file.read(_CHUNK):
        yield chunk
