"""Texts made whole sentences: what is refused in half a sentence is told in one."""

from __future__ import annotations

from api.pages.languages import language


def sentence(text: str) -> str:
    """A text with a capital and a full stop, as the reader's language ends its sentences."""
    text = text[:1].upper() + text[1:]
    if not text or text[-1] in ".!?。！？”":
        return text
    return text + ("。" if language() == "zh-CN" else ".")
