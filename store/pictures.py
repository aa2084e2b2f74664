"""Pictures derived from stored ones: small to show, and without what a camera writes into them for customers."""

from __future__ import annotations

import asyncio
import io
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum

from core.logging import get_logger
from store.files import FileStore

_QUALITY = 82
_MAKER = ThreadPoolExecutor(1, thread_name_prefix="pictures")
"""One at a time: the points of one large picture take some hundred megabytes."""
_log = get_logger(__name__)


class Shown(StrEnum):
    """What a picture is made for; each is made once, when it is first asked for."""

    SMALL = "small"
    """In lists and beside text."""
    CUSTOMER = "customer"
    """Large, for people outside: orientation applied, nothing left of position, camera, owner and time."""


_LONGEST_SIDE = {Shown.SMALL: 320, Shown.CUSTOMER: 2048}
CONTENT_TYPE = "image/webp"
MADE_OF = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"})
"""The types that pictures are made of."""


class NotShown(ValueError):
    """No picture can be made of this file."""


@dataclass(frozen=True)
class Pictures:
    """Makes pictures of stored files and keeps them beside these."""

    files: FileStore

    async def of(self, sha256: str, content_type: str, shown: Shown) -> bytes:
        """Returns a picture as WebP. Raises FileNotFoundError, NotShown, StoreAway."""
        if content_type not in MADE_OF:
            raise NotShown(content_type)
        name = f"{shown}.webp"
        kept = await self.files.read_derived(sha256, name)
        if kept is not None:
            return kept
        content = await self.files.read(sha256)
        made = await asyncio.get_running_loop().run_in_executor(_MAKER, _made, content, _LONGEST_SIDE[shown])
        try:
            await self.files.write_derived(sha256, name, made)
        except OSError as full:  # shown all the same, and made again the next time
            _log.warning("picture not kept", kind=type(full).__name__)
        return made


def _made(content: bytes, side: int) -> bytes:
    from PIL import Image, ImageOps, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(content)) as image:
            image.draft("RGB", (side * 2, side * 2))  # a JPEG is read at the size it takes
            turned = ImageOps.exif_transpose(image)
            plain = turned.convert("RGBA" if turned.has_transparency_data else "RGB")
            plain.thumbnail((side, side), Image.Resampling.LANCZOS)
            bare = Image.new(plain.mode, plain.size)
            bare.paste(plain)
            written = io.BytesIO()
            bare.save(written, "WEBP", quality=_QUALITY, method=4)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError, Image.DecompressionBombError) as broken:
        raise NotShown(type(broken).__name__) from None
    return written.getvalue()
