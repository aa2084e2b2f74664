"""Setting a document with typst: the same order gives the same bytes, whatever people typed is text and never run."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from temporalio.exceptions import ApplicationError

from activities.document_content import content
from activities.document_content.writer import NOTHING, Material, Picture
from activities.document_texts import FOLDER
from domain.documents.order import DocumentOrder

_PIXELS_PER_INCH = 110.0


@dataclass(frozen=True)
class Paper:
    """A document as set, and what it lacks, in English."""

    file: bytes
    remarks: tuple[str, ...]


def render(
    order: DocumentOrder,
    language: str,
    document_id: str,
    material: Material = NOTHING,
    pictures: Mapping[str, bytes] | None = None,
) -> Paper:
    """Returns the PDF of an order in a language. Raises ApplicationError, not to be retried, when it cannot be set."""
    import typst

    try:
        pages, remarks = _set(order, language, document_id, material, pictures or {}, "pdf")
    except typst.TypstError:
        if not pictures:
            raise _not_set(order) from None
        # A picture that looked sound may still be one that cannot be set: the paper is more than its picture.
        reason = "The picture is broken"
        without = {one: Picture(picture.name, None, reason) for one, picture in material.pictures.items()}
        named = Material(without, material.names, material.card)
        try:
            pages, remarks = _set(order, language, document_id, named, {}, "pdf")
        except typst.TypstError:
            raise _not_set(order) from None
    return Paper(pages[0], remarks)


def pages_as_pictures(
    order: DocumentOrder,
    language: str,
    document_id: str,
    material: Material = NOTHING,
    pictures: Mapping[str, bytes] | None = None,
) -> list[bytes]:
    """Returns each page as a PNG, for people to look at. Raises typst.TypstError when it cannot be set."""
    return _set(order, language, document_id, material, pictures or {}, "png")[0]


def _set(
    order: DocumentOrder,
    language: str,
    document_id: str,
    material: Material,
    pictures: Mapping[str, bytes],
    form: Literal["pdf", "png"],
) -> tuple[list[bytes], tuple[str, ...]]:
    import typst

    written = content(order, language, document_id, material)
    with tempfile.TemporaryDirectory(prefix="aftercare-paper-") as folder:
        root = Path(folder)
        shutil.copy(FOLDER / "document.typ", root)
        for name, picture in pictures.items():
            (root / name).write_bytes(picture)
        made: bytes | list[bytes] = typst.compile(
            root / "document.typ",
            root=root,
            font_paths=_fonts(),
            sys_inputs={"data": json.dumps(written.data, ensure_ascii=False)},
            timestamp=int(order.ordered_at.timestamp()),
            format=form,
            ppi=_PIXELS_PER_INCH,
        )
    return (list(made) if isinstance(made, list) else [made]), written.remarks


def _not_set(order: DocumentOrder) -> ApplicationError:
    return ApplicationError(f"the {order.kind} cannot be set", type="DocumentNotSet", non_retryable=True)


@cache
def _fonts() -> Any:
    """The fonts that came with the package; those of the machine would make its documents differ from others'."""
    import pylopdf_fonts_zh_cn
    import typst

    folder = pylopdf_fonts_zh_cn.sans_path().parent
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[folder])
