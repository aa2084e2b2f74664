"""Pictures of signatures for documents: made small, without position or other data about where they were taken."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Mapping
from typing import TYPE_CHECKING

from activities.document_content.writer import Picture

if TYPE_CHECKING:
    from activities.documents import Files, HandedIn

_WIDEST = 1200
"""Pixels; a signature is shown a hand wide."""
_MOST_BYTES = 40 * 1024 * 1024
BROKEN = "The picture is broken"
NO_PICTURE = "Kept with the case as a file"
GONE = "The file is not stored any more"
TOO_LARGE = "The picture is too large to be shown"


async def pictures_of(files: Mapping[str, HandedIn], store: Files) -> tuple[dict[str, Picture], dict[str, bytes]]:
    """Returns each file as a document can show it, by attachment id, and the contents by name for the template."""
    shown: dict[str, Picture] = {}
    contents: dict[str, bytes] = {}
    for number, (one, file) in enumerate(sorted(files.items()), start=1):
        if not (file.content_type.startswith("image/") or file.content_type == "application/pdf"):
            shown[one] = Picture(file.file_name, None, NO_PICTURE)
            continue
        try:
            raw = await store.read(file.sha256)
        except FileNotFoundError:
            shown[one] = Picture(file.file_name, None, GONE)
            continue
        if file.content_type == "application/pdf":
            name, made, reason = f"signature-{number}.pdf", raw, None
        else:
            made, reason = await asyncio.to_thread(_small, raw)
            name = f"signature-{number}.png"
        shown[one] = Picture(file.file_name, None if reason else name, reason)
        if reason is None:
            contents[name] = made
    return shown, contents


def _small(raw: bytes) -> tuple[bytes, str | None]:
    """Returns the picture turned upright, small, as PNG without any data about it; or why it cannot be shown."""
    from PIL import Image, ImageOps, UnidentifiedImageError

    if len(raw) > _MOST_BYTES:
        return b"", TOO_LARGE
    try:
        with Image.open(io.BytesIO(raw)) as found:
            found.thumbnail((_WIDEST, _WIDEST))
            upright = ImageOps.exif_transpose(found).convert("RGBA")
    except Image.DecompressionBombError:
        return b"", TOO_LARGE
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError):
        return b"", BROKEN
    paper = Image.new("RGB", upright.size, "white")
    paper.paste(upright, mask=upright.getchannel("A"))
    out = io.BytesIO()
    paper.save(out, "PNG", optimize=True)
    return out.getvalue(), None
