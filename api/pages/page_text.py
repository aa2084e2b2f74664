"""A page of product knowledge as headings, lists and paragraphs: plain pieces that a template escapes like all text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

_STEP = re.compile(r"\d{1,3}[.)]\s+")
_BULLET = re.compile(r"[-*]\s+")


class PieceKind(StrEnum):
    """What a piece of a page is."""

    HEADING = "heading"
    LIST = "list"
    STEPS = "steps"
    TEXT = "text"


@dataclass(frozen=True)
class Piece:
    """One piece of a page: `text` of a heading or paragraph, `parts` of a list."""

    kind: PieceKind
    text: str = ""
    parts: tuple[str, ...] = ()


def pieces_of(page: str) -> tuple[Piece, ...]:
    """Reads a page of text with `#` headings, `-` and `1.` lists; any other line goes on with the one before."""
    found: list[tuple[PieceKind, list[str]]] = []
    open_piece = False
    for line in page.splitlines():
        text = line.strip().replace("`", "")
        kind = _kind(text)
        if not text:
            open_piece = False
        elif kind is PieceKind.HEADING:
            found.append((kind, [text.lstrip("# ").strip()]))
            open_piece = False
        elif kind in (PieceKind.LIST, PieceKind.STEPS):
            item = (_BULLET if kind is PieceKind.LIST else _STEP).sub("", text, count=1)
            if open_piece and found[-1][0] is kind:
                found[-1][1].append(item)
            else:
                found.append((kind, [item]))
            open_piece = True
        elif open_piece:
            found[-1][1][-1] += f" {text}"
        else:
            found.append((PieceKind.TEXT, [text]))
            open_piece = True
    return tuple(
        Piece(kind, parts=tuple(lines)) if kind in (PieceKind.LIST, PieceKind.STEPS) else Piece(kind, lines[0])
        for kind, lines in found
    )


def _kind(text: str) -> PieceKind:
    if text.startswith("#"):
        return PieceKind.HEADING
    if _BULLET.match(text):
        return PieceKind.LIST
    return PieceKind.STEPS if _STEP.match(text) else PieceKind.TEXT
