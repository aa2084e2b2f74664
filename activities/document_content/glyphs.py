"""Characters without a glyph: told by their code, never printed as an empty box."""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import Any

_NEEDS_NO_GLYPH = frozenset("\n\t\u00a0\u00ad\u200b")
_INVISIBLE = "Cf"
"""The category of characters that only steer others, such as joiners and marks of direction."""


@cache
def glyphs() -> frozenset[int]:
    """Returns the code points that the documents' font can show."""
    import pylopdf_fonts_zh_cn
    from fontTools.ttLib import TTFont

    with TTFont(pylopdf_fonts_zh_cn.sans_path(), lazy=True) as font:
        return frozenset(font.getBestCmap())


class Printable:
    """Makes text printable, and keeps which characters were not."""

    def __init__(self) -> None:
        self._lacking: dict[str, None] = {}

    @property
    def lacking(self) -> list[str]:
        """The characters that could not be printed, by code and name: `U+1F600 GRINNING FACE`."""
        return [f"U+{ord(one):04X} {unicodedata.name(one, '')}".rstrip() for one in self._lacking]

    def made(self, data: Any) -> Any:
        """Returns the same data with every text in it made printable."""
        if isinstance(data, str):
            return self.text(data)
        if isinstance(data, dict):
            return {key: self.made(value) for key, value in data.items()}
        return [self.made(one) for one in data] if isinstance(data, (list, tuple)) else data

    def text(self, text: str) -> str:
        """Returns the text composed, with `[U+1F600]` in place of a character that has no glyph."""
        if text.isascii():
            return text
        known = glyphs()
        return "".join(
            one if ord(one) in known or one in _NEEDS_NO_GLYPH else self._told(one)
            for one in unicodedata.normalize("NFC", text)
        )

    def _told(self, character: str) -> str:
        if unicodedata.category(character) == _INVISIBLE or 0xFE00 <= ord(character) <= 0xFE0F:
            return ""
        self._lacking[character] = None
        return f"[U+{ord(character):04X}]"
